#include "collector/store/ledger.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {
namespace {

void read_entry(Query& query, EntryRow& row) {
  query.into(row.id).into(row.contract_id).into(row.kind).into(row.minutes).into(row.session_id);
  query.into(row.charge_id).into(row.reverses_entry_id).into(row.reason).into(row.created);
}

std::vector<EntryRow> all_rows(Query& query) {
  EntryRow row;
  read_entry(query, row);
  std::vector<EntryRow> rows;
  while (query.next()) rows.push_back(row);
  return rows;
}

}  // namespace

base::Result<std::int64_t> add_entry(Transaction& transaction, const EntryRow& entry) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::entry_insert);
    query.with("contract_id", entry.contract_id).with("kind", entry.kind).with("minutes", entry.minutes);
    query.with("session_id", entry.session_id).with("charge_id", entry.charge_id);
    query.with("reverses_entry_id", entry.reverses_entry_id).with("reason", entry.reason);
    query.with("created_ms", entry.created);
    std::int64_t id = 0;
    query.into(id).run();
    return id;
  });
}

base::Result<std::vector<EntryRow>> entries_of_contract(Transaction& transaction, std::int64_t contract_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::entry_list_of_contract);
    query.with("contract_id", contract_id);
    return all_rows(query);
  });
}

base::Result<std::vector<EntryRow>> entries_of_session(Transaction& transaction, std::int64_t session_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::entry_list_of_session);
    query.with("session_id", session_id);
    return all_rows(query);
  });
}

base::Result<std::optional<EntryRow>> find_open_entry(Transaction& transaction, std::int64_t session_id) {
  return attempt(transaction, [&]() -> std::optional<EntryRow> {
    Query query(transaction, sql::entry_find_open);
    EntryRow row;
    query.with("session_id", session_id);
    read_entry(query, row);
    if (!query.next()) return std::nullopt;
    return row;
  });
}

base::Result<std::vector<BalanceRow>> contract_balances(Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::entry_balances);
    BalanceRow row;
    query.into(row.contract_id).into(row.minutes).into(row.entries);
    std::vector<BalanceRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Result<std::vector<EntryRow>> entries_to_reverse(Transaction& transaction, std::int64_t limit) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::entry_list_to_reverse);
    query.with("limit", limit);
    return all_rows(query);
  });
}

}  // namespace collector::store
