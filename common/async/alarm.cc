#include "common/async/alarm.h"

#include <utility>

namespace async {

Alarm::Alarm(const net::any_io_executor& executor, std::chrono::milliseconds limit,
             std::function<void()> ring)
    : state_{std::make_shared<State>()}, timer_{executor, limit} {
  timer_.async_wait([state = state_, ring = std::move(ring)](const boost::system::error_code& error) {
    // A timer that has expired already can no longer be cancelled: `alive` says that the owner is gone.
    if (error || !state->alive) return;
    state->rang = true;
    ring();
  });
}

Alarm::~Alarm() {
  state_->alive = false;
}

}  // namespace async
