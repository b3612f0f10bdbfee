#include "collector/store/ledger.h"

#include "collector/ledger/entry.h"
#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {
namespace {

void read_entry(Query& query, EntryRow& row) {
  query.into(row.id)
      .into(row.contract_id)
      .into(row.customer_id)
      .into(row.kind)
      .into(row.at)
      .into(row.subject);
  query.into(row.minutes).into(row.amount).into(row.session_id).into(row.charge_id);
  query.into(row.reverses_entry_id).into(row.reason).into(row.created);
}

std::vector<EntryRow> all_rows(Query& query) {
  EntryRow row;
  read_entry(query, row);
  std::vector<EntryRow> rows;
  while (query.next()) rows.push_back(row);
  return rows;
}

std::vector<LineRow> lines_of(Transaction& transaction, std::int64_t entry_id) {
  Query query(transaction, sql::entry_line_list);
  LineRow line;
  query.with("entry_id", entry_id).into(line.kind).into(line.lot).into(line.unit).into(line.quantity);
  std::vector<LineRow> lines;
  while (query.next()) lines.push_back(line);
  return lines;
}

// The lines of `rows`, which are in order of their ids: all that the customer has from that moment on.
void read_lines(Transaction& transaction, std::int64_t customer_id, timing::UtcMs from,
                std::vector<StandingEntry>& rows) {
  Query query(transaction, sql::entry_line_list_from);
  std::int64_t entry_id = 0;
  LineRow line;
  query.with("customer_id", customer_id).with("from_ms", from);
  query.into(entry_id).into(line.kind).into(line.lot).into(line.unit).into(line.quantity);
  auto row = rows.begin();
  while (query.next()) {
    while (row->entry.id < entry_id) ++row;
    row->entry.lines.push_back(line);
  }
}

// The account of the line, which is there then. It gains the line's quantity at once, or with all of `gains`.
std::int64_t account_of(Transaction& transaction, std::int64_t contract_id, const LineRow& line,
                        Gains* gains) {
  if (gains != nullptr) {
    if (const auto known = gains->find(contract_id, line)) {
      gains->note(*known, line.quantity);
      return *known;
    }
  }
  Query account(transaction, sql::account_add);
  std::int64_t account_id = 0;
  account.with("contract_id", contract_id).with("kind", line.kind).with_key("lot", line.lot);
  account.with("unit", line.unit).with("quantity", line.quantity).into(account_id).run();
  if (gains != nullptr) gains->found(contract_id, line, account_id);
  return account_id;
}

void add_lines(Transaction& transaction, const EntryRow& entry, std::int64_t entry_id, Gains* gains) {
  Query insert(transaction, sql::entry_line_insert);
  std::int64_t number = 0;
  for (const auto& line : entry.lines) {
    const auto account_id = account_of(transaction, entry.contract_id, line, gains);
    insert.with("entry_id", entry_id).with("line", ++number).with("account_id", account_id);
    insert.with("quantity", line.quantity).run();
  }
}

}  // namespace

base::Result<std::int64_t> add_entry(Transaction& transaction, const EntryRow& entry,
                                     const std::string& about, Gains* gains) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::entry_insert);
    query.with("contract_id", entry.contract_id).with("customer_id", entry.customer_id);
    query.with("kind", entry.kind).with("at_ms", entry.at).with_key("subject", entry.subject);
    query.with("minutes", entry.minutes).with("amount", entry.amount).with("session_id", entry.session_id);
    query.with("charge_id", entry.charge_id).with("reverses_entry_id", entry.reverses_entry_id);
    query.with("reason", entry.reason).with("created_ms", entry.created);
    std::int64_t id = 0;
    query.into(id).run();
    add_lines(transaction, entry, id, gains);
    if (entry.reverses_entry_id) {
      Query(transaction, sql::open_entry_close).with("entry_id", *entry.reverses_entry_id).run();
    }
    if (!about.empty()) {
      Query open(transaction, sql::open_entry_put);
      open.with("entry_id", id).with("customer_id", entry.customer_id).with("contract_id", entry.contract_id);
      open.with("about", about).with("subject", entry.subject).with("at_ms", entry.at).run();
    }
    return id;
  });
}

std::optional<std::int64_t> Gains::find(std::int64_t contract_id, const LineRow& line) const {
  const auto known = ids_.find(Name{contract_id, line.kind, line.lot, line.unit});
  return known == ids_.end() ? std::nullopt : std::optional{known->second};
}

void Gains::found(std::int64_t contract_id, const LineRow& line, std::int64_t account_id) {
  ids_.emplace(Name{contract_id, line.kind, line.lot, line.unit}, account_id);
}

base::Status keep_gains(Transaction& transaction, const Gains& gains) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::account_gain);
    for (const auto& [account_id, quantity] : gains.by_account())
      query.with("account_id", account_id).with("quantity", quantity).run();
  });
}

base::Result<std::vector<EntryRow>> entries_of_contract(Transaction& transaction, std::int64_t contract_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::entry_list_of_contract);
    query.with("contract_id", contract_id);
    return all_rows(query);
  });
}

base::Result<std::vector<EntryRow>> entries_behind(Transaction& transaction, std::int64_t contract_id,
                                                   std::int64_t entry_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::entry_list_behind);
    query.with("contract_id", contract_id).with("entry_id", entry_id);
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

base::Result<std::optional<EntryRow>> find_entry(Transaction& transaction, std::int64_t entry_id) {
  return attempt(transaction, [&]() -> std::optional<EntryRow> {
    Query query(transaction, sql::entry_find);
    EntryRow row;
    query.with("entry_id", entry_id);
    read_entry(query, row);
    if (!query.next()) return std::nullopt;
    row.lines = lines_of(transaction, entry_id);
    return row;
  });
}

base::Result<std::vector<EntryRow>> open_entries_of_session(Transaction& transaction,
                                                            std::int64_t session_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::entry_list_open_of_session);
    query.with("session_id", session_id);
    return all_rows(query);
  });
}

base::Result<bool> is_open(Transaction& transaction, std::int64_t entry_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::open_entry_find);
    std::int64_t one = 0;
    return query.with("entry_id", entry_id).into(one).next();
  });
}

base::Result<std::vector<StandingEntry>> entries_from(Transaction& transaction, std::int64_t customer_id,
                                                      timing::UtcMs from) {
  return attempt(transaction, [&] {
    std::vector<StandingEntry> rows;
    {
      Query query(transaction, sql::entry_list_from);
      StandingEntry row;
      query.with("customer_id", customer_id).with("from_ms", from);
      read_entry(query, row.entry);
      query.into(row.open).into(row.billed);
      while (query.next()) rows.push_back(row);
    }
    read_lines(transaction, customer_id, from, rows);
    return rows;
  });
}

base::Result<std::vector<LineRow>> accounts_of(Transaction& transaction, std::int64_t contract_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::account_list);
    LineRow row;
    query.with("contract_id", contract_id).into(row.kind).into(row.lot).into(row.unit).into(row.quantity);
    std::vector<LineRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Status plan_again(Transaction& transaction, std::int64_t customer_id, timing::UtcMs from,
                        timing::UtcMs due) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::ledger_todo_put);
    query.with("customer_id", customer_id).with("from_ms", from).with("due_ms", due).run();
  });
}

base::Result<std::vector<TodoRow>> ledgers_to_plan(Transaction& transaction, timing::UtcMs now,
                                                   std::int64_t limit) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::ledger_todo_list);
    TodoRow row;
    query.with("now_ms", now).with("limit", limit).into(row.customer_id).into(row.from);
    std::vector<TodoRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Result<timing::UtcMs> plan_begins(Transaction& transaction, std::int64_t customer_id,
                                        timing::UtcMs from) {
  return attempt(transaction, [&] {
    while (true) {
      Query query(transaction, sql::ledger_plan_from);
      std::optional<timing::UtcMs> earlier;
      query.with("customer_id", customer_id).with("from_ms", from).into(earlier);
      if (!query.next() || !earlier) return from;
      from = *earlier;
    }
  });
}

base::Result<std::vector<EntryRow>> entries_that_count(Transaction& transaction, std::int64_t customer_id,
                                                       std::int64_t contract_id, timing::UtcMs from) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::entry_list_left);
    EntryRow row;
    row.contract_id = contract_id;
    std::optional<std::string> lot, unit;
    std::optional<std::int64_t> quantity;
    query.with("customer_id", customer_id).with("contract_id", contract_id).with("from_ms", from);
    query.into(row.id).into(row.kind).into(row.at).into(row.subject);
    query.into(row.session_id).into(row.charge_id).into(lot).into(unit).into(quantity);
    std::vector<EntryRow> rows;
    while (query.next()) {
      if (rows.empty() || rows.back().id != row.id) rows.push_back(row);
      if (!quantity) continue;
      const auto left = std::string{ledger::to_string(ledger::AccountKind::left)};
      rows.back().lines.push_back({.kind = left, .lot = *lot, .unit = *unit, .quantity = *quantity});
    }
    return rows;
  });
}

base::Status planned(Transaction& transaction, std::int64_t customer_id) {
  return attempt(transaction,
                 [&] { Query(transaction, sql::ledger_todo_done).with("customer_id", customer_id).run(); });
}

}  // namespace collector::store
