#include "agent/capture/process_life.h"

namespace agent::capture {

session::AbandonCause abandon_cause_of(process::EndCause cause) {
  switch (cause) {
    case process::EndCause::crash: return session::AbandonCause::crash;
    case process::EndCause::kill: return session::AbandonCause::kill;
    case process::EndCause::log_off: return session::AbandonCause::log_off;
    case process::EndCause::normal:
    case process::EndCause::unknown: return session::AbandonCause::unknown;
  }
  return session::AbandonCause::unknown;
}

void ProcessLife::want(const std::set<std::uint32_t>& pids) {
  if (watch_ == nullptr) return;
  std::erase_if(looks_, [&](const auto& known) {
    if (pids.contains(known.first)) return false;
    watch_->forget(known.first);
    return true;
  });
  for (const std::uint32_t pid : pids) {
    if (!looks_.contains(pid)) looks_.emplace(pid, watch_->watch(pid));
  }
}

process::Look ProcessLife::look(std::uint32_t pid) const {
  const auto known = looks_.find(pid);
  return known == looks_.end() ? process::Look{} : known->second;
}

std::vector<process::End> ProcessLife::ended() {
  return watch_ == nullptr ? std::vector<process::End>{} : watch_->drain();
}

}  // namespace agent::capture
