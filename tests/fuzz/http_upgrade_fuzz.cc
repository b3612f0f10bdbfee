// Any bytes as what a client sends to the collector's port, behind TLS: nothing crashes, no more than a head
// is ever kept, who asks for something else is answered in HTTP, and what is accepted has one of the paths.
//
// The first byte chooses how the bytes are cut into pieces and whether a right head stands in front of them,
// so that the frames behind it are explored too.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <vector>

#include "common/websocket/connection.h"
#include "tests/fuzz/input.h"
#include "tests/support/net/co_test.h"
#include "tests/support/net/memory_stream.h"

namespace {

namespace net = boost::asio;
using fuzz::require;

constexpr std::string_view kRightHead =
    "GET /v1/stream HTTP/1.1\r\nHost: collector\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n";
const std::size_t kPieces[] = {1, 3, 17, 100'000};

net::awaitable<void> send(tls::AnyStream stream, std::string bytes, std::size_t piece) {
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    boost::system::error_code error;
    const auto part = net::buffer(std::string_view{bytes}.substr(at, piece));
    co_await net::async_write(stream, part, net::redirect_error(net::use_awaitable, error));
    if (error) break;
  }
  stream.impl().close();
}

net::awaitable<void> serve(tls::AnyStream stream) {
  const std::vector<std::string> kept{"/v1/enroll", "/v1/stream", "/v1/batch"};
  std::vector<std::string> paths = kept;
  std::string about = "A port for agents.";
  auto connection = co_await websocket::accept(std::move(stream), std::move(paths), std::move(about));
  if (!connection) {
    require(!connection.error().message.empty());
    co_return;
  }
  require(std::ranges::find(kept, (*connection)->path()) != kept.end());
  for (int messages = 0; messages < 1'000; ++messages) {
    const auto message = co_await (*connection)->read(websocket::kNoLimit);
    if (!message) break;
    require(message->size() <= websocket::Limits{}.message_bytes_max);
    // Over HTTP the next message comes after the answer to this one.
    const auto answered = co_await (*connection)->write("answer");
    if (!answered) break;
  }
  (*connection)->abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input{data, size};
  const auto choice = input.number(1);
  std::string bytes{choice & 4 ? kRightHead : std::string_view{}};
  bytes += input.rest();
  net::io_context io;
  auto [client, server] = support::stream_pair(io);
  net::co_spawn(io, send(std::move(client), std::move(bytes), kPieces[choice & 3]),
                [](const std::exception_ptr& e) { require(e == nullptr); });
  support::run(io, serve(std::move(server)));
  return 0;
}
