// "Something has happened, look again": from one coroutine to another on the same thread.

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace async {

namespace net = boost::asio;

// Lives on one executor and is used only from it; one coroutine waits at a time (asserted). Rings that come
// while nobody waits are kept as one: the waiter must look at all there is.
class Event {
 public:
  explicit Event(const net::any_io_executor& executor) : timer_{executor} {}

  void set();

  // Returns at once if set() was called since the last wait ended, else when it is called. A cancelled task
  // is thrown out with operation_aborted.
  net::awaitable<void> wait();

 private:
  net::steady_timer timer_;
  bool set_ = false;
  bool waiting_ = false;
};

}  // namespace async
