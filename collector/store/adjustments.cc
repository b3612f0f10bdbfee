#include "collector/store/adjustments.h"

#include <algorithm>

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {
namespace {

std::vector<AdjustmentStory> all_rows(Query& query) {
  AdjustmentStory story;
  auto& row = story.adjustment;
  query.into(row.id).into(row.session_id).into(row.charge_id).into(row.comment_id).into(row.technician_id);
  query.into(row.no_charge).into(row.override_min).into(row.text).into(row.reasons).into(row.steps);
  query.into(row.waits).into(row.minutes).into(row.amount).into(row.who).into(row.why).into(row.created);
  std::optional<std::int64_t> released, minutes, amount, entry_id;
  std::optional<std::string> who, why;
  std::optional<timing::UtcMs> decided, posted;
  query.into(released).into(who).into(why).into(decided);
  query.into(minutes).into(amount).into(entry_id).into(posted);
  std::vector<AdjustmentStory> rows;
  while (query.next()) {
    story.decision.reset();
    story.posting.reset();
    if (released) {
      story.decision = AdjustmentDecision{
          .adjustment_id = row.id, .released = *released == 1, .who = *who, .why = *why, .decided = *decided};
    }
    if (posted) {
      story.posting = AdjustmentPosting{.adjustment_id = row.id,
                                        .charge_id = row.charge_id,
                                        .minutes = *minutes,
                                        .amount = *amount,
                                        .entry_id = entry_id,
                                        .posted = *posted};
    }
    rows.push_back(story);
  }
  return rows;
}

}  // namespace

base::Result<std::int64_t> add_adjustment(Transaction& transaction, const AdjustmentRow& adjustment) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::adjustment_insert);
    query.with("session_id", adjustment.session_id).with("charge_id", adjustment.charge_id);
    query.with("comment_id", adjustment.comment_id).with("technician_id", adjustment.technician_id);
    query.with("no_charge", adjustment.no_charge).with("override_min", adjustment.override_min);
    query.with("text", adjustment.text).with("reasons", adjustment.reasons).with("steps", adjustment.steps);
    query.with("waits", adjustment.waits).with("minutes", adjustment.minutes);
    query.with("amount", adjustment.amount).with("who", adjustment.who).with("why", adjustment.why);
    query.with("created_ms", adjustment.created);
    std::int64_t id = 0;
    query.into(id).run();
    Query(transaction, sql::session_watch_close).with("session_id", adjustment.session_id).run();
    return id;
  });
}

base::Status decide_adjustment(Transaction& transaction, const AdjustmentDecision& decision) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::adjustment_decision_insert);
    query.with("adjustment_id", decision.adjustment_id).with("released", decision.released);
    query.with("who", decision.who).with("why", decision.why).with("decided_ms", decision.decided).run();
  });
}

base::Status add_adjustment_posting(Transaction& transaction, const AdjustmentPosting& posting) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::adjustment_posting_insert);
    query.with("adjustment_id", posting.adjustment_id).with("charge_id", posting.charge_id);
    query.with("minutes", posting.minutes).with("amount", posting.amount);
    query.with("entry_id", posting.entry_id).with("posted_ms", posting.posted).run();
  });
}

base::Result<std::vector<AdjustmentStory>> adjustments_of(Transaction& transaction, std::int64_t session_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::adjustment_list_of_session);
    query.with("session_id", session_id);
    return all_rows(query);
  });
}

base::Result<std::vector<AdjustmentStory>> adjustments_of_charge(Transaction& transaction,
                                                                 std::int64_t charge_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::adjustment_list_of_charge);
    query.with("charge_id", charge_id);
    return all_rows(query);
  });
}

base::Result<std::optional<EntryRow>> entry_to_adjust(Transaction& transaction, const ChargeRow& charge) {
  const auto open = open_entries_of_session(transaction, charge.session_id);
  if (!open) return std::unexpected(open.error());
  if (open->size() != 1) return std::nullopt;
  auto entry = find_entry(transaction, open->front().id);
  if (!entry || !*entry) return entry;
  const auto& kind = (*entry)->kind;
  const bool plain = kind == "consumption" || kind == "accrual" || kind == "cover";
  const bool lots =
      std::ranges::any_of((*entry)->lines, [](const LineRow& line) { return !line.lot.empty(); });
  if (!plain || lots) return std::nullopt;
  return entry;
}

base::Result<std::vector<AdjustmentStory>> adjustments_to_post(Transaction& transaction, std::int64_t limit) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::adjustment_list_to_post);
    query.with("limit", limit);
    return all_rows(query);
  });
}

base::Result<std::vector<std::int64_t>> billed_with_new_comment(Transaction& transaction,
                                                                std::chrono::milliseconds tolerance,
                                                                std::int64_t limit) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::session_list_billed_commented);
    std::int64_t id = 0;
    query.with("tolerance_ms", tolerance.count()).with("limit", limit).into(id);
    std::vector<std::int64_t> ids;
    while (query.next()) ids.push_back(id);
    return ids;
  });
}

base::Status forget_new_comment(Transaction& transaction, std::int64_t session_id) {
  return attempt(transaction,
                 [&] { Query(transaction, sql::session_watch_close).with("session_id", session_id).run(); });
}

}  // namespace collector::store
