// Two ends of a stream in memory, and a way to break one of them at its n-th operation.

#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/beast/_experimental/test/fail_count.hpp>
#include <string_view>
#include <utility>

#include "common/tls/any_stream.h"

namespace support {

namespace net = boost::asio;

// The first end fails with an error from its operation number `fail->count` on; `fail` may be null and must
// outlive both ends.
std::pair<tls::AnyStream, tls::AnyStream> stream_pair(net::io_context& io,
                                                      boost::beast::test::fail_count* fail = nullptr);

}  // namespace support
