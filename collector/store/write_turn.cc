#include "collector/store/write_turn.h"

#include <map>

namespace collector::store {

std::shared_ptr<WriteTurns> WriteTurns::of(const std::string& file) {
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<WriteTurns>> known;
  const std::lock_guard lock{mutex};
  std::erase_if(known, [](const auto& entry) { return entry.second.expired(); });
  auto& entry = known[file];
  auto turns = entry.lock();
  if (!turns) entry = turns = std::make_shared<WriteTurns>();
  return turns;
}

bool WriteTurns::take(std::chrono::milliseconds limit) {
  std::unique_lock lock{mutex_};
  const auto ticket = next_++;
  if (moved_.wait_for(lock, limit, [&] { return serving_ == ticket; })) return true;
  left_.insert(ticket);
  return false;
}

void WriteTurns::give_back() {
  {
    const std::lock_guard lock{mutex_};
    ++serving_;
    while (left_.erase(serving_) > 0) ++serving_;
  }
  moved_.notify_all();
}

}  // namespace collector::store
