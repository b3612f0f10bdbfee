#include "agent/commands/told.h"

#include <algorithm>
#include <utility>

#include <deskledger/v1/fact.pb.h>

namespace agent::commands {

namespace {

namespace v1 = deskledger::v1;

std::string outcome_of(v1::Outcome outcome) {
  switch (outcome) {
    case v1::OUTCOME_ACTIVE: return "active";
    case v1::OUTCOME_COMPLETED: return "completed";
    case v1::OUTCOME_FAILED: return "failed";
    case v1::OUTCOME_ABANDONED: return "abandoned";
    case v1::OUTCOME_PARTIAL: return "partial";
    default: return "unknown";
  }
}

std::string kind_of(v1::SessionKind kind) {
  switch (kind) {
    case v1::SESSION_KIND_DESKTOP: return "desktop";
    case v1::SESSION_KIND_FILE_TRANSFER: return "file_transfer";
    case v1::SESSION_KIND_VPN: return "vpn";
    default: return "unknown";
  }
}

SessionView view_of(const v1::SessionFact& fact) {
  const auto time = [](bool there, std::int64_t ms) {
    return there ? std::optional{timing::from_ms(ms)} : std::nullopt;
  };
  SessionView view;
  view.key = fact.session_key();
  view.remote_id = fact.remote_id();
  view.withheld = fact.remote_id_withheld();
  view.kind = kind_of(fact.session_kind());
  view.outcome = outcome_of(fact.outcome());
  view.requested = time(fact.has_requested_utc_ms(), fact.requested_utc_ms());
  view.started = time(fact.has_started_utc_ms(), fact.started_utc_ms());
  view.ended = time(fact.has_ended_utc_ms(), fact.ended_utc_ms());
  view.end_reason = fact.end_reason();
  view.source = fact.source();
  view.from_window = fact.witness() == v1::WITNESS_WINDOW;
  view.anydesk_id = fact.anydesk_id();
  view.anydesk_version = fact.anydesk_version();
  return view;
}

}  // namespace

std::optional<std::chrono::milliseconds> SessionView::duration() const {
  if (outcome != "completed" || !started || !ended || *ended < *started) return std::nullopt;
  return *ended - *started;
}

SessionView view_of(const session::Snapshot& snapshot) {
  SessionView view;
  view.key = snapshot.key;
  view.remote_id = snapshot.remote_id.value_or("");
  view.kind = session::to_string(snapshot.kind);
  view.outcome = session::to_string(snapshot.outcome);
  view.requested = snapshot.requested;
  view.started = snapshot.started;
  view.ended = snapshot.ended;
  view.end_reason = snapshot.end_reason;
  view.source = snapshot.source;
  view.from_window = snapshot.witness == session::Witness::window;
  view.anydesk_id = snapshot.anydesk_id;
  view.anydesk_version = snapshot.anydesk_version;
  return view;
}

Told told_by(const std::vector<std::string>& bodies) {
  Told told;
  for (const auto& body : bodies) {
    v1::Fact fact;
    if (!fact.ParseFromString(body)) continue;
    if (fact.has_session()) {
      auto view = view_of(fact.session());
      std::erase_if(told.sessions, [&](const SessionView& known) { return known.key == view.key; });
      told.sessions.push_back(std::move(view));
    } else if (fact.has_gap()) {
      told.gaps.push_back({.source = fact.gap().source(),
                           .bytes_lost_min = fact.gap().bytes_lost_min(),
                           .cause = fact.gap().cause(),
                           .observed = timing::from_ms(fact.observed_utc_ms())});
      if (fact.gap().has_from_utc_ms()) told.gaps.back().from = timing::from_ms(fact.gap().from_utc_ms());
      if (fact.gap().has_to_utc_ms()) told.gaps.back().to = timing::from_ms(fact.gap().to_utc_ms());
    }
  }
  return told;
}

}  // namespace agent::commands
