// For macOS, where Asio cannot wait for a kqueue: it makes each descriptor non-blocking first, which a kqueue
// refuses, and Boost 1.81 then takes that for readiness. A thread of its own waits instead.

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/assert.hpp>
#include <boost/system/system_error.hpp>
#include <cerrno>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "common/async/readiness.h"

namespace async {

namespace {

// The coroutine's side; on the executor only.
struct Turn {
  explicit Turn(const net::any_io_executor& executor)
      : timer{executor, net::steady_timer::time_point::max()} {}
  net::steady_timer timer;
  bool ready = false;
};

}  // namespace

class Readiness::Impl {
 public:
  Impl(net::any_io_executor on, int waitable) : executor{std::move(on)}, waitable_{waitable} {
    if (::pipe(stir_.data()) != 0) {
      throw boost::system::system_error{errno, boost::system::system_category(), "making a pipe"};
    }
    for (const int end : stir_) {
      ::fcntl(end, F_SETFD, FD_CLOEXEC);
      ::fcntl(end, F_SETFL, O_NONBLOCK);
    }
    thread_ = std::thread{[this] { run(); }};
  }
  ~Impl() {
    ask(nullptr, true);
    thread_.join();
    for (const int end : stir_) ::close(end);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  // `turn` is told once when the waitable is signalled; null: nobody waits.
  void ask(std::shared_ptr<Turn> turn, bool stop = false) {
    {
      const std::lock_guard lock{mutex_};
      turn_ = std::move(turn);
      stop_ = stop;
    }
    asked_.notify_one();
    // A full pipe stirs as well.
    [[maybe_unused]] const auto written = ::write(stir_[1], "", 1);
  }

  net::any_io_executor executor;
  std::shared_ptr<Turn> waiting;

 private:
  void run() {
    std::unique_lock lock{mutex_};
    for (;;) {
      asked_.wait(lock, [this] { return stop_ || turn_; });
      if (stop_) return;
      lock.unlock();
      std::array<pollfd, 2> both{{{.fd = waitable_, .events = POLLIN, .revents = 0},
                                  {.fd = stir_[0], .events = POLLIN, .revents = 0}}};
      ::poll(both.data(), both.size(), -1);
      std::array<char, 64> stirred{};
      while (::read(stir_[0], stirred.data(), stirred.size()) > 0) {
      }
      lock.lock();
      // Also when it was asked in between: readiness is that of the waitable, whoever waits.
      if (both[0].revents != 0 && turn_) tell(std::exchange(turn_, nullptr));
    }
  }

  void tell(std::shared_ptr<Turn> turn) {
    net::post(executor, [told = std::move(turn)] {
      told->ready = true;
      told->timer.cancel();
    });
  }

  const int waitable_;
  std::array<int, 2> stir_{};  // Ends the thread's wait.
  std::mutex mutex_;
  std::condition_variable asked_;
  std::shared_ptr<Turn> turn_;  // Guarded by the mutex, as the next.
  bool stop_ = false;
  std::thread thread_;
};

Readiness::Readiness(const net::any_io_executor& executor, base::Waitable waitable) {
  BOOST_ASSERT_MSG(waitable != base::kNotWaitable, "nothing to wait for");
  impl_ = std::make_unique<Impl>(executor, waitable);
}

Readiness::~Readiness() = default;

net::awaitable<void> Readiness::wait() {
  BOOST_ASSERT_MSG(!impl_->waiting, "a Readiness has one waiter");
  // However this ends, the thread no longer waits for us.
  struct Guard {
    Impl& impl;
    ~Guard() {
      impl.waiting.reset();
      impl.ask(nullptr);
    }
  };
  const Guard guard{*impl_};
  const auto turn = std::make_shared<Turn>(impl_->executor);
  impl_->waiting = turn;
  impl_->ask(turn);
  co_await turn->timer.async_wait(net::as_tuple(net::use_awaitable));
  if (!turn->ready) throw boost::system::system_error{net::error::operation_aborted};
}

}  // namespace async
