#include "collector/actions/adjustments.h"

#include <algorithm>
#include <boost/json.hpp>

#include "collector/actions/open_session.h"
#include "collector/attribution/review_reason.h"
#include "collector/rating/rate.h"

namespace collector::actions {

namespace json = boost::json;

using attribution::ReviewReason;
using base::ErrorCode;
using base::fail;

namespace {

std::string adjustment_json(const store::AdjustmentRow& row) {
  json::object out{{"adjustment", row.id}, {"charge", row.charge_id}};
  if (row.no_charge) out["no_charge"] = true;
  if (row.override_min) out["charge_min"] = *row.override_min;
  if (row.technician_id) out["technician_id"] = *row.technician_id;
  if (row.comment_id) out["comment_id"] = *row.comment_id;
  return json::serialize(out);
}

base::Result<store::AdjustmentRow> need_waiting(store::Transaction& tx, std::int64_t session_id) {
  auto waiting = waiting_adjustment(tx, session_id);
  if (!waiting) return std::unexpected{waiting.error()};
  if (*waiting) return std::move(**waiting);
  return fail(ErrorCode::conflict, "nothing about " + session_text(session_id) +
                                       " came after billing that would have to be decided");
}

base::Status decide(store::Transaction& tx, const Actor& actor, const store::AdjustmentRow& row,
                    bool released, const std::string& action) {
  const auto done = store::decide_adjustment(tx, {.adjustment_id = row.id,
                                                  .released = released,
                                                  .who = actor.who,
                                                  .why = actor.why,
                                                  .decided = actor.now});
  if (!done) return done;
  return note(tx, actor, action, "session", std::to_string(row.session_id), "", adjustment_json(row));
}

// What the session is charged for now: as it was billed, or as it was adjusted last.
base::Result<store::AdjustmentRow> as_it_stands(store::Transaction& tx, std::int64_t session_id,
                                                const store::ChargeRow& charge) {
  store::AdjustmentRow row;
  row.session_id = session_id;
  row.charge_id = charge.id;
  const auto attribution = store::latest_attribution(tx, session_id);
  if (!attribution) return std::unexpected{attribution.error()};
  if (*attribution) {
    row.technician_id = (*attribution)->technician_id;
    row.text = (*attribution)->text;
  }
  const auto stories = store::adjustments_of(tx, session_id);
  if (!stories) return std::unexpected{stories.error()};
  for (const auto& story : *stories) {
    if (!story.decision || !story.decision->released) continue;
    row.technician_id = story.adjustment.technician_id;
    row.text = story.adjustment.text;
  }
  return row;
}

}  // namespace

base::Result<std::optional<store::AdjustmentRow>> waiting_adjustment(store::Transaction& tx,
                                                                     std::int64_t session_id) {
  const auto stories = store::adjustments_of(tx, session_id);
  if (!stories) return std::unexpected{stories.error()};
  if (stories->empty()) return std::nullopt;
  const auto& newest = stories->back();
  if (!newest.adjustment.waits || newest.decision) return std::nullopt;
  return newest.adjustment;
}

base::Status release_adjustment(store::Transaction& tx, const Actor& actor, std::int64_t session_id) {
  const auto row = need_waiting(tx, session_id);
  if (!row) return std::unexpected{row.error()};
  const auto against = attribution::review_reasons_from(row->reasons);
  if (!against.empty()) {
    return fail(ErrorCode::conflict, session_text(session_id) + " cannot be released: " +
                                         std::string{attribution::explain(against.front())} + " " +
                                         (against.front() == ReviewReason::divided_charge
                                              ? std::string{attribution::what_to_do(against.front())}
                                              : "Say what it ought to have cost: sessions adjust " +
                                                    std::to_string(session_id) + " --minutes N"));
  }
  return decide(tx, actor, *row, true, "release");
}

base::Status dismiss_adjustment(store::Transaction& tx, const Actor& actor, std::int64_t session_id) {
  if (auto said = need_reason(actor); !said) return said;
  const auto row = need_waiting(tx, session_id);
  if (!row) return std::unexpected{row.error()};
  return decide(tx, actor, *row, false, "dismiss");
}

base::Status adjust_session(store::Transaction& tx, const Actor& actor, std::int64_t session_id,
                            const SessionAdjustment& adjustment) {
  if (auto said = need_reason(actor); !said) return said;
  if (adjustment.minutes.has_value() == adjustment.no_charge) {
    return fail(ErrorCode::invalid_argument, "say either minutes or no charge");
  }
  if (adjustment.minutes && (*adjustment.minutes < 0 || *adjustment.minutes > rating::kOverrideMax_min)) {
    return fail(ErrorCode::invalid_argument,
                "minutes '" + std::to_string(*adjustment.minutes) + "': 0 to 1440");
  }
  const auto session = store::find_session(tx, session_id);
  if (!session) return std::unexpected{session.error()};
  if (!*session) {
    return fail(ErrorCode::not_found,
                "there is no " + session_text(session_id) + "; see: deskledger-collector sessions list");
  }
  const auto document = store::billed_with(tx, session_id);
  if (!document) return std::unexpected{document.error()};
  const auto charge = store::charge_of(tx, session_id);
  if (!charge) return std::unexpected{charge.error()};
  if (!*document || !*charge) {
    return fail(ErrorCode::conflict, session_text(session_id) + " is not billed: it can still be changed " +
                                         "(sessions change " + std::to_string(session_id) + ")");
  }
  const auto entry = store::entry_to_adjust(tx, **charge);
  if (!entry) return std::unexpected{entry.error()};
  if (!*entry) {
    return fail(ErrorCode::conflict, session_text(session_id) + " cannot be adjusted by itself: " +
                                         std::string{explain(ReviewReason::divided_charge)} +
                                         " Correct the contracts (contracts adjust).");
  }
  auto row = as_it_stands(tx, session_id, **charge);
  if (!row) return std::unexpected{row.error()};
  row->no_charge = adjustment.no_charge;
  row->override_min = adjustment.minutes;
  row->steps = "[]";
  row->who = actor.who;
  row->why = actor.why;
  row->created = actor.now;
  const auto id = store::add_adjustment(tx, *row);
  if (!id) return std::unexpected{id.error()};
  row->id = *id;
  return decide(tx, actor, *row, true, "adjust");
}

}  // namespace collector::actions
