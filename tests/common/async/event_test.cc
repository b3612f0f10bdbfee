#include "common/async/event.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

#include "common/async/task_group.h"
#include "tests/support/net/co_test.h"

namespace {

namespace net = boost::asio;

struct Event : testing::Test {
  net::io_context io;
  async::Event event{io.get_executor()};
  int woken = 0;

  net::awaitable<void> wait(int times) {
    for (int i = 0; i < times; ++i) {
      co_await event.wait();
      ++woken;
    }
  }
};

TEST_F(Event, KeepsOneRingForALateWaiter) {
  event.set();
  event.set();
  support::run(io, wait(1));
  EXPECT_EQ(woken, 1);
  EXPECT_THROW(support::run(io,
                            [this]() -> net::awaitable<void> {
                              async::TaskGroup group{io.get_executor(), [](const std::exception_ptr&) {}};
                              group.spawn(wait(1));
                              co_await group.stop();
                              throw std::runtime_error{"nothing was kept"};
                            }()),
               std::runtime_error);
  EXPECT_EQ(woken, 1);
}

TEST_F(Event, WakesItsWaiter) {
  support::run(io, [this]() -> net::awaitable<void> {
    async::TaskGroup group{io.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
    group.spawn(wait(2));
    group.spawn([this]() -> net::awaitable<void> {
      event.set();
      co_return;
    }());
    while (woken < 1) co_await net::post(io, net::use_awaitable);
    event.set();
    co_await group.join();
  }());
  EXPECT_EQ(woken, 2);
}

}  // namespace
