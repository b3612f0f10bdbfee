// The tasks one owner has started and must see end.
//
// A detached coroutine has no owner and cannot be stopped; that is why nothing else calls co_spawn.

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <exception>
#include <functional>
#include <list>

namespace async {

namespace net = boost::asio;

// True when `e` is how a cancelled coroutine ends: a task that awaits again after it was told to stop is
// thrown out with operation_aborted.
bool is_cancellation(const std::exception_ptr& e);

// Lives on one executor and is used only from it.
class TaskGroup {
 public:
  // `on_crash` hears of any other exception that escapes a task: by our conventions always a bug, never an
  // expected failure.
  TaskGroup(net::any_io_executor executor, std::function<void(std::exception_ptr)> on_crash);
  // All tasks must have ended (asserted): they would go on with what their owner lent them.
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  void spawn(net::awaitable<void> task);

  // Asks every task to stop, and returns when the last one has. To be called from outside the group's tasks.
  net::awaitable<void> stop();

  // Returns when the last task has ended by itself.
  net::awaitable<void> join();

  std::size_t size() const { return running_.size(); }

 private:
  net::any_io_executor executor_;
  net::steady_timer idle_;
  std::function<void(std::exception_ptr)> on_crash_;
  std::list<net::cancellation_signal> running_;
};

}  // namespace async
