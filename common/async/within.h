// Time limits for awaitables.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <utility>

#include "common/base/result.h"

namespace async {

namespace net = boost::asio;

namespace detail {

// Runs `operation` and cancels it after `limit`. Returns when it has ended. Compiled once, because Asio's
// operator|| is the costly part.
net::awaitable<void> cancel_after(std::chrono::milliseconds limit, net::awaitable<void> operation);

template <class T>
struct Outcome {
  std::optional<base::Result<T>> result;
  std::exception_ptr exception;
};

template <class T>
net::awaitable<void> keep(net::awaitable<base::Result<T>> operation, Outcome<T>& outcome) {
  try {
    outcome.result.emplace(co_await std::move(operation));
  } catch (...) {
    outcome.exception = std::current_exception();
  }
}

base::Error too_late(std::chrono::milliseconds limit);

// True when `e` is how the cancelled operation was thrown out.
bool was_cancelled(const std::exception_ptr& e);

}  // namespace detail

// Runs `operation`; if it has not finished within `limit`, cancels it and returns deadline_exceeded. The
// operation has stopped by the time this returns, so nothing it borrowed is still in use; and if it finished
// in spite of being cancelled, its result counts. It must be one that Asio's cancellation reaches (timers,
// sockets, our streams).
template <class T>
net::awaitable<base::Result<T>> within(std::chrono::milliseconds limit,
                                       net::awaitable<base::Result<T>> operation) {
  detail::Outcome<T> outcome;
  const auto start = std::chrono::steady_clock::now();
  co_await detail::cancel_after(limit, detail::keep(std::move(operation), outcome));
  const bool late = std::chrono::steady_clock::now() - start >= limit;
  if (outcome.exception && !(late && detail::was_cancelled(outcome.exception))) {
    std::rethrow_exception(outcome.exception);
  }
  if (outcome.result && (outcome.result->has_value() || !late)) co_return std::move(*outcome.result);
  co_return std::unexpected<base::Error>{detail::too_late(limit)};
}

}  // namespace async
