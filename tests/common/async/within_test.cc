#include "common/async/within.h"

#include <gtest/gtest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>
#include <string>

#include "common/async/task_group.h"
#include "tests/support/net/co_test.h"

namespace {

namespace net = boost::asio;
using base::ErrorCode;
using namespace std::chrono_literals;

net::awaitable<base::Result<std::string>> answer_after(std::chrono::milliseconds wait) {
  net::steady_timer timer{co_await net::this_coro::executor, wait};
  const auto [error] = co_await timer.async_wait(net::as_tuple(net::use_awaitable));
  if (error) co_return base::fail(ErrorCode::cancelled, error.message());
  co_return "yes";
}

// As answer_after, but thrown out when it is cancelled.
net::awaitable<base::Status> throwing_wait(std::chrono::milliseconds wait) {
  net::steady_timer timer{co_await net::this_coro::executor, wait};
  co_await timer.async_wait(net::use_awaitable);
  co_return base::Status{};
}

net::awaitable<base::Status> refuse() {
  co_return base::fail(ErrorCode::not_found, "no such thing");
}

net::awaitable<base::Status> crash() {
  throw std::runtime_error{"bug"};
  co_return base::Status{};
}

TEST(Within, ReturnsTheAnswerThatIsInTime) {
  net::io_context io;
  EXPECT_EQ(support::run(io, async::within(1h, answer_after(0ms))).value(), "yes");
}

TEST(Within, StopsWhatIsLate) {
  net::io_context io;
  EXPECT_EQ(support::run(io, async::within(1ms, answer_after(1h))).error().code,
            ErrorCode::deadline_exceeded);
  EXPECT_EQ(support::run(io, async::within(1ms, throwing_wait(1h))).error().code,
            ErrorCode::deadline_exceeded);
}

TEST(Within, PassesOnFailuresAndBugsAtOnce) {
  net::io_context io;
  EXPECT_EQ(support::run(io, async::within(1h, refuse())).error().code, ErrorCode::not_found);
  EXPECT_THROW(support::run(io, async::within(1h, crash())), std::runtime_error);
}

TEST(Within, AStoppedTaskIsThrownOut) {
  net::io_context io;
  bool returned = false;
  support::run(io, [&]() -> net::awaitable<void> {
    async::TaskGroup group{io.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
    group.spawn([](bool& r) -> net::awaitable<void> {
      static_cast<void>(co_await async::within(1h, throwing_wait(1h)));
      r = true;
    }(returned));
    co_await net::post(io, net::use_awaitable);
    co_await group.stop();
  }());
  EXPECT_FALSE(returned);
}

}  // namespace
