#include "agent/capture/registry.h"

#include <deskledger/agent/v1/capture.pb.h>

#include <algorithm>
#include <utility>

#include "agent/seal/fact.h"
#include "common/record/terminal_digest.h"

namespace agent::capture {

namespace v1 = deskledger::agent::v1;

bool Registry::is_registered(std::string_view remote_id) const {
  return !remote_id.empty() && std::ranges::binary_search(digests_, record::terminal_digest(remote_id));
}

void Registry::tell(Telling telling, std::vector<std::string>& bodies) {
  if (policy_ == Unregistered::report || is_registered(telling.remote_id)) {
    std::erase_if(kept_, [&](const Telling& kept) { return kept.key == telling.key; });
    bodies.push_back(std::move(telling.body));
    return;
  }
  ++withheld_;
  if (policy_ == Unregistered::anonymous) bodies.push_back(seal::without_remote_id(telling.body));
  keep(std::move(telling));
}

// The newest fact of a session says all that the older ones said.
void Registry::keep(Telling telling) {
  const auto known = std::ranges::find(kept_, telling.key, &Telling::key);
  if (known != kept_.end()) {
    *known = std::move(telling);
    return;
  }
  if (kept_.size() >= kKeptMax) {
    kept_.pop_front();
    ++dropped_;
  }
  kept_.push_back(std::move(telling));
}

void Registry::set_terminals(std::uint64_t version, std::vector<std::uint64_t> digests,
                             std::vector<std::string>& bodies) {
  version_ = version;
  digests_ = std::move(digests);
  std::erase_if(kept_, [&](Telling& kept) {
    if (!is_registered(kept.remote_id)) return false;
    bodies.push_back(std::move(kept.body));
    return true;
  });
}

std::string Registry::save_terminals() const {
  v1::TerminalMemory memory;
  memory.set_version(version_);
  for (const std::uint64_t digest : digests_) memory.add_digests(digest);
  return memory.SerializeAsString();
}

std::string Registry::save_kept() const {
  v1::KeptMemory memory;
  for (const Telling& telling : kept_) {
    v1::Kept& to = *memory.add_kept();
    to.set_key(telling.key);
    to.set_remote_id(telling.remote_id);
    to.set_body(telling.body);
  }
  return memory.SerializeAsString();
}

base::Status Registry::load(std::string_view terminals, std::string_view kept) {
  v1::TerminalMemory list;
  v1::KeptMemory facts;
  if (!list.ParseFromArray(terminals.data(), static_cast<int>(terminals.size())) ||
      !facts.ParseFromArray(kept.data(), static_cast<int>(kept.size()))) {
    return base::fail(base::ErrorCode::corrupt, "reading the kept sessions of unregistered terminals");
  }
  version_ = list.version();
  digests_.assign(list.digests().begin(), list.digests().end());
  kept_.clear();
  for (const v1::Kept& from : facts.kept()) {
    kept_.push_back({.key = from.key(), .remote_id = from.remote_id(), .body = from.body()});
  }
  return {};
}

}  // namespace agent::capture
