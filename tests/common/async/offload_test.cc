#include "common/async/offload.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <stdexcept>
#include <thread>

#include "common/async/task_group.h"
#include "tests/support/net/co_test.h"

namespace {

namespace net = boost::asio;

TEST(Offload, WorksElsewhereAndComesHome) {
  net::io_context io;
  net::thread_pool pool{1};
  const auto home = std::this_thread::get_id();
  std::thread::id worked;
  std::thread::id resumed;
  support::run(io, [&]() -> net::awaitable<void> {
    co_await async::offload(pool.get_executor(), [&] { worked = std::this_thread::get_id(); });
    resumed = std::this_thread::get_id();
  }());
  EXPECT_NE(worked, home);
  EXPECT_EQ(resumed, home);
}

TEST(Offload, WhatTheWorkThrowsIsThrownAtHome) {
  net::io_context io;
  net::thread_pool pool{1};
  EXPECT_THROW(
      support::run(io, async::offload(pool.get_executor(), [] { throw std::runtime_error{"disk"}; })),
      std::runtime_error);
}

// The work uses what its caller owns, so a cancelled caller must not leave before it has ended.
TEST(Offload, ACancelledTaskWaitsForItsWork) {
  net::io_context io;
  net::thread_pool pool{1};
  std::atomic<bool> started = false;
  // No std::atomic::wait: libstdc++ 12 loses wake-ups where there is no futex, as on Windows.
  std::promise<void> told;
  std::atomic<bool> finished = false;
  support::run(io, [&]() -> net::awaitable<void> {
    async::TaskGroup group{io.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
    group.spawn(async::offload(pool.get_executor(), [&] {
      started = true;
      told.get_future().wait();
      finished = true;
    }));
    while (!started) co_await net::post(io, net::use_awaitable);
    // stop() asks first and waits then, so what is posted here runs while it waits.
    net::post(io, [&] {
      EXPECT_EQ(group.size(), 1u);
      told.set_value();
    });
    co_await group.stop();
    EXPECT_TRUE(finished);
  }());
}

// Found through agent/uplink: the word to stop was handed to the worker, and came when the operation was over
// and its memory another's. The sanitizers see that.
TEST(Offload, MayBeCancelledJustWhenItsWorkEnds) {
  net::io_context io;
  net::thread_pool pool{1};
  for (int i = 0; i < 500; ++i) {
    support::run(io, [&]() -> net::awaitable<void> {
      async::TaskGroup group{io.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
      group.spawn(async::offload(pool.get_executor(), [] {}));
      for (int wait = 0; wait < i % 7; ++wait) co_await net::post(io, net::use_awaitable);
      co_await group.stop();
    }());
  }
}

}  // namespace
