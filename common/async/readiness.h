// Waiting for a base::Waitable: the bridge from what the system signals to a coroutine.

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>

#include "common/base/waitable.h"

namespace async {

namespace net = boost::asio;

// Lives on one executor and is used only from it; one coroutine waits at a time (asserted). Lends the
// waitable, which must outlive it and is never closed here. Only one Readiness may exist for a waitable.
class Readiness {
 public:
  // Not kNotWaitable (asserted). Throws boost::system::system_error when the system refuses to wait for it.
  Readiness(const net::any_io_executor& executor, base::Waitable waitable);
  ~Readiness();  // Nobody waits any more.
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  // Returns when the waitable is signalled, at once if it is so already. A descriptor and a manual-reset
  // event stay signalled until whoever owns them has drained them, and are waited for after that; an
  // auto-reset event is reset by the wait. A cancelled task is thrown out with operation_aborted; it may have
  // reset an auto-reset event all the same.
  net::awaitable<void> wait();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace async
