#include "collector/store/terminals.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {
namespace {

using directory::Terminal;

void bind(Query& query, const Terminal& terminal) {
  query.with("description", terminal.description).with("valid_from_ms", terminal.valid_from);
  query.with("valid_to_ms", terminal.valid_to);
}

std::int64_t insert(Transaction& transaction, const Terminal& terminal) {
  Query query(transaction, sql::terminal_insert);
  bind(query, terminal);
  std::int64_t id = 0;
  query.with("customer_id", terminal.customer_id).with_key("address", terminal.address).into(id).run();
  return id;
}

bool update(Transaction& transaction, const Terminal& terminal, std::int64_t id) {
  Query query(transaction, sql::terminal_update);
  bind(query, terminal);
  return query.with("terminal_id", id).change() > 0;
}

std::vector<Terminal> rows_of(Query& query) {
  Terminal row;
  query.into(row.id).into(row.customer_id).into(row.address).into(row.description);
  query.into(row.valid_from).into(row.valid_to).into(row.withdrawn);
  std::vector<Terminal> rows;
  while (query.next()) rows.push_back(row);
  return rows;
}

}  // namespace

base::Result<std::vector<Terminal>> list_terminals(Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::terminal_list);
    return rows_of(query);
  });
}

base::Result<std::vector<Terminal>> terminals_of_address(Transaction& transaction,
                                                         const std::string& address) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::terminal_list_of_address);
    query.with("address", address);
    return rows_of(query);
  });
}

base::Result<std::int64_t> add_terminal(Transaction& transaction, const Terminal& terminal) {
  return attempt(transaction, [&] { return insert(transaction, terminal); });
}

base::Result<bool> change_terminal(Transaction& transaction, const Terminal& terminal) {
  return attempt(transaction, [&] { return update(transaction, terminal, terminal.id); });
}

base::Status withdraw_terminal(Transaction& transaction, std::int64_t terminal_id, timing::UtcMs now) {
  return attempt(transaction, [&] {
    Query(transaction, sql::terminal_withdraw)
        .with("withdrawn_ms", now)
        .with("terminal_id", terminal_id)
        .run();
  });
}

base::Result<Put> upsert_terminal(Transaction& transaction, const Terminal& terminal) {
  return attempt(transaction, [&]() -> base::Result<Put> {
    Query find(transaction, sql::terminal_list_overlapping);
    find.with("address", terminal.address).with("valid_from_ms", terminal.valid_from);
    std::int64_t id = 0;
    std::int64_t owner_id = 0;
    find.with("valid_to_ms", terminal.valid_to).into(id).into(owner_id);
    std::int64_t overlapping = 0;
    while (find.next()) {
      if (++overlapping == 1 && owner_id == terminal.customer_id) continue;
      return base::fail(
          base::ErrorCode::conflict,
          "store: put a terminal: " + terminal.address + " belongs to " +
              (owner_id == terminal.customer_id ? "two rows of this customer" : "another customer") +
              " in the same time; end the validity of the other row first");
    }
    if (overlapping == 1) {
      return Put{.id = id, .created = false, .changed = update(transaction, terminal, id)};
    }
    return Put{.id = insert(transaction, terminal), .created = true, .changed = true};
  });
}

base::Result<std::vector<WaitingAddress>> addresses_in_review(Transaction& transaction,
                                                              std::string_view reason, std::int64_t limit) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::session_list_addresses_in_review);
    WaitingAddress row;
    query.with("reason", reason).with("limit", limit).into(row.address).into(row.sessions);
    query.into(row.length_ms).into(row.first).into(row.newest);
    std::vector<WaitingAddress> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

}  // namespace collector::store
