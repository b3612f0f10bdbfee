#include "common/async/within.h"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string>

#include "common/async/task_group.h"

namespace async::detail {

net::awaitable<void> cancel_after(std::chrono::milliseconds limit, net::awaitable<void> operation) {
  using namespace net::experimental::awaitable_operators;
  net::steady_timer timer{co_await net::this_coro::executor, limit};
  co_await (std::move(operation) || timer.async_wait(net::use_awaitable));
}

base::Error too_late(std::chrono::milliseconds limit) {
  return {base::ErrorCode::deadline_exceeded, "no answer within " + std::to_string(limit.count()) + " ms"};
}

bool was_cancelled(const std::exception_ptr& e) {
  return is_cancellation(e);
}

}  // namespace async::detail
