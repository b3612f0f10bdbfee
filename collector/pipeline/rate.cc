#include "collector/rating/rate.h"

#include <algorithm>

#include "collector/pipeline/calendars.h"
#include "collector/pipeline/explanation.h"
#include "collector/pipeline/session_view.h"
#include "collector/pipeline/steps.h"
#include "collector/store/attributions.h"
#include "collector/store/charges.h"
#include "collector/store/ledger.h"
#include "collector/store/sessions.h"

namespace collector::pipeline {

using base::ErrorCode;
using base::fail;

namespace {

constexpr const char* kCursor = "rate";

std::string subject_of(std::int64_t session_id) {
  return "s" + std::to_string(session_id);
}

// What captured sessions are for a rule that weighs kinds of work.
constexpr const char* kRemoteWork = "remote";

std::string grade_of(const directory::Directory& directory, std::optional<std::int64_t> technician_id) {
  const auto found = std::ranges::find_if(
      directory.technicians, [&](const directory::Technician& one) { return one.id == technician_id; });
  return found == directory.technicians.end() ? "" : found->grade;
}

// Keeps the charge and has the ledgers planned from the earlier of its own and its forerunner's moment on.
base::Status keep(store::Transaction& tx, const store::ChargeRow& charge,
                  const std::optional<store::ChargeRow>& before) {
  if (auto id = store::add_charge(tx, charge); !id) return std::unexpected{id.error()};
  if (before) {
    if (auto done = store::plan_again(tx, before->customer_id, before->at); !done) return done;
  }
  return store::plan_again(tx, charge.customer_id, charge.at);
}

base::Status rate_one(store::Transaction& tx, const store::AttributionRow& attribution,
                      const std::optional<store::ChargeRow>& before, const directory::Directory& directory,
                      Calendars& calendars, timing::UtcMs now) {
  const auto what = "session " + std::to_string(attribution.session_id);
  const auto session = store::find_session(tx, attribution.session_id);
  if (!session) return std::unexpected{session.error()};
  const auto contract = std::ranges::find_if(directory.contracts, [&](const directory::Contract& one) {
    return attribution.contract_id && one.id == *attribution.contract_id;
  });
  if (!*session || contract == directory.contracts.end()) {
    return fail(ErrorCode::internal, what + " is ready without a session or a contract");
  }
  const auto view = view_of(**session);
  if (!view) return std::unexpected{view.error()};
  const auto seconds = attribution::duration_s(*view);
  if (!seconds) return fail(ErrorCode::internal, what + " is ready without a duration");
  const auto calendar = calendars.of(*contract, *view->started);
  if (!calendar) return fail("rating " + what, calendar.error());
  const rating::Stretch stretch{.begin = *view->started, .seconds = *seconds};
  const rating::Input input{
      .stretches = {&stretch, 1},
      .adjustments = {.no_charge = attribution.no_charge, .override_min = attribution.override_min},
      .work_type = kRemoteWork,
      .grade = grade_of(directory, attribution.technician_id),
      .calendar = *calendar};
  const auto rated = rating::rate(contract->rule, input);
  if (!rated) return fail("rating " + what, rated.error());
  const store::ChargeRow row{
      .id = 0,
      .subject = subject_of(attribution.session_id),
      .customer_id = contract->customer_id,
      .contract_id = contract->id,
      .template_id = contract->template_id,
      .rating_version = rating::kRatingVersion,
      .seconds = *seconds,
      .minutes = rated->minutes,
      .amount = rated->amount,
      .at = stretch.begin,
      .tie = (*session)->session_key,
      .session_id = attribution.session_id,
      .voided = false,
      .steps = steps_to_json(rating::explain(contract->rule, input, *rated)),
      .created = now,
      .parts = {
          {.session_id = attribution.session_id, .attribution_id = attribution.id, .seconds = *seconds}}};
  return keep(tx, row, before);
}

base::Status void_charge(store::Transaction& tx, store::ChargeRow charge, timing::UtcMs now) {
  const auto before = charge;
  charge.seconds = charge.minutes = charge.amount = 0;
  charge.voided = true;
  charge.steps = "[]";
  charge.created = now;
  charge.parts.clear();
  return keep(tx, charge, before);
}

base::Status look_at(store::Transaction& tx, const store::AttributionRow& attribution,
                     const directory::Directory& directory, Calendars& calendars, timing::UtcMs now) {
  const auto charge = store::newest_charge(tx, subject_of(attribution.session_id));
  if (!charge) return std::unexpected{charge.error()};
  const bool charged = *charge && !(*charge)->voided;
  if (attribution.disposition != "ready") return charged ? void_charge(tx, **charge, now) : base::Status{};
  // What was charged before the cursor came to be is charged.
  const bool same =
      charged && (*charge)->parts.size() == 1 && (*charge)->parts.front().attribution_id == attribution.id;
  return same ? base::Status{} : rate_one(tx, attribution, *charge, directory, calendars, now);
}

}  // namespace

base::Result<std::int64_t> rate(store::Transaction& tx, const directory::Directory& directory,
                                timing::UtcMs now) {
  const auto cursor = store::get_cursor(tx, kCursor);
  if (!cursor) return std::unexpected{cursor.error()};
  Calendars calendars{directory};
  const auto rows = store::attributions_after(tx, *cursor, kStepRowsMax);
  if (!rows) return std::unexpected{rows.error()};
  for (const auto& [attribution, in_force] : *rows) {
    if (!in_force) continue;
    if (auto done = look_at(tx, attribution, directory, calendars, now); !done) return std::unexpected{done.error()};
  }
  if (!rows->empty()) {
    if (auto done = store::set_cursor(tx, kCursor, rows->back().attribution.id); !done) {
      return std::unexpected{done.error()};
    }
  }
  return static_cast<std::int64_t>(rows->size());
}

}  // namespace collector::pipeline
