// The HTTP side of the port: who is let in, and what everyone else is told.

#include "common/websocket/upgrade.h"

#include <gmock/gmock.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <vector>

#include "common/async/task_group.h"
#include "common/websocket/connection.h"
#include "tests/support/net/co_test.h"
#include "tests/support/net/memory_stream.h"

namespace {

namespace net = boost::asio;
using base::ErrorCode;
using testing::HasSubstr;
using namespace std::chrono_literals;

// Named, because g++ 12 cannot keep a braced list alive across a co_await.
const std::vector<std::string> kPaths{"/v1/stream", "/v1/enroll"};

constexpr auto kAwait = net::as_tuple(net::use_awaitable);
constexpr auto kUpgrade =
    "Host: c\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Version: 13\r\n\r\n";

struct Answer {
  std::string received;  // by a client that sent the request and read to the end
  ErrorCode code;        // what accept() returned; `internal` if it accepted
};

net::awaitable<void> be_client(tls::AnyStream stream, std::string request, std::size_t piece,
                               std::string& received) {
  for (std::size_t i = 0; i < request.size(); i += piece) {
    const auto part = request.substr(i, piece);
    const auto [error, size] = co_await net::async_write(stream, net::buffer(part), kAwait);
    if (error) break;
  }
  std::array<char, 256> part{};
  for (;;) {
    const auto [error, size] = co_await stream.async_read_some(net::buffer(part), kAwait);
    received.append(part.data(), size);
    if (error || received.starts_with("HTTP/1.1 101")) co_return;
  }
}

Answer answer_to(const std::string& request, std::size_t piece = 4096,
                 std::chrono::milliseconds patience = 10s) {
  net::io_context io;
  auto [here, there] = support::stream_pair(io);
  Answer answer{.received = {}, .code = ErrorCode::internal};
  support::run(io,
               [](net::io_context& i, tls::AnyStream client, tls::AnyStream server, std::string r,
                  std::size_t p, std::chrono::milliseconds t, Answer& a) -> net::awaitable<void> {
                 async::TaskGroup group{i.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
                 group.spawn(be_client(std::move(client), std::move(r), p, a.received));
                 const auto accepted =
                     co_await websocket::accept(std::move(server), kPaths, "Agents only.", {.handshake = t});
                 if (!accepted) a.code = accepted.error().code;
                 co_await group.join();
               }(io, std::move(here), std::move(there), request, piece, patience, answer));
  return answer;
}

TEST(Upgrade, OnlyTheRightRequestIsServed) {
  const struct {
    std::string request;
    std::string begins;
    ErrorCode code;
  } rows[] = {
      {std::string{"GET /v1/stream HTTP/1.1\r\n"} + kUpgrade, "HTTP/1.1 101", ErrorCode::internal},
      {std::string{"GET /v1/enroll?x=1 HTTP/1.1\r\n"} + kUpgrade, "HTTP/1.1 101", ErrorCode::internal},
      {std::string{"GET / HTTP/1.1\r\n"} + kUpgrade, "HTTP/1.1 404 Not Found", ErrorCode::not_found},
      {std::string{"GET /v1/stream/ HTTP/1.1\r\n"} + kUpgrade, "HTTP/1.1 404", ErrorCode::not_found},
      {std::string{"POST /v1/stream HTTP/1.1\r\n"} + kUpgrade, "HTTP/1.1 405", ErrorCode::invalid_argument},
      {"POST /v1/stream HTTP/1.1\r\nHost: c\r\nContent-Length: 5\r\n\r\nhello", "HTTP/1.1 405",
       ErrorCode::invalid_argument},
      {"GET /v1/stream HTTP/1.1\r\nHost: c\r\n\r\n", "HTTP/1.1 426 Upgrade Required",
       ErrorCode::invalid_argument},
      {"EHLO mail.example\r\n\r\n", "HTTP/1.1 400", ErrorCode::corrupt},
      {std::string("\x16\x03\x01\x02\x00\x01", 6), "HTTP/1.1 400", ErrorCode::corrupt},
      {"GET /v1/stream HTTP/1.1\r\nX: " + std::string(9000, 'x') + "\r\n\r\n", "HTTP/1.1 400",
       ErrorCode::corrupt},
      {std::string{"GET /v1/stream HTTP/1.1\r\n"} + kUpgrade + "early bytes", "HTTP/1.1 400",
       ErrorCode::corrupt},
  };
  for (const auto& row : rows) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{4096}}) {
      if (piece == 1 && row.request.ends_with("early bytes")) continue;
      const auto answer = answer_to(row.request, piece);
      EXPECT_THAT(answer.received, testing::StartsWith(row.begins)) << row.request;
      EXPECT_EQ(answer.code, row.code) << row.request;
      if (row.code != ErrorCode::internal) {
        EXPECT_THAT(answer.received, testing::EndsWith("\nAgents only.\n")) << row.request;
      }
    }
  }
}

TEST(Upgrade, ARefusalSaysWhatWouldBeRight) {
  EXPECT_THAT(answer_to("POST /v1/stream HTTP/1.1\r\n\r\n").received, HasSubstr("\r\nAllow: GET\r\n"));
  EXPECT_THAT(answer_to("GET /v1/stream HTTP/1.1\r\n\r\n").received, HasSubstr("\r\nUpgrade: websocket\r\n"));
}

TEST(Upgrade, AClientThatSaysTooLittleIsLeft) {
  EXPECT_EQ(answer_to("GET /v1/str", 4096, 10ms).code, ErrorCode::deadline_exceeded);
  EXPECT_EQ(answer_to("", 4096, 10ms).code, ErrorCode::deadline_exceeded);
}

}  // namespace
