#include "collector/store/partners.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {
namespace {

using directory::Partner;

std::vector<Partner> rows_of(Query& query) {
  Partner row;
  query.into(row.id).into(row.code).into(row.name).into(row.email).into(row.language);
  std::vector<Partner> rows;
  while (query.next()) rows.push_back(row);
  return rows;
}

std::optional<Partner> found(Transaction& transaction, const std::string& code) {
  Query query(transaction, sql::partner_find);
  query.with("code", code);
  auto rows = rows_of(query);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

void bind(Query& query, const Partner& partner) {
  query.with_key("code", partner.code).with_key("name", partner.name).with("email", partner.email);
  query.with("language", partner.language);
}

}  // namespace

base::Result<Put> upsert_partner(Transaction& transaction, const Partner& partner) {
  return attempt(transaction, [&] {
    if (const auto standing = found(transaction, partner.code)) {
      Query update(transaction, sql::partner_update);
      bind(update, partner);
      return Put{.id = standing->id, .created = false, .changed = update.change() > 0};
    }
    Query insert(transaction, sql::partner_insert);
    bind(insert, partner);
    Put put{.id = 0, .created = true, .changed = true};
    insert.into(put.id).run();
    return put;
  });
}

base::Result<std::optional<Partner>> find_partner(Transaction& transaction, const std::string& code) {
  return attempt(transaction, [&] { return found(transaction, code); });
}

base::Result<std::optional<Partner>> find_partner_of_id(Transaction& transaction, std::int64_t partner_id) {
  return attempt(transaction, [&]() -> std::optional<Partner> {
    Query query(transaction, sql::partner_find_of_id);
    query.with("partner_id", partner_id);
    auto rows = rows_of(query);
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
  });
}

base::Result<std::vector<Partner>> partners_named(Transaction& transaction, const std::string& name) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::partner_list_named);
    query.with("name", name);
    return rows_of(query);
  });
}

base::Result<std::vector<Partner>> list_partners(Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::partner_list);
    return rows_of(query);
  });
}

}  // namespace collector::store
