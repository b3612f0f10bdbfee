#include "common/async/task_group.h"

#include <gtest/gtest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

#include "tests/support/net/co_test.h"

namespace {

namespace net = boost::asio;
using namespace std::chrono_literals;

net::awaitable<void> sleep_long(int& ended) {
  net::steady_timer timer{co_await net::this_coro::executor, 1h};
  co_await timer.async_wait(net::as_tuple(net::use_awaitable));
  ++ended;
}

// Never looks at the error: the group, not the task, decides when it ends.
net::awaitable<void> spin_for_ever(int& turns) {
  for (;;) {
    co_await net::post(co_await net::this_coro::executor, net::use_awaitable);
    ++turns;
  }
}

net::awaitable<void> crash() {
  co_await net::post(co_await net::this_coro::executor, net::use_awaitable);
  throw std::runtime_error{"bug"};
}

TEST(TaskGroup, StopEndsEveryTask) {
  net::io_context io;
  int ended = 0, turns = 0, crashes = 0;
  support::run(io, [&]() -> net::awaitable<void> {
    async::TaskGroup group{io.get_executor(), [&](const std::exception_ptr&) { ++crashes; }};
    group.spawn(sleep_long(ended));
    group.spawn(sleep_long(ended));
    group.spawn(spin_for_ever(turns));
    group.spawn(crash());
    EXPECT_EQ(group.size(), 4u);
    while (turns < 3) co_await net::post(io, net::use_awaitable);
    co_await group.stop();
    EXPECT_EQ(group.size(), 0u);
  }());
  EXPECT_EQ(ended, 2);
  EXPECT_GT(turns, 0);
  EXPECT_EQ(crashes, 1);
}

TEST(TaskGroup, JoinWaitsForTheLast) {
  net::io_context io;
  int ended = 0;
  support::run(io, [&]() -> net::awaitable<void> {
    async::TaskGroup group{io.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
    const auto step = [&]() -> net::awaitable<void> {
      co_await net::post(io, net::use_awaitable);
      ++ended;
    };
    group.spawn(step());
    group.spawn(step());
    co_await group.join();
    EXPECT_EQ(ended, 2);
    co_await group.join();
  }());
}

TEST(TaskGroup, StopOfAnEmptyGroupReturns) {
  net::io_context io;
  async::TaskGroup group{io.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
  support::run(io, group.stop());
}

}  // namespace
