#include "collector/pipeline/rating_unit.h"
#include "collector/pipeline/steps.h"
#include "collector/store/ledger.h"

namespace collector::pipeline {

namespace {

constexpr const char* kCursor = "rate";

// One transaction's work.
class Rater {
 public:
  Rater(store::Transaction& tx, const directory::Directory& directory, timing::UtcMs now)
      : tx_{tx}, directory_{directory}, calendars_{directory}, now_{now} {}

  // What the session is rated in now, and what it was rated in before.
  base::Status look_at(const store::AttributionRow& attribution) {
    auto session = store::find_session(tx_, attribution.session_id);
    if (!session) return std::unexpected{session.error()};
    if (!*session) {
      return base::fail(base::ErrorCode::internal,
                        "session " + std::to_string(attribution.session_id) + " vanished");
    }
    const Part at_hand{.session = std::move(**session), .attribution = attribution};
    const auto now_in = unit_of(tx_, attribution, at_hand.session, directory_);
    if (!now_in) return std::unexpected{now_in.error()};
    auto subjects = store::subjects_of(tx_, attribution.session_id);
    if (!subjects) return std::unexpected{subjects.error()};
    subjects->insert(*now_in);
    for (const auto& subject : *subjects) {
      if (auto done = rate_unit(subject, at_hand, *now_in); !done) return done;
    }
    return {};
  }

 private:
  base::Status rate_unit(const std::string& subject, const Part& at_hand, const std::string& its_unit) {
    const auto before = store::newest_charge(tx_, subject);
    if (!before) return std::unexpected{before.error()};
    const auto parts = parts_of(tx_, subject, *before, at_hand, its_unit, directory_);
    if (!parts) return std::unexpected{parts.error()};
    if (parts->empty()) return *before && !(*before)->voided ? void_charge(**before) : base::Status{};
    const auto charge = charge_for(subject, *parts, directory_, calendars_, now_);
    if (!charge) return std::unexpected{charge.error()};
    // The same sessions by the same attributions: what was charged before the cursor came to be, or a unit
    // that several of the sessions at hand are in.
    if (*before && !(*before)->voided && (*before)->parts == charge->parts) return {};
    return keep(*charge, *before);
  }

  base::Status void_charge(const store::ChargeRow& before) {
    auto charge = before;
    charge.seconds = charge.minutes = charge.amount = 0;
    charge.voided = true;
    charge.steps = "[]";
    charge.created = now_;
    charge.parts.clear();
    return keep(charge, before);
  }

  // Keeps the charge and has the ledgers planned from the earlier of its own and its forerunner's moment on.
  base::Status keep(const store::ChargeRow& charge, const std::optional<store::ChargeRow>& before) {
    if (auto id = store::add_charge(tx_, charge); !id) return std::unexpected{id.error()};
    if (before) {
      if (auto done = store::plan_again(tx_, before->customer_id, before->at); !done) return done;
    }
    return store::plan_again(tx_, charge.customer_id, charge.at);
  }

  store::Transaction& tx_;
  const directory::Directory& directory_;
  Calendars calendars_;
  timing::UtcMs now_;
};

}  // namespace

base::Result<std::int64_t> rate(store::Transaction& tx, const directory::Directory& directory,
                                timing::UtcMs now) {
  const auto cursor = store::get_cursor(tx, kCursor);
  if (!cursor) return std::unexpected{cursor.error()};
  const auto rows = store::attributions_after(tx, *cursor, kRateRowsMax);
  if (!rows) return std::unexpected{rows.error()};
  Rater rater{tx, directory, now};
  for (const auto& [attribution, in_force] : *rows) {
    if (!in_force) continue;
    if (auto done = rater.look_at(attribution); !done) return std::unexpected{done.error()};
  }
  if (!rows->empty()) {
    if (auto done = store::set_cursor(tx, kCursor, rows->back().attribution.id); !done) {
      return std::unexpected{done.error()};
    }
  }
  return static_cast<std::int64_t>(rows->size());
}

}  // namespace collector::pipeline
