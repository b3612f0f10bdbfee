#include "collector/store/decisions.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {

base::Result<std::int64_t> add_decision(Transaction& transaction, const DecisionRow& decision) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::decision_insert);
    query.with("session_id", decision.session_id).with("decided_ms", decision.decided);
    query.with("who", decision.who).with("why", decision.why).with("released", decision.released);
    query.with("held", decision.held).with("withdrawn", decision.withdrawn);
    query.with("no_charge", decision.no_charge).with("charge_min", decision.charge_min);
    query.with("comment", decision.comment).with("technician_id", decision.technician_id);
    query.with("customer_id", decision.customer_id).with("terminal_id", decision.terminal_id);
    query.with("contract_id", decision.contract_id).with("started_ms", decision.started);
    query.with("ended_ms", decision.ended).with("work_type", decision.work_type);
    std::int64_t number = 0;
    query.into(number).run();
    Query(transaction, sql::session_watch_asked).with("session_id", decision.session_id).run();
    return number;
  });
}

base::Result<std::vector<DecisionRow>> decisions_of(Transaction& transaction, std::int64_t session_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::decision_list);
    DecisionRow row;
    query.with("session_id", session_id);
    query.into(row.session_id).into(row.number).into(row.decided).into(row.who).into(row.why);
    query.into(row.released).into(row.held).into(row.withdrawn).into(row.no_charge).into(row.charge_min);
    query.into(row.comment).into(row.technician_id).into(row.customer_id).into(row.terminal_id);
    query.into(row.contract_id).into(row.started).into(row.ended).into(row.work_type);
    std::vector<DecisionRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Result<std::optional<std::string>> billed_with(Transaction& transaction, std::int64_t session_id) {
  return attempt(transaction, [&]() -> std::optional<std::string> {
    Query query(transaction, sql::billed_session_find);
    std::string document;
    query.with("session_id", session_id).into(document);
    if (!query.run()) return std::nullopt;
    return document;
  });
}

base::Result<bool> is_billed(Transaction& transaction, std::int64_t session_id) {
  const auto document = billed_with(transaction, session_id);
  if (!document) return std::unexpected(document.error());
  return document->has_value();
}

}  // namespace collector::store
