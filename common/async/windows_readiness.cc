#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/windows/object_handle.hpp>
#include <boost/assert.hpp>
#include <boost/system/system_error.hpp>

#include "common/async/readiness.h"

namespace async {

namespace {

// Asio's object_handle closes what it holds, so it is given a handle of its own to the same event.
HANDLE own_handle(HANDLE lent) {
  HANDLE own = nullptr;
  if (::DuplicateHandle(::GetCurrentProcess(), lent, ::GetCurrentProcess(), &own, 0, FALSE,
                        DUPLICATE_SAME_ACCESS) == 0) {
    throw boost::system::system_error{static_cast<int>(::GetLastError()), boost::system::system_category(),
                                      "lending an event"};
  }
  return own;
}

// A co_await also throws, when the task was cancelled before it.
class Turn {
 public:
  Turn(bool& waiting, net::cancellation_slot slot) : waiting_{waiting}, slot_{slot} { waiting_ = true; }
  ~Turn() {
    waiting_ = false;
    slot_.clear();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  bool& waiting_;
  net::cancellation_slot slot_;
};

}  // namespace

class Readiness::Impl {
 public:
  Impl(const net::any_io_executor& executor, HANDLE waitable) : event{executor, own_handle(waitable)} {}

  net::windows::object_handle event;
  bool waiting = false;
};

Readiness::Readiness(const net::any_io_executor& executor, base::Waitable waitable) {
  BOOST_ASSERT_MSG(waitable != base::kNotWaitable, "nothing to wait for");
  impl_ = std::make_unique<Impl>(executor, waitable);
}

Readiness::~Readiness() = default;

net::awaitable<void> Readiness::wait() {
  BOOST_ASSERT_MSG(!impl_->waiting, "a Readiness has one waiter");
  const auto state = co_await net::this_coro::cancellation_state;
  const Turn turn{impl_->waiting, state.slot()};
  // Boost 1.81's object_handle ignores the cancellation slot of its handler, so it is told by hand.
  if (state.slot().is_connected()) {
    state.slot().assign([impl = impl_.get()](net::cancellation_type) {
      boost::system::error_code ignored;
      impl->event.cancel(ignored);
    });
  }
  const auto [error] = co_await impl_->event.async_wait(net::as_tuple(net::use_awaitable));
  if (error) throw boost::system::system_error{error};
}

}  // namespace async
