#include "collector/pipeline/fact.h"

#include <deskledger/v1/fact.pb.h>

#include <algorithm>
#include <initializer_list>
#include <limits>

#include "collector/store/text.h"

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

// Words of collector/attribution/capture.h. What a later version says is kept as "other": it is no reason to
// lose the session from sight.
std::string witness_name(wire::Witness witness) {
  switch (witness) {
    case wire::WITNESS_SERVICE: return "service";
    case wire::WITNESS_WINDOW: return "window";
    default: return "other";
  }
}

std::string doubt_name(wire::Doubt doubt) {
  switch (doubt) {
    case wire::DOUBT_REMOTE_ID_TYPED: return "remote_id_typed";
    case wire::DOUBT_PAIRING: return "pairing";
    case wire::DOUBT_KIND: return "kind";
    default: return "other";
  }
}

std::string cause_name(wire::AbandonCause cause) {
  switch (cause) {
    case wire::ABANDON_CAUSE_CRASH: return "crash";
    case wire::ABANDON_CAUSE_KILL: return "kill";
    case wire::ABANDON_CAUSE_POWER: return "power";
    case wire::ABANDON_CAUSE_LOG_OFF: return "log_off";
    case wire::ABANDON_CAUSE_REPLACED: return "replaced";
    default: return "";
  }
}

// In the order of the fact, each once.
std::string doubt_names(const wire::SessionFact& fact) {
  std::vector<std::string> names;
  for (int i = 0; i < fact.doubts_size(); ++i) {
    auto name = doubt_name(fact.doubts(i));
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  std::string joined;
  for (const auto& name : names) joined += (joined.empty() ? "" : ",") + name;
  return joined;
}

// One hostile record must become one row that a person sees, not an error of
// the database that blocks every record behind it.
base::Status check_keys(std::initializer_list<std::string_view> keys) {
  for (const auto key : keys) {
    if (key.size() > store::key_bytes_max) {
      return fail(ErrorCode::corrupt, "a name in it has " + std::to_string(key.size()) + " bytes");
    }
  }
  return {};
}

base::Status check_texts(std::initializer_list<std::string_view> texts) {
  if (std::ranges::all_of(texts, store::is_storable)) return {};
  return fail(ErrorCode::corrupt, "a text in it is not UTF-8, or has a NUL character");
}

// Sums of times and settings must not overflow, and RFC 3339 ends with the year 9999.
constexpr std::int64_t kEndOf9999_ms = 253'402'300'799'999;

base::Status check_times(std::initializer_list<std::optional<timing::UtcMs>> times) {
  for (const auto& time : times) {
    if (time && (timing::to_ms(*time) < 0 || timing::to_ms(*time) > kEndOf9999_ms)) {
      return fail(ErrorCode::corrupt, "a time in it is not between 1970 and 9999");
    }
  }
  return {};
}

base::Status check(const store::SessionRow& row) {
  if (row.session_key.empty()) return fail(ErrorCode::corrupt, "a session fact without a key");
  if (row.outcome.empty()) {
    return fail(ErrorCode::corrupt, "a session fact with an outcome this version does not know");
  }
  if (row.duration_boot_ms && (*row.duration_boot_ms < 0 || *row.duration_boot_ms > kEndOf9999_ms)) {
    return fail(ErrorCode::corrupt, "a duration in it is negative or longer than all time");
  }
  if (auto ok = check_keys({row.session_key, row.remote_id, row.anydesk_id}); !ok) return ok;
  if (auto ok = check_texts({row.session_key, row.remote_id, row.anydesk_id, row.end_reason, row.boot_id});
      !ok)
    return ok;
  return check_times({row.requested, row.started, row.ended, row.last_seen});
}

base::Status check(const wire::GapFact& fact, const store::GapRow& row) {
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (fact.after_offset() > kMax || fact.bytes_lost_min() > kMax) {
    return fail(ErrorCode::corrupt, "a gap of more bytes than any file has");
  }
  if (auto ok = check_texts({row.source, row.cause}); !ok) return ok;
  return check_times({row.observed, row.from, row.to});
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

std::optional<timing::UtcMs> when(bool known, std::int64_t ms) {
  return known ? std::optional{timing::from_ms(ms)} : std::nullopt;
}

base::Result<Fact> session_fact(const wire::SessionFact& fact, const std::string& boot_id) {
  store::SessionRow row;
  row.session_key = fact.session_key();
  row.anydesk_id = fact.anydesk_id();
  row.remote_id = lower(fact.remote_id());
  row.kind = kind_name(fact.session_kind());
  row.outcome = outcome_name(fact.outcome());
  row.requested = when(fact.has_requested_utc_ms(), fact.requested_utc_ms());
  row.started = when(fact.has_started_utc_ms(), fact.started_utc_ms());
  row.ended = when(fact.has_ended_utc_ms(), fact.ended_utc_ms());
  row.last_seen = when(fact.has_last_seen_utc_ms(), fact.last_seen_utc_ms());
  row.end_reason = fact.end_reason();
  row.clock_backwards = fact.clock_went_backwards();
  row.witness = witness_name(fact.witness());
  row.doubts = doubt_names(fact);
  row.abandon_cause = cause_name(fact.abandon_cause());
  if (fact.has_duration_boot_ms()) row.duration_boot_ms = fact.duration_boot_ms();
  row.duration_boot_uncertainty_ms = fact.duration_boot_uncertainty_ms();
  row.clock_jumped = fact.clock_jumped();
  row.over_length = fact.over_length();
  row.overnight = fact.overnight();
  row.remote_id_withheld = fact.remote_id_withheld() && row.remote_id.empty();
  row.window_pid = fact.window_pid();
  row.reconnects = fact.reconnects();
  row.boot_id = boot_id;
  if (auto ok = check(row); !ok) return std::unexpected{ok.error()};
  return row;
}

base::Result<Fact> gap_fact(const wire::GapFact& fact, std::int64_t observed_ms) {
  store::GapRow row;
  row.source = fact.source();
  row.after_offset = static_cast<std::int64_t>(fact.after_offset());
  row.bytes_lost_min = static_cast<std::int64_t>(fact.bytes_lost_min());
  row.cause = fact.cause();
  row.observed = timing::from_ms(observed_ms);
  row.from = when(fact.has_from_utc_ms(), fact.from_utc_ms());
  row.to = when(fact.has_to_utc_ms(), fact.to_utc_ms());
  if (auto ok = check(fact, row); !ok) return std::unexpected{ok.error()};
  return row;
}

}  // namespace

base::Result<Fact> read_fact(std::string_view body) {
  wire::Fact fact;
  if (!fact.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
    return fail(ErrorCode::corrupt, "the body is no fact");
  }
  switch (fact.kind_case()) {
    case wire::Fact::kSession: return session_fact(fact.session(), fact.boot_id());
    case wire::Fact::kGap: return gap_fact(fact.gap(), fact.observed_utc_ms());
    case wire::Fact::KIND_NOT_SET: break;
  }
  return fail(ErrorCode::corrupt, "a fact of a kind this version does not know");
}

}  // namespace collector::pipeline
