#include "common/async/offload.h"

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
  co_await net::co_spawn(worker, call(std::move(work)), net::use_awaitable);
}

}  // namespace async
