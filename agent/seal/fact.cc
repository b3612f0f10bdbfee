#include "agent/seal/fact.h"

#include <deskledger/v1/fact.pb.h>

#include <cstddef>
#include <string_view>

#include "agent/seal/discretion.h"
#include "common/base/utf8.h"

namespace agent::seal {

namespace wire = deskledger::v1;

namespace {

wire::Outcome to_wire(session::Outcome outcome) {
  switch (outcome) {
    case session::Outcome::active: return wire::OUTCOME_ACTIVE;
    case session::Outcome::completed: return wire::OUTCOME_COMPLETED;
    case session::Outcome::failed: return wire::OUTCOME_FAILED;
    case session::Outcome::abandoned: return wire::OUTCOME_ABANDONED;
    case session::Outcome::partial: return wire::OUTCOME_PARTIAL;
  }
  return wire::OUTCOME_UNSPECIFIED;
}

wire::SessionKind to_wire(session::Kind kind) {
  switch (kind) {
    case session::Kind::desktop: return wire::SESSION_KIND_DESKTOP;
    case session::Kind::file_transfer: return wire::SESSION_KIND_FILE_TRANSFER;
    case session::Kind::vpn: return wire::SESSION_KIND_VPN;
  }
  return wire::SESSION_KIND_UNSPECIFIED;
}

wire::AbandonCause to_wire(session::AbandonCause cause) {
  switch (cause) {
    case session::AbandonCause::unknown: return wire::ABANDON_CAUSE_UNSPECIFIED;
    case session::AbandonCause::crash: return wire::ABANDON_CAUSE_CRASH;
    case session::AbandonCause::kill: return wire::ABANDON_CAUSE_KILL;
    case session::AbandonCause::power: return wire::ABANDON_CAUSE_POWER;
    case session::AbandonCause::log_off: return wire::ABANDON_CAUSE_LOG_OFF;
    case session::AbandonCause::replaced: return wire::ABANDON_CAUSE_REPLACED;
  }
  return wire::ABANDON_CAUSE_UNSPECIFIED;
}

wire::Doubt to_wire(session::Doubt doubt) {
  switch (doubt) {
    case session::Doubt::remote_id_typed: return wire::DOUBT_REMOTE_ID_TYPED;
    case session::Doubt::pairing: return wire::DOUBT_PAIRING;
    case session::Doubt::kind: return wire::DOUBT_KIND;
  }
  return wire::DOUBT_UNSPECIFIED;
}

wire::Fact begin(const Observed& observed) {
  wire::Fact fact;
  fact.set_observed_utc_ms(timing::to_ms(observed.utc));
  fact.set_observed_boot_ms(observed.boot_ms);
  fact.set_utc_offset_min(observed.utc_offset_min);
  fact.set_boot_id(observed.boot_id);
  return fact;
}

// Protobuf refuses text that is no UTF-8, and a trace may hold any byte. A damaged line may also be very
// long, and a record that is larger than the wire allows would stop the stream for ever.
std::string text_of(std::string_view text, std::size_t bytes_max = kTextBytesMax) {
  const std::string valid = base::to_valid_utf8(text.substr(0, bytes_max + 4));
  std::size_t end = 0;
  while (end < valid.size()) {
    const auto next = end + base::utf8_length(std::string_view{valid}.substr(end));
    if (next > bytes_max) break;
    end = next;
  }
  return valid.substr(0, end);
}

}  // namespace

std::string fact_of(const session::Snapshot& snapshot, const Observed& observed, const Measured& measured) {
  wire::Fact fact = begin(observed);
  auto& session = *fact.mutable_session();
  session.set_session_key(text_of(snapshot.key, kPathBytesMax));
  session.set_outcome(to_wire(snapshot.outcome));
  session.set_session_kind(to_wire(snapshot.kind));
  if (snapshot.remote_id && is_remote_id(*snapshot.remote_id))
    session.set_remote_id(text_of(*snapshot.remote_id));
  if (snapshot.requested) session.set_requested_utc_ms(timing::to_ms(*snapshot.requested));
  if (snapshot.started) session.set_started_utc_ms(timing::to_ms(*snapshot.started));
  if (snapshot.ended) session.set_ended_utc_ms(timing::to_ms(*snapshot.ended));
  if (snapshot.last_seen) session.set_last_seen_utc_ms(timing::to_ms(*snapshot.last_seen));
  session.set_end_reason(text_of(discreet_reason(snapshot.end_reason)));
  session.set_pid(snapshot.pid);
  session.set_fiber(snapshot.fiber);
  session.set_source(text_of(snapshot.source, kPathBytesMax));
  session.set_clock_went_backwards(snapshot.clock_went_backwards);
  session.set_anydesk_id(text_of(snapshot.anydesk_id));
  session.set_anydesk_version(text_of(snapshot.anydesk_version));
  if (snapshot.requested_offset) session.set_requested_offset(*snapshot.requested_offset);
  if (snapshot.started_offset) session.set_started_offset(*snapshot.started_offset);
  if (snapshot.ended_offset) session.set_ended_offset(*snapshot.ended_offset);
  session.set_witness(snapshot.witness == session::Witness::window ? wire::WITNESS_WINDOW
                                                                   : wire::WITNESS_SERVICE);
  for (const session::Doubt doubt : snapshot.doubts) session.add_doubts(to_wire(doubt));
  session.set_abandon_cause(to_wire(snapshot.abandon_cause));
  session.set_window_pid(snapshot.window_pid);
  session.set_reconnects(snapshot.reconnects);
  if (measured.duration_boot_ms) session.set_duration_boot_ms(*measured.duration_boot_ms);
  session.set_duration_boot_uncertainty_ms(measured.duration_boot_uncertainty_ms);
  session.set_clock_jumped(measured.clock_jumped);
  session.set_over_length(measured.over_length);
  session.set_overnight(measured.overnight);
  return fact.SerializeAsString();
}

std::string without_remote_id(const std::string& body) {
  wire::Fact fact;
  if (!fact.ParseFromString(body) || !fact.has_session()) return body;
  fact.mutable_session()->clear_remote_id();
  fact.mutable_session()->set_remote_id_withheld(true);
  return fact.SerializeAsString();
}

std::string fact_of(const Gap& gap, const Observed& observed) {
  wire::Fact fact = begin(observed);
  auto& lost = *fact.mutable_gap();
  lost.set_source(text_of(gap.source, kPathBytesMax));
  lost.set_after_offset(gap.after_offset);
  lost.set_bytes_lost_min(gap.bytes_lost_min);
  lost.set_cause(text_of(gap.cause));
  if (gap.from) lost.set_from_utc_ms(timing::to_ms(*gap.from));
  if (gap.to) lost.set_to_utc_ms(timing::to_ms(*gap.to));
  return fact.SerializeAsString();
}

}  // namespace agent::seal
