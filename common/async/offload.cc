#include "common/async/offload.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace async {

namespace {

net::awaitable<void> call(std::function<void()> work) {
  work();
  co_return;
}

}  // namespace

net::awaitable<void> offload(net::any_io_executor worker, std::function<void()> work) {
  // Without a slot: a cancellation would be handed over to the worker, where it can come when the operation
  // is over and its memory another's (Boost 1.81, co_spawn_cancellation_handler). `work` could not hear it
  // anyway.
  co_await net::co_spawn(worker, call(std::move(work)),
                         net::bind_cancellation_slot(net::cancellation_slot{}, net::use_awaitable));
}

}  // namespace async
