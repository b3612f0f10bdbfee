#include "collector/store/ledger_past.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {

namespace {

std::vector<LineRow> all_rows(Query& query) {
  LineRow row;
  query.into(row.kind).into(row.lot).into(row.unit).into(row.quantity);
  std::vector<LineRow> rows;
  while (query.next()) rows.push_back(row);
  return rows;
}

}  // namespace

base::Result<std::vector<LineRow>> accounts_after(Transaction& transaction, std::int64_t contract_id,
                                                  std::int64_t entry_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::account_list_after);
    query.with("contract_id", contract_id).with("entry_id", entry_id);
    return all_rows(query);
  });
}

base::Result<std::vector<LineRow>> left_before(Transaction& transaction, std::int64_t contract_id,
                                               timing::UtcMs at, const std::string& tie) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::account_list_left_before);
    query.with("contract_id", contract_id).with("at_ms", at).with("tie", tie);
    return all_rows(query);
  });
}

base::Result<std::optional<std::int64_t>> find_reversal(Transaction& transaction, std::int64_t entry_id) {
  return attempt(transaction, [&]() -> std::optional<std::int64_t> {
    Query query(transaction, sql::entry_find_reversal);
    std::int64_t id = 0;
    query.with("entry_id", entry_id).into(id);
    if (!query.next()) return std::nullopt;
    return id;
  });
}

}  // namespace collector::store
