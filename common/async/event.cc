#include "common/async/event.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/assert.hpp>
#include <boost/system/system_error.hpp>

namespace async {

void Event::set() {
  set_ = true;
  timer_.cancel();
}

net::awaitable<void> Event::wait() {
  BOOST_ASSERT_MSG(!waiting_, "an Event has one waiter");
  if (!set_) {
    waiting_ = true;
    timer_.expires_at(net::steady_timer::time_point::max());
    co_await timer_.async_wait(net::as_tuple(net::use_awaitable));
    waiting_ = false;
    // The timer ends the same way for set() and for a cancelled task; the flag tells them apart.
    if (!set_) throw boost::system::system_error{net::error::operation_aborted};
  }
  set_ = false;
}

}  // namespace async
