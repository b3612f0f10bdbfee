#include <algorithm>
#include <map>
#include <set>

#include "collector/attribution/review_reason.h"
#include "collector/pipeline/rating_unit.h"
#include "collector/pipeline/steps.h"
#include "collector/store/decisions.h"
#include "collector/store/ledger.h"
#include "collector/store/reratings.h"

namespace collector::pipeline {

namespace {

constexpr const char* kCursor = "rate";
constexpr const char* kRerated = "rerate";

// One transaction's work.
class Rater {
 public:
  Rater(store::Transaction& tx, const directory::Directory& directory, timing::UtcMs now)
      : tx_{tx}, directory_{directory}, calendars_{directory}, now_{now} {}

  // What every session of the charge, which is in force and not billed, is rated in now.
  base::Status look_at(const store::ChargeRow& charge) {
    for (const auto& part : charge.parts) {
      const auto at_hand = part_of(tx_, part.session_id);
      if (!at_hand) return std::unexpected{at_hand.error()};
      if (!*at_hand) continue;
      const auto now_in = unit_of(tx_, **at_hand, directory_);
      if (!now_in) return std::unexpected{now_in.error()};
      // Mostly a session alone, as it was; unless another charge's turn has changed that.
      const bool as_it_was =
          is_of_one_session(*now_in) && *now_in == charge.subject && !kept_.contains(*now_in);
      auto done = as_it_was ? rate_anew(*now_in, charge, **at_hand, *now_in) : rate_units(**at_hand, *now_in);
      if (!done) return done;
    }
    return {};
  }

  // What the session is rated in now, and what it was rated in before. Of a session that never was in a
  // series, or never was charged, nothing need be looked for.
  base::Status look_at(const Part& at_hand, bool may_be_charged) {
    const auto now_in = unit_of(tx_, at_hand, directory_);
    if (!now_in) return std::unexpected{now_in.error()};
    if (!may_be_charged && is_of_one_session(*now_in)) return rate_anew(*now_in, {}, at_hand, *now_in);
    return rate_units(at_hand, *now_in);
  }

  // Has the ledgers planned from the earliest of the moments on at which a charge came or went.
  base::Status finish() {
    for (const auto& [customer_id, from] : to_plan_) {
      if (auto done = store::plan_again(tx_, customer_id, from); !done) return done;
    }
    return {};
  }

 private:
  base::Status rate_units(const Part& at_hand, const std::string& now_in) {
    auto subjects = store::subjects_of(tx_, at_hand.session.id);
    if (!subjects) return std::unexpected{subjects.error()};
    subjects->insert(now_in);
    for (const auto& subject : *subjects) {
      if (auto done = rate_unit(subject, at_hand, now_in); !done) return done;
    }
    return {};
  }

  base::Status rate_unit(const std::string& subject, const Part& at_hand, const std::string& its_unit) {
    const auto before = store::newest_charge(tx_, subject);
    if (!before) return std::unexpected{before.error()};
    if (*before) {
      const auto document = store::charge_billed_with(tx_, (*before)->id);
      if (!document) return std::unexpected{document.error()};
      // What was billed stays; what is found out later is an adjustment.
      if (*document) return {};
    }
    return rate_anew(subject, *before, at_hand, its_unit);
  }

  base::Status rate_anew(const std::string& subject, const std::optional<store::ChargeRow>& before,
                         const Part& at_hand, const std::string& its_unit) {
    const auto parts = parts_of(tx_, subject, before, at_hand, its_unit, directory_);
    if (!parts) return std::unexpected{parts.error()};
    if (parts->empty()) return before && !before->voided ? void_charge(*before) : base::Status{};
    auto charge = charge_for(subject, *parts, directory_, calendars_, now_);
    if (!charge) return std::unexpected{charge.error()};
    const auto released = is_released(*parts);
    if (!released) return std::unexpected{released.error()};
    charge->may_exceed = *released;
    // The same sessions by the same attributions and decisions: what was charged before the cursor came to
    // be, or a unit that several of the sessions at hand are in.
    if (before && !before->voided && before->parts == charge->parts &&
        before->rerating_id == charge->rerating_id) {
      return {};
    }
    return keep(*charge, before);
  }

  // Whether a person let one of them go where its charge is held.
  base::Result<bool> is_released(const std::vector<Part>& parts) {
    for (const auto& part : parts) {
      if (part.attribution.decision_number == 0) continue;
      const auto decisions = store::decisions_of(tx_, part.session.id);
      if (!decisions) return std::unexpected{decisions.error()};
      const auto known =
          std::ranges::find(*decisions, part.attribution.decision_number, &store::DecisionRow::number);
      if (known == decisions->end()) continue;
      const auto accepted = attribution::review_reasons_from(known->released);
      if (std::ranges::find(accepted, attribution::ReviewReason::nothing_left) != accepted.end()) return true;
    }
    return false;
  }

  base::Status void_charge(const store::ChargeRow& before) {
    auto charge = before;
    charge.seconds = charge.minutes = charge.amount = 0;
    charge.voided = true;
    charge.may_exceed = false;
    charge.steps = "[]";
    charge.inputs.clear();
    charge.created = now_;
    charge.parts.clear();
    return keep(charge, before);
  }

  // Keeps the charge; the ledgers are planned from the earlier of its own and its forerunner's moment on.
  base::Status keep(const store::ChargeRow& charge, const std::optional<store::ChargeRow>& before) {
    if (auto id = store::add_charge(tx_, charge); !id) return std::unexpected{id.error()};
    kept_.insert(charge.subject);
    if (before) plan_from(before->customer_id, before->at);
    plan_from(charge.customer_id, charge.at);
    return {};
  }

  void plan_from(std::int64_t customer_id, timing::UtcMs at) {
    const auto [known, is_new] = to_plan_.try_emplace(customer_id, at);
    if (!is_new) known->second = std::min(known->second, at);
  }

  store::Transaction& tx_;
  const directory::Directory& directory_;
  Calendars calendars_;
  timing::UtcMs now_;
  std::set<std::string> kept_;                     // Units that it has charged anew.
  std::map<std::int64_t, timing::UtcMs> to_plan_;  // By customer.
};

// Carries out decisions to rate again, from the oldest that is not carried out; how many charges and
// decisions it looked at.
base::Result<std::int64_t> rerate(store::Transaction& tx, Rater& rater,
                                  const directory::Directory& directory) {
  std::int64_t looked_at = 0;
  while (looked_at < kRateRowsMax) {
    const auto cursor = store::get_cursor(tx, kRerated);
    if (!cursor) return std::unexpected{cursor.error()};
    const auto rerating = store::next_rerating(tx, *cursor);
    if (!rerating) return std::unexpected{rerating.error()};
    if (!*rerating) break;
    const auto limit = kRateRowsMax - looked_at;
    const auto charges = store::charges_to_rerate(tx, **rerating, limit);
    if (!charges) return std::unexpected{charges.error()};
    for (const auto& charge : *charges) {
      if (auto done = rater.look_at(charge); !done) return std::unexpected{done.error()};
    }
    looked_at += std::ssize(*charges) + 1;
    if (std::ssize(*charges) == limit) break;
    // All of it is done; what other contracts pass on costs here what an hour costs by the rule of the
    // moment.
    const auto contract =
        std::ranges::find(directory.contracts, (*rerating)->contract_id, &directory::Contract::id);
    if (contract != directory.contracts.end()) {
      auto done = store::plan_again(tx, contract->customer_id, (*rerating)->from);
      if (!done) return std::unexpected{done.error()};
    }
    if (auto done = store::set_cursor(tx, kRerated, (*rerating)->id); !done)
      return std::unexpected{done.error()};
  }
  if (auto done = rater.finish(); !done) return std::unexpected{done.error()};
  return looked_at;
}

}  // namespace

base::Result<std::int64_t> rate(store::Transaction& tx, const directory::Directory& directory,
                                timing::UtcMs now) {
  const auto cursor = store::get_cursor(tx, kCursor);
  if (!cursor) return std::unexpected{cursor.error()};
  auto rows = store::attributions_after(tx, *cursor, kRateRowsMax);
  if (!rows) return std::unexpected{rows.error()};
  Rater rater{tx, directory, now};
  const auto last = rows->empty() ? *cursor : rows->back().attribution.id;
  for (auto& row : *rows) {
    if (!row.in_force) continue;
    const Part at_hand{.session = std::move(row.session),
                       .attribution = std::move(row.attribution),
                       .may_be_in_series = row.in_series};
    auto done = rater.look_at(at_hand, row.was_charged);
    if (!done) return std::unexpected{done.error()};
  }
  if (auto done = rater.finish(); !done) return std::unexpected{done.error()};
  if (rows->empty()) return rerate(tx, rater, directory);
  if (auto done = store::set_cursor(tx, kCursor, last); !done) return std::unexpected{done.error()};
  return static_cast<std::int64_t>(rows->size());
}

}  // namespace collector::pipeline
