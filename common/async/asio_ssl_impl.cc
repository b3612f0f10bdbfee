// The TLS part of Asio's non-template code. Its own unit, so that a program without TLS does not carry
// OpenSSL.
#include <boost/asio/ssl/impl/src.hpp>
