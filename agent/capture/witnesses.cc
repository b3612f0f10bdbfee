#include "agent/capture/witnesses.h"

#include <deskledger/agent/v1/capture.pb.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace agent::capture {

namespace v1 = deskledger::agent::v1;
using std::chrono::milliseconds;
using Time = std::optional<timing::UtcMs>;

namespace {

// The start is logged by both in the same millisecond; a request reaches the service after the window drew
// it.
constexpr milliseconds kSameStart{1'000};
constexpr milliseconds kSameRequest{5'000};
constexpr milliseconds kSameEnd{2'000};

bool near(const Time& a, const Time& b, milliseconds by) {
  return a && b && std::chrono::abs(*a - *b) <= by;
}

std::int64_t put(const Time& time) {
  return time ? timing::to_ms(*time) : 0;
}

Time read(std::int64_t ms) {
  return ms == 0 ? Time{} : Time{timing::from_ms(ms)};
}

template <class Entry>
Entry* find(std::vector<Entry>& entries, const std::string& key) {
  const auto found = std::ranges::find(entries, key, &Entry::key);
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace

Witnesses::Times Witnesses::times_of(const session::Snapshot& snapshot) {
  return {.requested = snapshot.requested, .started = snapshot.started, .ended = snapshot.ended};
}

bool Witnesses::same(const Times& a, const Times& b) {
  if (a.started && b.started) return near(a.started, b.started, kSameStart);
  if (a.requested && b.requested) return near(a.requested, b.requested, kSameRequest);
  return near(a.ended, b.ended, kSameEnd);
}

bool Witnesses::has_service(const Times& times) const {
  return std::ranges::any_of(services_, [&](const Service& known) { return same(known.times, times); });
}

std::string Witnesses::told_as(const session::Snapshot& snapshot) {
  Service* known = find(services_, snapshot.key);
  if (known == nullptr) {
    known = &services_.emplace_back(Service{.key = snapshot.key, .told_as = {}, .times = {}});
  }
  known->times = times_of(snapshot);
  for (Window& window : windows_) {
    if (window.taken || !same(window.times, known->times)) continue;
    window.taken = true;
    window.waits.reset();
    if (window.told && known->told_as.empty()) known->told_as = window.key;
  }
  return known->told_as.empty() ? known->key : known->told_as;
}

void Witnesses::window(const session::Snapshot& snapshot, Telling telling, std::int64_t boot_ms) {
  Window* known = find(windows_, snapshot.key);
  if (known == nullptr) {
    known = &windows_.emplace_back(
        Window{.key = snapshot.key, .times = {}, .taken = false, .told = false, .waits = {}});
  }
  if (known->taken) return;
  known->times = times_of(snapshot);
  if (!known->waits) known->waits_since_boot_ms = boot_ms;
  known->waits = std::move(telling);
}

// Not before everything was read: at the start of an agent the windows of a week may come before the
// services.
void Witnesses::forget_the_oldest() {
  if (services_.size() > kSessionsMax) {
    services_.erase(services_.begin(), services_.end() - static_cast<std::ptrdiff_t>(kSessionsMax));
  }
  std::size_t surplus = windows_.size() > kSessionsMax ? windows_.size() - kSessionsMax : 0;
  std::erase_if(windows_, [&surplus](const Window& window) {
    if (surplus == 0 || window.waits) return false;
    --surplus;
    return true;
  });
}

std::vector<Telling> Witnesses::decide(std::int64_t boot_ms) {
  std::vector<Telling> tellings;
  for (Window& window : windows_) {
    if (!window.waits) continue;
    if (!window.told && has_service(window.times)) {
      window.taken = true;
      window.waits.reset();
      continue;
    }
    // After a restart of the agent it waits anew.
    if (!window.waits_since_boot_ms) window.waits_since_boot_ms = boot_ms;
    if (boot_ms - *window.waits_since_boot_ms < kPatienceMs) continue;
    told_by_windows_ += window.told ? 0 : 1;
    window.told = true;
    tellings.push_back(std::move(*window.waits));
    window.waits.reset();
  }
  forget_the_oldest();
  return tellings;
}

std::string Witnesses::save() const {
  v1::WitnessMemory memory;
  for (const Service& service : services_) {
    v1::ServiceSession& to = *memory.add_services();
    to.set_key(service.key);
    to.set_told_as(service.told_as);
    to.set_requested_utc_ms(put(service.times.requested));
    to.set_started_utc_ms(put(service.times.started));
    to.set_ended_utc_ms(put(service.times.ended));
  }
  for (const Window& window : windows_) {
    v1::WindowSession& to = *memory.add_windows();
    to.set_key(window.key);
    to.set_requested_utc_ms(put(window.times.requested));
    to.set_started_utc_ms(put(window.times.started));
    to.set_ended_utc_ms(put(window.times.ended));
    to.set_taken(window.taken);
    to.set_told(window.told);
    if (!window.waits) continue;
    to.set_body(window.waits->body);
    to.set_remote_id(window.waits->remote_id);
  }
  return memory.SerializeAsString();
}

base::Result<Witnesses> Witnesses::load(std::string_view bytes) {
  v1::WitnessMemory memory;
  if (!memory.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return base::fail(base::ErrorCode::corrupt, "reading which sessions windows told of: it is damaged");
  }
  Witnesses witnesses;
  for (const v1::ServiceSession& from : memory.services()) {
    witnesses.services_.push_back({.key = from.key(),
                                   .told_as = from.told_as(),
                                   .times = {.requested = read(from.requested_utc_ms()),
                                             .started = read(from.started_utc_ms()),
                                             .ended = read(from.ended_utc_ms())}});
  }
  for (const v1::WindowSession& from : memory.windows()) {
    Window window{.key = from.key(),
                  .times = {.requested = read(from.requested_utc_ms()),
                            .started = read(from.started_utc_ms()),
                            .ended = read(from.ended_utc_ms())},
                  .taken = from.taken(),
                  .told = from.told(),
                  .waits = {}};
    if (!from.body().empty()) {
      window.waits = Telling{.key = from.key(), .remote_id = from.remote_id(), .body = from.body()};
    }
    witnesses.windows_.push_back(std::move(window));
  }
  return witnesses;
}

}  // namespace agent::capture
