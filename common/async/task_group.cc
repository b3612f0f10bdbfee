#include "common/async/task_group.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/assert.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

namespace async {

bool is_cancellation(const std::exception_ptr& e) {
  try {
    std::rethrow_exception(e);
  } catch (const boost::system::system_error& error) {
    return error.code() == net::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

TaskGroup::TaskGroup(net::any_io_executor executor, std::function<void(std::exception_ptr)> on_crash)
    : executor_{std::move(executor)},
      idle_{executor_, net::steady_timer::time_point::max()},
      on_crash_{std::move(on_crash)} {}

TaskGroup::~TaskGroup() {
  BOOST_ASSERT_MSG(running_.empty(), "a TaskGroup was destroyed with tasks in it");
}

void TaskGroup::spawn(net::awaitable<void> task) {
  const auto signal = running_.emplace(running_.end());
  net::co_spawn(executor_, std::move(task),
                net::bind_cancellation_slot(signal->slot(), [this, signal](const std::exception_ptr& e) {
                  running_.erase(signal);
                  if (running_.empty()) idle_.cancel();
                  if (e && !is_cancellation(e)) on_crash_(e);
                }));
}

net::awaitable<void> TaskGroup::stop() {
  // A task may end while its signal is being emitted, and take its entry of the list with it.
  for (auto next = running_.begin(); next != running_.end();) {
    const auto signal = next++;
    signal->emit(net::cancellation_type::terminal);
  }
  co_await join();
}

net::awaitable<void> TaskGroup::join() {
  while (!running_.empty()) {
    idle_.expires_at(net::steady_timer::time_point::max());
    co_await idle_.async_wait(net::as_tuple(net::use_awaitable));
  }
}

}  // namespace async
