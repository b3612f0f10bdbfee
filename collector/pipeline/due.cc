#include "collector/pipeline/due.h"

#include <algorithm>

#include "collector/pipeline/steps.h"
#include "collector/store/adjustments.h"
#include "collector/store/attributions.h"
#include "collector/store/ledger.h"
#include "collector/store/mail_holds.h"
#include "collector/store/records.h"
#include "collector/store/reratings.h"

namespace collector::pipeline {

namespace {

template <class Rows>
base::Result<bool> any(const base::Result<Rows>& rows) {
  if (!rows) return std::unexpected{rows.error()};
  return !rows->empty();
}

base::Result<bool> has_records(store::Transaction& tx) {
  const auto cursor = store::get_cursor(tx, "assemble");
  if (!cursor) return std::unexpected{cursor.error()};
  return any(store::records_after(tx, *cursor, 1));
}

base::Result<bool> has_attributions(store::Transaction& tx) {
  const auto cursor = store::get_cursor(tx, "rate");
  if (!cursor) return std::unexpected{cursor.error()};
  return store::has_attribution_after(tx, *cursor);
}

base::Result<bool> has_to_rate(store::Transaction& tx) {
  const auto attributed = has_attributions(tx);
  if (!attributed || *attributed) return attributed;
  const auto cursor = store::get_cursor(tx, "rerate");
  if (!cursor) return std::unexpected{cursor.error()};
  const auto rerating = store::next_rerating(tx, *cursor);
  if (!rerating) return std::unexpected{rerating.error()};
  return rerating->has_value();
}

base::Result<bool> has_to_adjust(store::Transaction& tx, const Settings& settings) {
  const auto commented =
      any(store::billed_with_new_comment(tx, std::chrono::seconds{settings.comment_tolerance_s}, 1));
  if (!commented || *commented) return commented;
  return any(store::adjustments_to_post(tx, 1));
}

base::Result<bool> has_sessions(store::Transaction& tx, const Settings& settings, timing::UtcMs now,
                                bool all) {
  auto due = attribution_due(settings, now);
  due.all = all;
  const auto beside = any(store::neighbours_to_match(tx, 1));
  if (!beside || *beside) return beside;
  return any(store::sessions_to_attribute(tx, due, 1));
}

base::Result<bool> is_due(Step step, store::Transaction& tx, const Settings& settings, timing::UtcMs now,
                          bool all) {
  switch (step) {
    case Step::assemble: return has_records(tx);
    case Step::attribute: return has_sessions(tx, settings, now, all);
    case Step::rate: return has_to_rate(tx);
    case Step::adjust: return has_to_adjust(tx, settings);
    case Step::post: return any(store::ledgers_to_plan(tx, now, 1));
    case Step::compose_mails: return any(store::due_batches(tx, now, 1));
    case Step::none: break;
  }
  return false;
}

}  // namespace

base::Result<Step> next_step(store::Transaction& tx, const Settings& settings, timing::UtcMs now, Step after,
                             bool all) {
  for (const auto step :
       {Step::assemble, Step::attribute, Step::rate, Step::adjust, Step::post, Step::compose_mails}) {
    if (step <= after) continue;
    const auto due = is_due(step, tx, settings, now, all);
    if (!due) return std::unexpected{due.error()};
    if (*due) return step;
  }
  return Step::none;
}

}  // namespace collector::pipeline
