#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/assert.hpp>
#include <boost/system/system_error.hpp>

#include "common/async/readiness.h"

namespace async {

namespace {

// A co_await also throws, when the task was cancelled before it.
class Turn {
 public:
  explicit Turn(bool& waiting) : waiting_{waiting} { waiting_ = true; }
  ~Turn() { waiting_ = false; }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  bool& waiting_;
};

}  // namespace

class Readiness::Impl {
 public:
  Impl(const net::any_io_executor& executor, int waitable) : descriptor{executor, waitable} {}
  // Otherwise it would close what is only lent.
  ~Impl() { descriptor.release(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  net::posix::stream_descriptor descriptor;
  bool waiting = false;
};

Readiness::Readiness(const net::any_io_executor& executor, base::Waitable waitable) {
  BOOST_ASSERT_MSG(waitable != base::kNotWaitable, "nothing to wait for");
  impl_ = std::make_unique<Impl>(executor, waitable);
}

Readiness::~Readiness() = default;

net::awaitable<void> Readiness::wait() {
  BOOST_ASSERT_MSG(!impl_->waiting, "a Readiness has one waiter");
  const Turn turn{impl_->waiting};
  boost::system::error_code error;
  co_await impl_->descriptor.async_wait(net::posix::stream_descriptor::wait_read,
                                        net::redirect_error(net::use_awaitable, error));
  if (error) throw boost::system::system_error{error};
}

}  // namespace async
