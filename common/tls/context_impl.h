// What is behind ClientTls and ServerTls. For context.cc and tls_stream.cc only.

#pragma once

#include <boost/asio/ssl/context.hpp>

#include "common/crypto/digest.h"

namespace tls {

struct Context {
  boost::asio::ssl::context native{boost::asio::ssl::context::tls};
  // For enrolment only: the CA certificate that is trusted.
  crypto::Digest expected_ca;
};

}  // namespace tls
