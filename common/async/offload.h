// Blocking work, away from the network thread.

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>

namespace async {

namespace net = boost::asio;

// Runs `work` on `worker` (an asio::thread_pool's executor) and resumes the caller on its own executor when
// it has ended. What `work` throws is thrown here. `work` always runs to its end, even when the waiting task
// is cancelled, so it may use what the caller owns. The queue before the pool is as long as the number of
// tasks that wait: whoever spawns the tasks bounds it.
net::awaitable<void> offload(net::any_io_executor worker, std::function<void()> work);

}  // namespace async
