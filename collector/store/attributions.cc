#include "collector/store/attributions.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"
#include "collector/store/session_columns.h"

namespace collector::store {
namespace {

void read_attribution(Query& query, AttributionRow& row) {
  query.into(row.id).into(row.session_id).into(row.session_revision).into(row.comment_id);
  query.into(row.directory_version).into(row.disposition).into(row.technician_id).into(row.technician_rule);
  query.into(row.customer_id).into(row.terminal_id).into(row.contract_id).into(row.no_charge);
  query.into(row.override_min).into(row.text).into(row.reasons).into(row.steps).into(row.created);
  query.into(row.decision_number).into(row.stated_start).into(row.stated_end).into(row.work_type);
}

std::vector<AttributionRow> all_rows(Query& query) {
  AttributionRow row;
  read_attribution(query, row);
  std::vector<AttributionRow> rows;
  while (query.next()) rows.push_back(row);
  return rows;
}

}  // namespace

base::Result<std::int64_t> add_attribution(Transaction& transaction, const AttributionRow& attribution) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::attribution_insert);
    query.with("session_id", attribution.session_id).with("session_revision", attribution.session_revision);
    query.with("comment_id", attribution.comment_id).with("directory_version", attribution.directory_version);
    query.with("disposition", attribution.disposition).with("technician_id", attribution.technician_id);
    query.with("technician_rule", attribution.technician_rule).with("customer_id", attribution.customer_id);
    query.with("terminal_id", attribution.terminal_id).with("contract_id", attribution.contract_id);
    query.with("no_charge", attribution.no_charge).with("override_min", attribution.override_min);
    query.with("text", attribution.text)
        .with("reasons", attribution.reasons)
        .with("steps", attribution.steps);
    query.with("created_ms", attribution.created).with("decision_number", attribution.decision_number);
    query.with("stated_start_ms", attribution.stated_start).with("stated_end_ms", attribution.stated_end);
    query.with("work_type", attribution.work_type);
    std::int64_t id = 0;
    query.into(id).run();
    const bool ready = attribution.disposition == "ready";
    Query watch(transaction, ready ? sql::session_watch_close : sql::session_watch_open);
    watch.with("session_id", attribution.session_id);
    if (!ready) watch.with("pending", attribution.disposition == "pending_comment");
    watch.run();
    return id;
  });
}

base::Result<std::optional<AttributionRow>> latest_attribution(Transaction& transaction,
                                                               std::int64_t session_id) {
  return attempt(transaction, [&]() -> std::optional<AttributionRow> {
    Query query(transaction, sql::attribution_find_latest);
    AttributionRow row;
    query.with("session_id", session_id);
    read_attribution(query, row);
    if (!query.next()) return std::nullopt;
    return row;
  });
}

base::Result<std::vector<AttributionRow>> attributions_of(Transaction& transaction, std::int64_t session_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::attribution_list_of_session);
    query.with("session_id", session_id);
    return all_rows(query);
  });
}

base::Result<std::vector<AttributedSession>> attributions_after(Transaction& transaction,
                                                                std::int64_t attribution_id,
                                                                std::int64_t limit) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::attribution_list_after);
    AttributedSession row;
    query.with("attribution_id", attribution_id).with("limit", limit);
    read_attribution(query, row.attribution);
    read_session(query, row.session);
    query.into(row.in_force).into(row.in_series).into(row.was_charged);
    std::vector<AttributedSession> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Result<std::optional<AttributedSession>> attribution_in_force(Transaction& transaction,
                                                                    std::int64_t session_id) {
  return attempt(transaction, [&]() -> std::optional<AttributedSession> {
    Query query(transaction, sql::attribution_find_in_force);
    AttributedSession row;
    row.in_force = true;
    query.with("session_id", session_id);
    read_attribution(query, row.attribution);
    read_session(query, row.session);
    query.into(row.in_series);
    if (!query.next()) return std::nullopt;
    return row;
  });
}

base::Result<bool> has_attribution_after(Transaction& transaction, std::int64_t attribution_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::attribution_find_after);
    std::int64_t id = 0;
    return query.with("attribution_id", attribution_id).into(id).run();
  });
}

}  // namespace collector::store
