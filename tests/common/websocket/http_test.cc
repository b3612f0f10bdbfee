// The same conversations with each message as an HTTP request or answer, over a stream in memory.

#include "common/websocket/http.h"

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
using testing::StartsWith;
using websocket::CloseCode;
using websocket::Connection;
using websocket::kNoLimit;
using websocket::Limits;
using namespace std::chrono_literals;

using ConnectionPtr = std::unique_ptr<Connection>;
constexpr auto kAwait = net::as_tuple(net::use_awaitable);
// Named, because g++ 12 cannot keep a braced list alive across a co_await.
const std::vector<std::string> kPaths{"/v1/stream", "/v1/batch", "/v1/enroll"};
const std::vector<std::string> kTwoMessages{"-second", "third"};
const std::vector<std::string> kThreeWords{"one", "two", "three"};

// Runs both ends at the same time.
void both(net::io_context& io, net::awaitable<void> one, net::awaitable<void> other) {
  support::run(
      io, [](net::io_context& i, net::awaitable<void> a, net::awaitable<void> b) -> net::awaitable<void> {
        async::TaskGroup group{i.get_executor(),
                               [](const std::exception_ptr&) { FAIL() << "a task crashed"; }};
        group.spawn(std::move(a));
        group.spawn(std::move(b));
        co_await group.join();
      }(io, std::move(one), std::move(other)));
}

struct HttpTest : testing::Test {
  net::io_context io;
  ConnectionPtr client;
  ConnectionPtr server;

  // The server's end stands with the first request, which `first` is read from.
  net::awaitable<void> accept(tls::AnyStream stream, Limits limits) {
    auto accepted = co_await websocket::accept(std::move(stream), kPaths, "Agents only.", limits);
    if (accepted) server = *std::move(accepted);
  }

  // Both ends, and the client's first message on its way.
  void connect(const std::string& first, Limits client_limits = {}, Limits server_limits = {}) {
    auto [here, there] = support::stream_pair(io);
    client = websocket::connect_http(std::move(here), "collector", "/v1/batch", client_limits);
    both(
        io,
        [](Connection& c, std::string message) -> net::awaitable<void> {
          const auto sent = co_await c.write(message);
          EXPECT_TRUE(sent);
        }(*client, first),
        accept(std::move(there), server_limits));
    ASSERT_TRUE(server);
    EXPECT_EQ(server->path(), "/v1/batch");
  }
};

// Short, so that pings come soon; long enough for a busy machine.
const Limits kSoon{.idle = 400ms};

// Answers each message with itself and '!'; what begins with '-' with nothing; until the end.
net::awaitable<void> echo(Connection& server) {
  for (;;) {
    const auto message = co_await server.read(kNoLimit);
    if (!message) co_return;
    if (message->starts_with('-')) continue;
    if (const auto sent = co_await server.write(*message + '!'); !sent) co_return;
  }
}

TEST_F(HttpTest, EachMessageHasItsAnswer) {
  const std::vector<std::string> messages{"a", std::string("\0\xff\r\n\r\n", 6), std::string(300'000, 'b'),
                                          "POST / HTTP/1.1\r\n\r\n"};
  connect("first");
  both(io, echo(*server), [](Connection& c, std::vector<std::string> all) -> net::awaitable<void> {
    const auto first = co_await c.read(kNoLimit);
    EXPECT_EQ(first.value(), "first!");
    for (const auto& message : all) {
      const auto sent = co_await c.write(message);
      EXPECT_TRUE(sent);
      const auto answer = co_await c.read(kNoLimit);
      EXPECT_EQ(answer.value(), message + '!');
    }
    c.abort();
  }(*client, messages));
}

TEST_F(HttpTest, AMessageMayHaveNoAnswer) {
  connect("-first", kSoon, kSoon);
  both(io, echo(*server), [](Connection& c) -> net::awaitable<void> {
    async::TaskGroup reader{co_await net::this_coro::executor, [](const std::exception_ptr&) { FAIL(); }};
    std::vector<Result<std::string>> got;
    reader.spawn([](Connection& socket, auto& results) -> net::awaitable<void> {
      results.push_back(co_await socket.read(kNoLimit));
    }(c, got));
    for (const auto& message : kTwoMessages) {
      const auto sent = co_await c.write(message);
      EXPECT_TRUE(sent);
    }
    co_await reader.join();
    EXPECT_EQ(got.at(0).value(), "third!");
    c.abort();
  }(*client));
}

// A second one waits for the answer to the first, whoever writes it.
TEST_F(HttpTest, ThereIsOneRequestAtATime) {
  connect("1");
  bool second_sent = false;
  both(
      io,
      [](Connection& c, bool& sent) -> net::awaitable<void> {
        const auto done = co_await c.write("2");
        EXPECT_TRUE(done);
        sent = true;
        const auto answer = co_await c.read(kNoLimit);
        EXPECT_EQ(answer.value(), "second");
        c.abort();
      }(*client, second_sent),
      [](HttpTest& t, const bool& sent) -> net::awaitable<void> {
        const auto first = co_await t.server->read(kNoLimit);
        EXPECT_EQ(first.value(), "1");
        for (int i = 0; i < 20; ++i) co_await net::post(t.io, net::use_awaitable);
        EXPECT_FALSE(sent);
        auto done = co_await t.server->write("first");
        EXPECT_TRUE(done);
        const auto answer = co_await t.client->read(kNoLimit);
        EXPECT_EQ(answer.value(), "first");
        const auto second = co_await t.server->read(kNoLimit);
        EXPECT_EQ(second.value(), "2");
        done = co_await t.server->write("second");
        EXPECT_TRUE(done);
      }(*this, second_sent));
}

// More answers than questions: each ping takes one along.
TEST_F(HttpTest, WhatIsToldUnaskedGoesWithThePings) {
  connect("first", kSoon, kSoon);
  both(
      io,
      [](Connection& c) -> net::awaitable<void> {
        for (const auto& expected : kThreeWords) {
          const auto told = co_await c.read(kNoLimit);
          EXPECT_EQ(told.value(), expected);
        }
        c.abort();
      }(*client),
      [](HttpTest& t) -> net::awaitable<void> {
        async::TaskGroup reader{t.io.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
        reader.spawn([](Connection& s) -> net::awaitable<void> {
          for (;;) {
            const auto message = co_await s.read(kNoLimit);
            if (!message) co_return;
          }
        }(*t.server));
        for (const auto& word : kThreeWords) {
          const auto sent = co_await t.server->write(word);
          EXPECT_TRUE(sent);
        }
        co_await reader.join();
      }(*this));
}

TEST_F(HttpTest, PingsKeepASilentConnectionAlive) {
  connect("-first", kSoon, kSoon);
  both(io, echo(*server), [](Connection& c) -> net::awaitable<void> {
    // Longer than either end would wait for a peer that has vanished.
    const auto nothing = co_await c.read(1'000ms);
    EXPECT_EQ(nothing.error().code, ErrorCode::deadline_exceeded);
    EXPECT_THAT(nothing.error().message, HasSubstr("no message came in time"));
  }(*client));
}

TEST_F(HttpTest, APeerThatIsSilentIsGivenUp) {
  connect("first", {.idle = 40ms}, {.idle = 40ms});
  const auto at_client = support::run(io, client->read(kNoLimit));
  EXPECT_EQ(at_client.error().code, ErrorCode::deadline_exceeded);
  EXPECT_THAT(at_client.error().message, HasSubstr("silent"));

  connect("first", {}, {.idle = 40ms});
  support::run(io, [](Connection& s) -> net::awaitable<void> {
    const auto first = co_await s.read(kNoLimit);
    EXPECT_TRUE(first);
    const auto answered = co_await s.write("second");
    EXPECT_TRUE(answered);
    const auto nothing = co_await s.read(kNoLimit);
    EXPECT_EQ(nothing.error().code, ErrorCode::deadline_exceeded);
  }(*server));
}

TEST_F(HttpTest, AFarewellTellsItsReason) {
  const struct {
    CloseCode code;
    const char* said;
  } rows[] = {
      {CloseCode::policy, "answered 403 Forbidden: go away"},
      {CloseCode::try_again_later, "answered 503 Service Unavailable: go away"},
      {CloseCode::bad_message, "answered 400 Bad Request: go away"},
      {CloseCode::internal_error, "answered 500 Internal Server Error: go away"},
  };
  for (const auto& row : rows) {
    connect("first");
    std::optional<Result<std::string>> got;
    both(
        io,
        [](Connection& c, auto& result) -> net::awaitable<void> {
          result.emplace(co_await c.read(kNoLimit));
        }(*client, got),
        [](Connection& s, CloseCode code) -> net::awaitable<void> {
          const auto first = co_await s.read(kNoLimit);
          EXPECT_TRUE(first);
          co_await s.close(code, "go away");
        }(*server, row.code));
    ASSERT_FALSE(*got);
    EXPECT_THAT(got->error().message, HasSubstr(row.said));
  }
}

TEST_F(HttpTest, AbortEndsAReadAndAWriteThatWaits) {
  connect("first");
  both(
      io,
      [](Connection& c) -> net::awaitable<void> {
        const auto waits = co_await c.write("second");
        EXPECT_EQ(waits.error().code, ErrorCode::cancelled);
      }(*client),
      [](HttpTest& t) -> net::awaitable<void> {
        co_await net::post(t.io, net::use_awaitable);
        t.client->abort();
      }(*this));
  const auto got = support::run(io, client->read(kNoLimit));
  EXPECT_EQ(got.error().code, ErrorCode::cancelled);
}

// What a client is told by something that is no collector.
TEST_F(HttpTest, ForeignAnswersAreExplained) {
  const struct {
    std::string answer;
    ErrorCode code;
    const char* says;
  } rows[] = {
      {"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nwhat", ErrorCode::not_found,
       "404 Not Found: what"},
      {"HTTP/1.1 302 Found\r\nLocation: http://portal\r\nContent-Length: 0\r\n\r\n", ErrorCode::unavailable,
       "302"},
      {"HTTP/1.1 403 Forbidden\r\n\r\nno\x01!", ErrorCode::permission_denied, "no?!"},
      {"SSH-2.0-OpenSSH\r\n\r\n", ErrorCode::corrupt, "does not keep to HTTP"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", ErrorCode::corrupt, "not accepted"},
      {"", ErrorCode::unavailable, "closed"},
  };
  for (const auto& row : rows) {
    auto [here, there] = support::stream_pair(io);
    std::optional<Result<std::string>> got;
    both(
        io,
        [](tls::AnyStream stream, std::string answer) -> net::awaitable<void> {
          std::array<char, 4096> request{};
          co_await stream.async_read_some(net::buffer(request), kAwait);
          co_await net::async_write(stream, net::buffer(answer), kAwait);
          stream.impl().close();
        }(std::move(there), row.answer),
        [](tls::AnyStream stream, auto& result) -> net::awaitable<void> {
          const auto socket = websocket::connect_http(std::move(stream), "collector", "/v1/batch");
          const auto sent = co_await socket->write("question");
          EXPECT_TRUE(sent);
          result.emplace(co_await socket->read(kNoLimit));
        }(std::move(here), got));
    ASSERT_FALSE(*got) << row.answer;
    EXPECT_EQ(got->error().code, row.code) << row.answer << ": " << got->error().message;
    EXPECT_THAT(got->error().message, HasSubstr(row.says));
  }
}

constexpr auto kHead = "Host: c\r\nContent-Type: application/octet-stream\r\n";

// What a server that echoes answers to `request`, sent in pieces and then at its end.
std::string answers_to(const std::string& request, std::size_t piece = 100'000) {
  net::io_context io;
  auto [here, there] = support::stream_pair(io);
  std::string got;
  both(
      io,
      [](tls::AnyStream stream) -> net::awaitable<void> {
        auto accepted = co_await websocket::accept(std::move(stream), kPaths, "Agents only.",
                                                   Limits{.message_bytes_max = 1000});
        if (accepted) co_await echo(**accepted);
      }(std::move(there)),
      [](tls::AnyStream stream, std::string bytes, std::size_t size,
         std::string& heard) -> net::awaitable<void> {
        async::TaskGroup reader{stream.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
        reader.spawn([](tls::AnyStream& from, std::string& all) -> net::awaitable<void> {
          std::array<char, 4096> part{};
          for (;;) {
            const auto [failed, n] = co_await from.async_read_some(net::buffer(part), kAwait);
            all.append(part.data(), n);
            if (failed) co_return;
          }
        }(stream, heard));
        for (std::size_t at = 0; at < bytes.size(); at += size) {
          const auto part = bytes.substr(at, size);
          const auto [failed, n] = co_await net::async_write(stream, net::buffer(part), kAwait);
          if (failed) break;
        }
        // What is in memory needs no time: whatever the server will answer, it has answered after so many
        // turns.
        for (int turn = 0; turn < 500; ++turn) co_await net::post(stream.get_executor(), net::use_awaitable);
        stream.impl().close();
        co_await reader.join();
      }(std::move(here), request, piece, got));
  return got;
}

std::string post(const std::string& body, const std::string& path = "/v1/batch") {
  return "POST " + path + " HTTP/1.1\r\n" + kHead + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

TEST(HttpServer, AnswersWhatItUnderstandsAndRefusesTheRest) {
  const std::string ok = "HTTP/1.1 200 OK", nothing = "HTTP/1.1 204 No Content";
  const struct {
    std::string request;
    std::vector<std::string> parts;  // Of the answer, in order.
  } rows[] = {
      {post("one"), {ok, "\r\n\r\none!"}},
      {post("one", "/v1/enroll?x=1"), {ok, "\r\n\r\none!"}},
      {post("one") + post("two") + post("three"), {ok, "one!", ok, "two!", ok, "three!"}},
      {post("") + post("one"), {nothing, ok, "one!"}},
      {std::string{"POST /v1/batch HTTP/1.1\r\n"} + kHead +
           "Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\n\r\n",
       {ok, "one!"}},
      {std::string{"POST /v1/batch HTTP/1.1\r\n"} + kHead +
           "Connection: close\r\nContent-Length: 3\r\n\r\none" + post("two"),
       {ok, "Connection: close", "one!"}},
      {post("one") + post("two", "/v1/enroll"), {ok, "one!", "HTTP/1.1 400"}},
      {post("one") + "GET /v1/batch HTTP/1.1\r\nHost: c\r\n\r\n", {ok, "HTTP/1.1 400"}},
      {post("one") + "rubbish\r\n\r\n", {ok, "HTTP/1.1 400"}},
      {"POST /v1/batch HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx", {"HTTP/1.1 400"}},
      {post(std::string(1001, 'x')), {"HTTP/1.1 400"}},
      {"GET /v1/batch HTTP/1.1\r\nHost: c\r\n\r\n", {"HTTP/1.1 405", "Allow: POST"}},
      {"PUT /v1/enroll HTTP/1.1\r\nHost: c\r\n\r\n", {"HTTP/1.1 405", "Allow: GET, POST"}},
      {post("one", "/v1/stream"), {"HTTP/1.1 405", "Allow: GET"}},
  };
  for (const auto& row : rows) {
    for (const std::size_t piece : {std::size_t{100'000}, std::size_t{7}}) {
      const auto answer = answers_to(row.request, piece);
      std::size_t at = 0;
      for (const auto& part : row.parts) {
        const auto found = answer.find(part, at);
        ASSERT_NE(found, std::string::npos)
            << row.request << "\nin pieces of " << piece << ", no " << part << " in\n"
            << answer;
        at = found + part.size();
      }
    }
  }
}

TEST(HttpServer, NothingIsTakenFromARequestCutShort) {
  const auto request = post("one");
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    EXPECT_THAT(answers_to(request.substr(0, cut)), testing::Not(HasSubstr("one!"))) << cut;
  }
}

// A whole conversation. True if the client got its answers.
net::awaitable<bool> converse(net::io_context& io, tls::AnyStream here, tls::AnyStream there) {
  async::TaskGroup group{io.get_executor(), [](const std::exception_ptr&) { FAIL() << "a task crashed"; }};
  group.spawn([](tls::AnyStream stream) -> net::awaitable<void> {
    auto accepted = co_await websocket::accept(std::move(stream), kPaths, "Agents only.");
    if (accepted) co_await echo(**accepted);
  }(std::move(there)));
  int answered = 0;
  {
    const auto client = websocket::connect_http(std::move(here), "collector", "/v1/batch");
    for (int i = 0; i < 3; ++i) {
      const auto sent = co_await client->write("question");
      if (!sent) break;
      const auto answer = co_await client->read(kNoLimit);
      if (!answer) break;
      if (*answer == "question!") ++answered;
    }
    client->abort();
  }
  co_await group.join();
  co_return answered == 3;
}

TEST(HttpConversation, SurvivesAFailureAtEveryStep) {
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
