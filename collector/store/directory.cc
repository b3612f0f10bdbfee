#include "collector/store/directory.h"

#include <vector>

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"
#include "collector/store/words.h"

namespace collector::store {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw StatementFailed{base::Error{base::ErrorCode::conflict, "store: " + why}};
}

struct Overlap {
  std::int64_t id = 0;
  std::int64_t owner_id = 0;  // Customer or technician.
};

std::vector<Overlap> overlaps(Query& query) {
  Overlap row;
  query.into(row.id).into(row.owner_id);
  std::vector<Overlap> rows;
  while (query.next()) rows.push_back(row);
  return rows;
}

// Runs an UPDATE that changes nothing when nothing differs.
Put change(Query& query, std::int64_t id) {
  return Put{.id = id, .created = false, .changed = query.change() > 0};
}

Put create(Query& query) {
  std::int64_t id = 0;
  query.into(id).run();
  return Put{.id = id, .created = true, .changed = true};
}

void bind_customer(Query& query, const directory::Customer& customer) {
  query.with_key("code", customer.code).with("name", customer.name).with("email", customer.email);
  query.with("language", customer.language);
}

void bind_terminal(Query& query, const directory::Terminal& terminal) {
  query.with("description", terminal.description).with("valid_from_ms", terminal.valid_from);
  query.with("valid_to_ms", terminal.valid_to);
}

void bind_technician(Query& query, const directory::Technician& technician) {
  query.with("number", technician.number).with("name", technician.name).with("email", technician.email);
  query.with("active", technician.active);
}

}  // namespace

base::Result<Put> upsert_customer(Transaction& transaction, const directory::Customer& customer) {
  return attempt(transaction, [&] {
    std::int64_t id = 0;
    if (Query(transaction, sql::customer_find).with("code", customer.code).into(id).run()) {
      Query update(transaction, sql::customer_update);
      bind_customer(update, customer);
      return change(update, id);
    }
    Query insert(transaction, sql::customer_insert);
    bind_customer(insert, customer);
    return create(insert);
  });
}

base::Result<Put> upsert_terminal(Transaction& transaction, const directory::Terminal& terminal) {
  return attempt(transaction, [&] {
    Query find(transaction, sql::terminal_list_overlapping);
    find.with("address", terminal.address).with("valid_from_ms", terminal.valid_from);
    find.with("valid_to_ms", terminal.valid_to);
    const auto rows = overlaps(find);
    for (const auto& row : rows) {
      if (row.owner_id == terminal.customer_id && rows.size() == 1) continue;
      refuse("put a terminal: " + terminal.address + " belongs to " +
             (row.owner_id == terminal.customer_id ? "two rows of this customer" : "another customer") +
             " in the same time; end the validity of the other row first");
    }
    if (!rows.empty()) {
      Query update(transaction, sql::terminal_update);
      bind_terminal(update, terminal);
      update.with("terminal_id", rows.front().id);
      return change(update, rows.front().id);
    }
    Query insert(transaction, sql::terminal_insert);
    bind_terminal(insert, terminal);
    insert.with("customer_id", terminal.customer_id).with_key("address", terminal.address);
    return create(insert);
  });
}

base::Result<Put> upsert_technician(Transaction& transaction, const directory::Technician& technician) {
  return attempt(transaction, [&] {
    std::int64_t id = 0;
    if (Query(transaction, sql::technician_find).with("number", technician.number).into(id).run()) {
      Query update(transaction, sql::technician_update);
      bind_technician(update, technician);
      return change(update, id);
    }
    Query insert(transaction, sql::technician_insert);
    bind_technician(insert, technician);
    return create(insert);
  });
}

base::Result<Put> upsert_support_point(Transaction& transaction,
                                       const directory::SupportPoint& support_point) {
  return attempt(transaction, [&] {
    const auto bind = [&](Query& query) -> Query& {
      query.with("valid_from_ms", support_point.valid_from).with("valid_to_ms", support_point.valid_to);
      return query;
    };
    const auto bind_key = [&](Query& query) -> Query& {
      query.with("technician_id", support_point.technician_id).with("workstation", support_point.workstation);
      query.with("anydesk_id", support_point.anydesk_id);
      return query;
    };
    Query find(transaction, sql::support_point_list_overlapping);
    const auto rows = overlaps(bind_key(bind(find)));
    if (rows.size() > 1) {
      refuse("put a support point: two rows of the same technician and " + support_point.workstation +
             support_point.anydesk_id + " overlap with its validity");
    }
    if (!rows.empty()) {
      Query update(transaction, sql::support_point_update);
      bind(update).with("support_point_id", rows.front().id);
      return change(update, rows.front().id);
    }
    Query insert(transaction, sql::support_point_insert);
    return create(bind_key(bind(insert)));
  });
}

base::Result<std::int64_t> bump_directory_version(Transaction& transaction) {
  return attempt(transaction, [&] {
    std::int64_t version = 0;
    Query(transaction, sql::directory_bump).into(version).run();
    return version;
  });
}

}  // namespace collector::store
