// Conversations over a stream in memory.

#include "common/websocket/connection.h"

#include <gmock/gmock.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/async/task_group.h"
#include "tests/support/net/co_test.h"
#include "tests/support/net/memory_stream.h"

namespace {

namespace net = boost::asio;
using base::ErrorCode;
using base::Result;
using testing::HasSubstr;
using websocket::Connection;
using websocket::kNoLimit;
using namespace std::chrono_literals;

// Named, because g++ 12 cannot keep a braced list alive across a co_await.
const std::vector<std::string> kPaths{"/v1/stream"};

using ConnectionPtr = std::unique_ptr<Connection>;

struct ConnectionTest : testing::Test {
  net::io_context io;
  // Ends of one connection, made by connected().
  ConnectionPtr client;
  ConnectionPtr server;

  net::awaitable<void> accept(tls::AnyStream stream, websocket::Limits limits) {
    auto accepted = co_await websocket::accept(std::move(stream), kPaths, "Agents only.", limits);
    if (accepted) server = *std::move(accepted);
  }

  net::awaitable<void> connected(websocket::Limits client_limits = {}, websocket::Limits server_limits = {}) {
    auto [here, there] = support::stream_pair(io);
    async::TaskGroup group{io.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
    group.spawn(accept(std::move(there), server_limits));
    auto opened = co_await websocket::connect(std::move(here), "collector", "/v1/stream", client_limits);
    co_await group.join();
    if (opened) client = *std::move(opened);
  }

  // Runs both ends at the same time.
  void both(net::awaitable<void> one, net::awaitable<void> other) {
    support::run(
        io, [](net::io_context& i, net::awaitable<void> a, net::awaitable<void> b) -> net::awaitable<void> {
          async::TaskGroup group{i.get_executor(),
                                 [](const std::exception_ptr&) { FAIL() << "a task crashed"; }};
          group.spawn(std::move(a));
          group.spawn(std::move(b));
          co_await group.join();
        }(io, std::move(one), std::move(other)));
  }

  net::awaitable<void> read_into(Connection& connection, std::vector<Result<std::string>>& got) {
    for (;;) {
      got.push_back(co_await connection.read(kNoLimit));
      if (!got.back()) co_return;
    }
  }
};

TEST_F(ConnectionTest, MessagesGoBothWaysAtTheSameTime) {
  support::run(io, connected());
  ASSERT_TRUE(client && server);
  EXPECT_EQ(server->path(), "/v1/stream");
  const std::vector<std::string> messages{"a", "", std::string("\0\xff", 2), std::string(300'000, 'b')};
  std::vector<Result<std::string>> at_client, at_server;
  const auto send = [&](Connection& from) -> net::awaitable<void> {
    for (const auto& message : messages) EXPECT_TRUE(co_await from.write(message));
  };
  support::run(io, [&]() -> net::awaitable<void> {
    async::TaskGroup writers{io.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
    async::TaskGroup readers{io.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
    readers.spawn(read_into(*client, at_client));
    readers.spawn(read_into(*server, at_server));
    writers.spawn(send(*client));
    writers.spawn(send(*server));
    co_await writers.join();
    co_await client->close(websocket::CloseCode::going_away, "good night");
    co_await readers.join();
  }());
  for (const auto& got : {at_client, at_server}) {
    ASSERT_EQ(got.size(), messages.size() + 1);
    for (std::size_t i = 0; i < messages.size(); ++i) EXPECT_EQ(got[i].value(), messages[i]);
  }
  EXPECT_EQ(at_server.back().error().code, ErrorCode::unavailable);
  EXPECT_THAT(at_server.back().error().message, HasSubstr("closed the connection (1001) good night"));
}

TEST_F(ConnectionTest, ALongFarewellIsCut) {
  support::run(io, connected());
  std::vector<Result<std::string>> got;
  both(read_into(*server, got), client->close(websocket::CloseCode::policy, std::string(1000, 'r')));
  EXPECT_THAT(got.back().error().message, testing::EndsWith("(1008) " + std::string(123, 'r')));
}

TEST_F(ConnectionTest, AMessageTooBigEndsTheConnection) {
  support::run(io, connected({}, {.message_bytes_max = 1000}));
  std::vector<Result<std::string>> at_server, at_client;
  const auto send = [&]() -> net::awaitable<void> {
    EXPECT_TRUE(co_await client->write(std::string(1000, 'x')));
    static_cast<void>(co_await client->write(std::string(1001, 'x')));
    at_client.push_back(co_await client->read(kNoLimit));
  };
  both(read_into(*server, at_server), send());
  ASSERT_EQ(at_server.size(), 2u);
  EXPECT_EQ(at_server[0]->size(), 1000u);
  EXPECT_EQ(at_server[1].error().code, ErrorCode::corrupt);
  EXPECT_THAT(at_server[1].error().message, HasSubstr("more than 1000 bytes"));
  EXPECT_FALSE(at_client.back());
}

TEST_F(ConnectionTest, APeerThatIsSilentIsGivenUp) {
  // The server's end does not read, so nobody answers the client's pings.
  support::run(io, connected({.idle = 40ms}));
  const auto got = support::run(io, client->read(kNoLimit));
  EXPECT_EQ(got.error().code, ErrorCode::deadline_exceeded);
  EXPECT_THAT(got.error().message, HasSubstr("silent"));
}

TEST_F(ConnectionTest, AReadHasItsLimit) {
  support::run(io, connected());
  const auto got = support::run(io, client->read(1ms));
  EXPECT_EQ(got.error().code, ErrorCode::deadline_exceeded);
  EXPECT_FALSE(support::run(io, client->write("too late")));
}

TEST_F(ConnectionTest, AbortEndsAReadAndAWrite) {
  support::run(io, connected());
  std::vector<Result<std::string>> got;
  const auto abort = [&]() -> net::awaitable<void> {
    co_await net::post(io, net::use_awaitable);
    client->abort();
  };
  both(read_into(*client, got), abort());
  EXPECT_EQ(got.back().error().code, ErrorCode::cancelled);
  EXPECT_EQ(support::run(io, client->write("x")).error().code, ErrorCode::cancelled);
}

TEST_F(ConnectionTest, TheOtherEndSeesAnAbort) {
  support::run(io, connected());
  client->abort();
  const auto got = support::run(io, server->read(kNoLimit));
  EXPECT_EQ(got.error().code, ErrorCode::unavailable);
}

TEST_F(ConnectionTest, ACloseNobodyAnswersIsBounded) {
  support::run(io, connected({.close = 5ms}));
  support::run(io, client->close(websocket::CloseCode::normal, ""));
  EXPECT_FALSE(support::run(io, client->read(kNoLimit)));
}

TEST_F(ConnectionTest, ARefusalIsExplained) {
  auto [here, there] = support::stream_pair(io);
  std::optional<Result<ConnectionPtr>> opened;
  both(accept(std::move(there), {}), [](tls::AnyStream stream, auto& result) -> net::awaitable<void> {
    result.emplace(co_await websocket::connect(std::move(stream), "collector", "/v2/stream"));
  }(std::move(here), opened));
  EXPECT_EQ(opened->error().code, ErrorCode::not_found);
  EXPECT_THAT(opened->error().message, HasSubstr("404 Not Found"));
  EXPECT_FALSE(server);
}

// What a client is told by something that is no collector.
TEST_F(ConnectionTest, ForeignAnswersAreExplained) {
  const struct {
    std::string answer;
    ErrorCode code;
    bool refused;  // Another way may be open.
  } rows[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nlogin", ErrorCode::unavailable, true},
      {"HTTP/1.1 302 Found\r\nLocation: http://portal\r\nContent-Length: 0\r\n\r\n", ErrorCode::unavailable,
       true},
      {"HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nno\x01!", ErrorCode::permission_denied, true},
      {"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", ErrorCode::unavailable, false},
      {"HTTP/1.1 429 Too Many\r\nContent-Length: 0\r\n\r\n", ErrorCode::unavailable, false},
      {"SSH-2.0-OpenSSH\r\n\r\n", ErrorCode::corrupt, false},
      {"", ErrorCode::unavailable, false},
  };
  for (const auto& row : rows) {
    auto [here, there] = support::stream_pair(io);
    std::optional<Result<ConnectionPtr>> opened;
    bool refused = false;
    both(
        [](tls::AnyStream stream, std::string answer) -> net::awaitable<void> {
          std::array<char, 4096> request{};
          co_await stream.async_read_some(net::buffer(request), net::as_tuple(net::use_awaitable));
          co_await net::async_write(stream, net::buffer(answer), net::as_tuple(net::use_awaitable));
          stream.impl().close();
        }(std::move(there), row.answer),
        [](tls::AnyStream stream, auto& result, bool& no) -> net::awaitable<void> {
          websocket::Limits limits;
          result.emplace(
              co_await websocket::connect(std::move(stream), "collector", "/v1/stream", limits, &no));
        }(std::move(here), opened, refused));
    EXPECT_EQ(refused, row.refused) << row.answer;
    ASSERT_FALSE(*opened) << row.answer;
    EXPECT_EQ(opened->error().code, row.code) << row.answer << ": " << opened->error().message;
  }
}

TEST_F(ConnectionTest, AServerThatDoesNotAnswerIsGivenUp) {
  auto [here, there] = support::stream_pair(io);
  const auto opened =
      support::run(io, websocket::connect(std::move(here), "collector", "/v1/stream", {.handshake = 10ms}));
  EXPECT_EQ(opened.error().code, ErrorCode::deadline_exceeded);
}

TEST_F(ConnectionTest, AStoppedTaskLeavesItsRead) {
  support::run(io, connected());
  std::vector<Result<std::string>> got;
  support::run(io, [&]() -> net::awaitable<void> {
    async::TaskGroup group{io.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
    group.spawn([](Connection& c, auto& results) -> net::awaitable<void> {
      results.push_back(co_await c.read(kNoLimit));
    }(*client, got));
    for (int i = 0; i < 5; ++i) co_await net::post(io, net::use_awaitable);
    client->abort();
    co_await group.stop();
  }());
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].error().code, ErrorCode::cancelled);
}

// A whole conversation: open, ask, answer, close. True if the client got its answer.
net::awaitable<bool> converse(net::io_context& io, tls::AnyStream here, tls::AnyStream there) {
  async::TaskGroup group{io.get_executor(), [](const std::exception_ptr&) { FAIL() << "a task crashed"; }};
  group.spawn([](tls::AnyStream stream) -> net::awaitable<void> {
    auto accepted = co_await websocket::accept(std::move(stream), kPaths, "Agents only.");
    if (!accepted) co_return;
    for (;;) {
      auto question = co_await (*accepted)->read(kNoLimit);
      if (!question) co_return;
      if (const auto sent = co_await (*accepted)->write(*question + '!'); !sent) co_return;
    }
  }(std::move(there)));
  bool answered = false;
  {
    auto opened = co_await websocket::connect(std::move(here), "collector", "/v1/stream");
    if (opened && co_await (*opened)->write("question")) {
      const auto answer = co_await (*opened)->read(kNoLimit);
      answered = answer && *answer == "question!";
      co_await (*opened)->close(websocket::CloseCode::normal, "");
    }
  }
  co_await group.join();
  co_return answered;
}

// Breaks the client's or the server's end at its first operation, then at its second, and so on: every
// failure ends as a Result, no coroutine hangs or crashes, and at last the conversation succeeds.
TEST(Conversation, SurvivesAFailureAtEveryStep) {
  for (const bool break_server : {false, true}) {
    std::size_t steps = 0;
    for (bool done = false; !done; ++steps) {
      ASSERT_LT(steps, 100u);
      net::io_context io;
      boost::beast::test::fail_count fail{steps};
      auto [broken, whole] = support::stream_pair(io, &fail);
      done = break_server ? support::run(io, converse(io, std::move(whole), std::move(broken)))
                          : support::run(io, converse(io, std::move(broken), std::move(whole)));
    }
    EXPECT_GE(steps, 4u);
  }
}

}  // namespace
