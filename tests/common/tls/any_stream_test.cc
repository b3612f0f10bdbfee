#include "common/tls/any_stream.h"

#include <gtest/gtest.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <string>

#include "tests/support/net/co_test.h"
#include "tests/support/net/memory_stream.h"

namespace {

namespace net = boost::asio;
namespace test = boost::beast::test;

constexpr auto kAwait = net::as_tuple(net::use_awaitable);

net::awaitable<bool> send_two(tls::AnyStream& stream) {
  for (int i = 0; i < 2; ++i) {
    const auto [error, size] = co_await net::async_write(stream, net::buffer("x", 1), kAwait);
    if (error) co_return false;
  }
  co_return true;
}

TEST(AnyStream, BytesGoThrough) {
  net::io_context io;
  auto [here, there] = support::stream_pair(io);
  EXPECT_TRUE(support::run(io, send_two(here)));
  const auto received = support::run(io, [](tls::AnyStream& stream) -> net::awaitable<std::string> {
    std::array<char, 8> part{};
    const auto [error, size] = co_await stream.async_read_some(net::buffer(part), kAwait);
    co_return error ? error.message() : std::string(part.data(), size);
  }(there));
  EXPECT_EQ(received, "xx");
}

TEST(AnyStream, BreaksAtEveryStep) {
  std::size_t steps = 0;
  for (bool done = false; !done; ++steps) {
    ASSERT_LT(steps, 20u);
    net::io_context io;
    test::fail_count fail{steps};
    auto [here, there] = support::stream_pair(io, &fail);
    done = support::run(io, send_two(here));
  }
  EXPECT_GE(steps, 2u);
}

TEST(AnyStream, ACloseEndsARead) {
  net::io_context io;
  auto [here, there] = support::stream_pair(io);
  net::post(io, [&] { here.impl().close(); });
  EXPECT_TRUE(support::run(io, [](tls::AnyStream& stream) -> net::awaitable<bool> {
    std::array<char, 8> part{};
    const auto [error, size] = co_await stream.async_read_some(net::buffer(part), kAwait);
    co_return error.failed();
  }(here)));
}

}  // namespace
