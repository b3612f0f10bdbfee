#include "common/async/readiness.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <thread>

#include "common/async/task_group.h"
#include "tests/support/net/co_test.h"

#ifdef _WIN32
#include <windows.h>
#else
#include <sys/eventfd.h>
#include <unistd.h>
#endif

namespace {

namespace net = boost::asio;

// What a watcher owns: something that stays signalled until it is drained.
class Signal {
 public:
#ifdef _WIN32
  explicit Signal(bool manual_reset = true) : event_{::CreateEventW(nullptr, manual_reset, FALSE, nullptr)} {}
  ~Signal() { EXPECT_TRUE(::CloseHandle(event_)) << "somebody else has closed it"; }
  base::Waitable waitable() const { return event_; }
  void set() { ::SetEvent(event_); }
  void drain() { ::ResetEvent(event_); }

 private:
  HANDLE event_;
#else
  explicit Signal(bool = true) : descriptor_{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)} {}
  ~Signal() { EXPECT_EQ(::close(descriptor_), 0) << "somebody else has closed it"; }
  base::Waitable waitable() const { return descriptor_; }
  void set() { EXPECT_EQ(::eventfd_write(descriptor_, 1), 0); }
  void drain() {
    eventfd_t count = 0;
    EXPECT_EQ(::eventfd_read(descriptor_, &count), 0);
  }

 private:
  int descriptor_;
#endif
};

struct Readiness : testing::Test {
  net::io_context io;
  Signal signal;
  std::optional<async::Readiness> readiness{std::in_place, io.get_executor(), signal.waitable()};
  int woken = 0;

  net::awaitable<void> wait(int times) {
    for (int i = 0; i < times; ++i) {
      co_await readiness->wait();
      ++woken;
    }
  }
  net::awaitable<void> turn() { co_await net::post(io, net::use_awaitable); }
};

TEST_F(Readiness, ReturnsAtOnceWhileSignalled) {
  signal.set();
  support::run(io, wait(3));
  EXPECT_EQ(woken, 3);
}

TEST_F(Readiness, WakesItsWaiterEachTime) {
  support::run(io, [this]() -> net::awaitable<void> {
    async::TaskGroup group{io.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
    for (int round = 0; round < 20; ++round) {
      group.spawn(wait(1));
      co_await turn();
      EXPECT_EQ(woken, round);
      signal.set();
      co_await group.join();
      EXPECT_EQ(woken, round + 1);
      signal.drain();
    }
  }());
}

TEST_F(Readiness, ACancelledTaskIsThrownOutAndTheNextOneWaitsAfresh) {
  support::run(io, [this]() -> net::awaitable<void> {
    for (int turns = 0; turns < 20; ++turns) {
      async::TaskGroup group{io.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
      group.spawn(wait(1));
      for (int i = 0; i < turns % 3; ++i) co_await turn();
      co_await group.stop();
      EXPECT_EQ(woken, turns);
      signal.set();
      group.spawn(wait(1));
      co_await group.join();
      EXPECT_EQ(woken, turns + 1);
      signal.drain();
    }
  }());
}

TEST_F(Readiness, LeavesTheWaitableOpen) {
  readiness.reset();
  signal.set();
  readiness.emplace(io.get_executor(), signal.waitable());
  support::run(io, wait(1));
  readiness.reset();
  signal.drain();
}

TEST_F(Readiness, AThreadThatSignalsLaterIsHeard) {
  std::thread other;
  support::run(io, [&]() -> net::awaitable<void> {
    async::TaskGroup group{io.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
    group.spawn(wait(1));
    co_await turn();
    other = std::thread{[this] { signal.set(); }};
    co_await group.join();
  }());
  other.join();
  EXPECT_EQ(woken, 1);
}

#ifdef _WIN32
TEST_F(Readiness, AnAutoResetEventIsResetByTheWait) {
  Signal once{false};
  readiness.emplace(io.get_executor(), once.waitable());
  once.set();
  support::run(io, wait(1));
  EXPECT_EQ(::WaitForSingleObject(once.waitable(), 0), WAIT_TIMEOUT);
  readiness.reset();
}
#endif

}  // namespace
