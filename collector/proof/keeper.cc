#include "collector/proof/keeper.h"

#include <utility>

#include "common/logging/log.h"

namespace collector::proof {

Keeper::Keeper(store::Connection database, Log log, std::chrono::seconds interval, const timing::Clock& clock)
    : database_{std::move(database)},
      log_{std::move(log)},
      interval_{interval},
      clock_{clock},
      thread_{[this](const std::stop_token& stop) { loop(stop); }} {}

void Keeper::tell(const base::Result<bool>& done) {
  const std::string trouble = done ? "" : done.error().message;
  const bool needs_a_person = !done && done.error().code == base::ErrorCode::corrupt;
  if (trouble == trouble_ && !needs_a_person) return;
  if (done) {
    logging::info("the log goes on");
  } else {
    logging::error("no checkpoint could be signed; it is tried again", {{"reason", trouble}});
  }
  trouble_ = trouble;
}

void Keeper::loop(const std::stop_token& stop) {
  for (bool last = false; !last;) {
    last = stop.stop_requested();
    tell(log_.step(database_, clock_.utc()));
    std::unique_lock lock{mutex_};
    if (!last) stopped_.wait_for(lock, stop, interval_, [] { return false; });
  }
}

}  // namespace collector::proof
