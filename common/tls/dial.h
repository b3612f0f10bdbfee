// TCP, from a host's name to an open socket. For this room.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <string>

#include "common/base/result.h"

namespace tls {

namespace net = boost::asio;

using Deadline = std::chrono::steady_clock::time_point;

// 0 when it has passed.
std::chrono::milliseconds left_until(Deadline deadline);

// "192.0.2.7:51234" or "[2001:db8::7]:51234".
std::string text_of(const net::ip::tcp::endpoint& endpoint);

// No delay for small messages, and the kernel's own limit for a peer that has vanished (kUserTimeout).
void set_options(net::ip::tcp::socket& socket);

// Resolves `host` anew and tries its addresses one after another, each with its share of the time, so that
// one that swallows packets does not use up that of the next.
[[nodiscard]] net::awaitable<base::Result<net::ip::tcp::socket>> dial(std::string host, std::uint16_t port,
                                                                      Deadline deadline);

}  // namespace tls
