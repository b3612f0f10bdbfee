#include "collector/actions/review.h"

#include <algorithm>
#include <boost/json.hpp>

#include "collector/actions/adjustments.h"
#include "collector/actions/open_session.h"
#include "collector/ledger/entry.h"
#include "collector/rating/rate.h"
#include "collector/store/charges.h"
#include "collector/store/ledger.h"
#include "collector/store/series.h"

namespace collector::actions {

using attribution::ReviewReason;
using base::ErrorCode;
using base::fail;

namespace {

// Those of an attribution, as the pipeline stored them. Codes of a later version are left out.
std::vector<ReviewReason> reasons_of(const store::AttributionRow& attribution) {
  boost::system::error_code ignored;
  const auto value = boost::json::parse(attribution.reasons, ignored);
  std::vector<ReviewReason> reasons;
  if (!value.is_array()) return reasons;
  for (const auto& one : value.as_array()) {
    if (!one.is_string()) continue;
    if (const auto reason = attribution::review_reason_from(one.as_string())) reasons.push_back(*reason);
  }
  return reasons;
}

bool contains(const std::vector<ReviewReason>& reasons, ReviewReason reason) {
  return std::ranges::find(reasons, reason) != reasons.end();
}

// Why the ledger holds what the session, or what it is charged with, costs; nothing if it does not.
base::Result<std::optional<ReviewReason>> why_held(store::Transaction& tx, std::int64_t session_id) {
  const auto charges = store::charges_of(tx, session_id);
  if (!charges) return std::unexpected{charges.error()};
  for (const auto& charge : *charges) {
    if (charge.voided ||
        std::ranges::find(charge.parts, session_id, &store::ChargePart::session_id) == charge.parts.end())
      continue;
    const auto entries = store::open_entries_of_session(tx, charge.session_id);
    if (!entries) return std::unexpected{entries.error()};
    const bool holds = std::ranges::any_of(*entries, [&](const store::EntryRow& entry) {
      return entry.charge_id == charge.id && entry.kind == ledger::to_string(ledger::Kind::hold);
    });
    if (!holds) continue;
    return charge.rating_version == rating::kNotRated ? ReviewReason::cannot_be_rated
                                                      : ReviewReason::nothing_left;
  }
  return std::nullopt;
}

// Why it waits for a person: what attribution found, or what the ledger says.
base::Result<std::vector<ReviewReason>> reasons_now(store::Transaction& tx, const OpenSession& open) {
  if (!open.attribution) return std::vector<ReviewReason>{};
  if (open.attribution->disposition == "review") return reasons_of(*open.attribution);
  const auto held = why_held(tx, open.session.id);
  if (!held) return std::unexpected{held.error()};
  return *held ? std::vector{**held} : std::vector<ReviewReason>{};
}

base::Status put(store::Transaction& tx, const Actor& actor, const OpenSession& open,
                 const store::DecisionRow& next, const std::string& action, const std::string& already) {
  const auto changed = decide(tx, actor, open, next, action);
  if (!changed) return std::unexpected{changed.error()};
  if (*changed) return {};
  return fail(ErrorCode::conflict, session_text(open.session.id) + " is " + already + " already");
}

}  // namespace

base::Status release_session(store::Transaction& tx, const Actor& actor, std::int64_t session_id,
                             const std::vector<ReviewReason>& only) {
  const auto adjustment = waiting_adjustment(tx, session_id);
  if (!adjustment) return std::unexpected{adjustment.error()};
  if (*adjustment) return release_adjustment(tx, actor, session_id);
  const auto open = open_session(tx, session_id);
  if (!open) return std::unexpected{open.error()};
  const auto what = session_text(session_id);
  const auto reasons = reasons_now(tx, *open);
  if (!reasons) return std::unexpected{reasons.error()};
  const bool waits = open->attribution && open->attribution->disposition == "review";
  if (!waits && reasons->empty()) {
    return fail(ErrorCode::conflict, what + " is not under review; see: deskledger-collector review list");
  }
  // Below zero somebody pays: that is said with a reason.
  if (contains(*reasons, ReviewReason::nothing_left)) {
    if (auto said = need_reason(actor); !said) return said;
  }
  for (const auto reason : only) {
    if (contains(*reasons, reason)) continue;
    return fail(ErrorCode::conflict,
                what + " is not under review for " + std::string{attribution::to_string(reason)});
  }
  auto next = open->decision;
  auto released = attribution::review_reasons_from(next.released);
  for (const auto reason : *reasons) {
    if (!only.empty() && !contains(only, reason)) continue;
    if (!attribution::can_be_accepted(reason, open->duration_known())) {
      return fail(ErrorCode::conflict,
                  what + " cannot be released: " + std::string{attribution::explain(reason)} + " " +
                      std::string{attribution::what_to_do(reason)});
    }
    if (!contains(released, reason)) released.push_back(reason);
    if (reason == ReviewReason::hold) next.held = false;
  }
  next.released = attribution::to_codes(released);
  return put(tx, actor, *open, next, "release", "released");
}

base::Status hold_session(store::Transaction& tx, const Actor& actor, std::int64_t session_id) {
  if (auto said = need_reason(actor); !said) return said;
  const auto open = open_session(tx, session_id);
  if (!open) return std::unexpected{open.error()};
  auto next = open->decision;
  next.held = true;
  return put(tx, actor, *open, next, "hold", "held");
}

base::Status withdraw_session(store::Transaction& tx, const Actor& actor, std::int64_t session_id) {
  if (auto said = need_reason(actor); !said) return said;
  const auto open = open_session(tx, session_id);
  if (!open) return std::unexpected{open.error()};
  const auto what = session_text(session_id);
  if (!open->session.agent_id.empty()) {
    return fail(ErrorCode::conflict,
                what + " was captured by an agent and stays; to charge nothing for it: sessions change " +
                    std::to_string(session_id) + " --no-charge");
  }
  const auto series = store::series_of(tx, session_id);
  if (!series) return std::unexpected{series.error()};
  if (*series) {
    return fail(ErrorCode::conflict, what + " is in series " + std::to_string((*series)->id) +
                                         "; it has to leave that first: series leave " +
                                         std::to_string(session_id));
  }
  auto next = open->decision;
  next.withdrawn = true;
  return put(tx, actor, *open, next, "withdraw", "withdrawn");
}

}  // namespace collector::actions
