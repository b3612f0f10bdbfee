#include "agent/platform/stop.h"

#include <utility>

namespace agent::platform {

void Stop::ask() {
  // The lock is held during the call, so that a listener which has gone is not in the middle of hearing.
  const std::scoped_lock lock{mutex_};
  if (std::exchange(asked_, true)) return;
  if (heard_) heard_();
}

bool Stop::asked() const {
  const std::scoped_lock lock{mutex_};
  return asked_;
}

Stop::Listening::Listening(Stop& stop, std::function<void()> heard) : stop_{stop} {
  const std::scoped_lock lock{stop_.mutex_};
  stop_.heard_ = std::move(heard);
  if (stop_.asked_) stop_.heard_();
}

Stop::Listening::~Listening() {
  const std::scoped_lock lock{stop_.mutex_};
  stop_.heard_ = nullptr;
}

}  // namespace agent::platform
