#include "collector/store/customers.h"

#include <algorithm>
#include <map>

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {
namespace {

using directory::Customer;

std::map<std::int64_t, std::vector<std::string>> domains_of(Transaction& transaction,
                                                            std::int64_t customer_id) {
  Query query(transaction, sql::customer_domain_list);
  std::int64_t id = 0;
  std::string domain;
  query.with("customer_id", customer_id).into(id).into(domain);
  std::map<std::int64_t, std::vector<std::string>> domains;
  while (query.next()) domains[id].push_back(domain);
  return domains;
}

std::vector<Customer> rows_of(Query& query) {
  Customer row;
  query.into(row.id).into(row.code).into(row.name).into(row.email).into(row.language).into(row.rank);
  query.into(row.tax_id).into(row.street).into(row.city).into(row.country).into(row.state);
  query.into(row.postal_code).into(row.phone).into(row.fax);
  std::vector<Customer> rows;
  while (query.next()) rows.push_back(row);
  return rows;
}

void add_domains(Transaction& transaction, std::vector<Customer>& customers) {
  if (customers.empty()) return;
  auto domains = domains_of(transaction, customers.size() == 1 ? customers.front().id : 0);
  for (auto& customer : customers) customer.domains = std::move(domains[customer.id]);
}

std::vector<Customer> customers_with_code(Transaction& transaction, const std::string& code) {
  Query query(transaction, sql::customer_find);
  query.with("code", code);
  auto rows = rows_of(query);
  add_domains(transaction, rows);
  return rows;
}

void bind(Query& query, const Customer& customer) {
  query.with_key("code", customer.code).with_key("name", customer.name).with("email", customer.email);
  query.with("language", customer.language).with("rank", customer.rank).with("tax_id", customer.tax_id);
  query.with("street", customer.street).with("city", customer.city).with("country", customer.country);
  query.with("state", customer.state).with("postal_code", customer.postal_code);
  query.with("phone", customer.phone).with("fax", customer.fax);
}

// Whether anything differed.
bool set_domains(Transaction& transaction, std::int64_t id, const std::vector<std::string>& before,
                 const std::vector<std::string>& after) {
  const auto has = [](const std::vector<std::string>& all, const std::string& one) {
    return std::ranges::find(all, one) != all.end();
  };
  bool changed = false;
  for (const auto& domain : before) {
    if (has(after, domain)) continue;
    Query(transaction, sql::customer_domain_delete).with("domain", domain).run();
    changed = true;
  }
  for (const auto& domain : after) {
    if (has(before, domain)) continue;
    Query(transaction, sql::customer_domain_insert).with_key("domain", domain).with("customer_id", id).run();
    changed = true;
  }
  return changed;
}

}  // namespace

base::Result<Put> upsert_customer(Transaction& transaction, const Customer& customer) {
  return attempt(transaction, [&] {
    const auto standing = customers_with_code(transaction, customer.code);
    if (!standing.empty()) {
      Query update(transaction, sql::customer_update);
      bind(update, customer);
      const auto id = standing.front().id;
      const bool cells = update.change() > 0;
      const bool domains = set_domains(transaction, id, standing.front().domains, customer.domains);
      return Put{.id = id, .created = false, .changed = cells || domains};
    }
    Query insert(transaction, sql::customer_insert);
    bind(insert, customer);
    Put put{.id = 0, .created = true, .changed = true};
    insert.into(put.id).run();
    set_domains(transaction, put.id, {}, customer.domains);
    return put;
  });
}

base::Result<std::optional<Customer>> find_customer(Transaction& transaction, const std::string& code) {
  return attempt(transaction, [&]() -> std::optional<Customer> {
    auto rows = customers_with_code(transaction, code);
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
  });
}

base::Result<std::vector<Customer>> customers_named(Transaction& transaction, const std::string& name) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::customer_list_named);
    query.with("name", name);
    auto rows = rows_of(query);
    add_domains(transaction, rows);
    return rows;
  });
}

base::Result<std::vector<Customer>> list_customers(Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::customer_list);
    auto rows = rows_of(query);
    add_domains(transaction, rows);
    return rows;
  });
}

base::Result<std::optional<std::string>> owner_of_domain(Transaction& transaction,
                                                         const std::string& domain) {
  return attempt(transaction, [&]() -> std::optional<std::string> {
    std::string code;
    if (!Query(transaction, sql::customer_domain_owner).with("domain", domain).into(code).run())
      return std::nullopt;
    return code;
  });
}

}  // namespace collector::store
