// Runs coroutines to their end on an io_context of their own.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace support {

namespace net = boost::asio;

// Returns when `task` has ended; what it throws is thrown. A task that waits for something that never comes
// is an error, not a hanging test: io.run() returns when nothing is left to wait for.
inline void run(net::io_context& io, net::awaitable<void> task) {
  bool done = false;
  net::co_spawn(io, std::move(task), [&](const std::exception_ptr& e) {
    if (e) std::rethrow_exception(e);
    done = true;
  });
  io.restart();
  while (!done && io.run_one() > 0) {
  }
  if (!done) throw std::logic_error{"the coroutine never ended"};
}

// The same for a task that returns something, which need not have a default.
template <class T>
T run(net::io_context& io, net::awaitable<T> task) {
  std::optional<T> result;
  run(io, [](net::awaitable<T> t, std::optional<T>& r) -> net::awaitable<void> {
    r.emplace(co_await std::move(t));
  }(std::move(task), result));
  return std::move(*result);
}

}  // namespace support
