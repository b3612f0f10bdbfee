#include "collector/pipeline/fact.h"

#include <deskledger/v1/fact.pb.h>

namespace collector::pipeline {

namespace wire = deskledger::v1;
using base::ErrorCode;
using base::fail;

namespace {

std::string kind_name(wire::SessionKind kind) {
  switch (kind) {
    case wire::SESSION_KIND_DESKTOP: return "desktop";
    case wire::SESSION_KIND_FILE_TRANSFER: return "file_transfer";
    case wire::SESSION_KIND_VPN: return "vpn";
    default: return "";
  }
}

std::string outcome_name(wire::Outcome outcome) {
  switch (outcome) {
    case wire::OUTCOME_ACTIVE: return "active";
    case wire::OUTCOME_COMPLETED: return "completed";
    case wire::OUTCOME_FAILED: return "failed";
    case wire::OUTCOME_ABANDONED: return "abandoned";
    case wire::OUTCOME_PARTIAL: return "partial";
    default: return "";
  }
}

std::optional<timing::UtcMs> when(bool known, std::int64_t ms) {
  return known ? std::optional{timing::from_ms(ms)} : std::nullopt;
}

base::Result<Fact> session_fact(const wire::SessionFact& fact) {
  store::SessionRow row;
  row.session_key = fact.session_key();
  row.anydesk_id = fact.anydesk_id();
  row.remote_id = fact.remote_id();
  row.kind = kind_name(fact.session_kind());
  row.outcome = outcome_name(fact.outcome());
  row.requested = when(fact.has_requested_utc_ms(), fact.requested_utc_ms());
  row.started = when(fact.has_started_utc_ms(), fact.started_utc_ms());
  row.ended = when(fact.has_ended_utc_ms(), fact.ended_utc_ms());
  row.last_seen = when(fact.has_last_seen_utc_ms(), fact.last_seen_utc_ms());
  row.end_reason = fact.end_reason();
  row.clock_backwards = fact.clock_went_backwards();
  if (row.session_key.empty()) return fail(ErrorCode::corrupt, "a session fact without a key");
  if (row.outcome.empty())
    return fail(ErrorCode::corrupt, "a session fact with an outcome this version does not know");
  return row;
}

base::Result<Fact> gap_fact(const wire::GapFact& fact, std::int64_t observed_ms) {
  store::GapRow row;
  row.source = fact.source();
  row.after_offset = static_cast<std::int64_t>(fact.after_offset());
  row.bytes_lost_min = static_cast<std::int64_t>(fact.bytes_lost_min());
  row.cause = fact.cause();
  row.observed = timing::from_ms(observed_ms);
  return row;
}

}  // namespace

base::Result<Fact> read_fact(std::string_view body) {
  wire::Fact fact;
  if (!fact.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
    return fail(ErrorCode::corrupt, "the body is no fact");
  }
  switch (fact.kind_case()) {
    case wire::Fact::kSession: return session_fact(fact.session());
    case wire::Fact::kGap: return gap_fact(fact.gap(), fact.observed_utc_ms());
    case wire::Fact::KIND_NOT_SET: break;
  }
  return fail(ErrorCode::corrupt, "a fact of a kind this version does not know");
}

}  // namespace collector::pipeline
