// Templates and contracts of directory.h.

#include <optional>

#include "collector/store/directory.h"
#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"
#include "collector/store/words.h"

namespace collector::store {
namespace {

// What of a contract is frozen once its ledger has entries.
struct Standing {
  std::int64_t id = 0;
  std::string model;
  std::int64_t template_id = 0;
  std::int64_t entries = 0;
};

std::optional<directory::Template> newest_version(Transaction& transaction, const std::string& name) {
  Query query(transaction, sql::template_find_newest);
  directory::Template found;
  std::string boundary;
  std::string grace_scope;
  query.with("name", name).into(found.id).into(found.name).into(found.version).into(found.rule.free_s);
  query.into(found.rule.first_block_s).into(found.rule.grace_s).into(found.rule.increment_s).into(boundary);
  query.into(grace_scope).into(found.rule.max_charge_min);
  if (!query.next()) return std::nullopt;
  found.rule.boundary = to_boundary(boundary);
  found.rule.grace_scope = to_grace_scope(grace_scope);
  return found;
}

void bind_contract(Query& query, const directory::Contract& contract) {
  std::optional<std::string> end_day;
  if (contract.end_day) end_day = to_text(*contract.end_day);
  query.with("model", to_text(contract.model)).with("template_id", contract.template_id);
  query.with("start_day", to_text(contract.start_day)).with("end_day", end_day);
  query.with("time_zone", contract.time_zone).with("mail_window_min", contract.mail_window_min);
  query.with("mail_no_charge", contract.mail_no_charge);
}

std::optional<Standing> find_standing(Transaction& transaction, const directory::Contract& contract) {
  Query query(transaction, sql::contract_find);
  Standing found;
  query.with("customer_id", contract.customer_id).with("name", contract.name);
  query.into(found.id).into(found.model).into(found.template_id).into(found.entries);
  if (!query.next()) return std::nullopt;
  return found;
}

}  // namespace

base::Result<Put> add_template_version(Transaction& transaction, const std::string& name,
                                       const rating::Rule& rule) {
  return attempt(transaction, [&] {
    const auto newest = newest_version(transaction, name);
    if (newest && newest->rule == rule) return Put{.id = newest->id, .created = false, .changed = false};
    Query query(transaction, sql::template_insert);
    query.with_key("name", name)
        .with("version", newest ? newest->version + 1 : 1)
        .with("free_s", rule.free_s);
    query.with("first_block_s", rule.first_block_s).with("grace_s", rule.grace_s);
    query.with("increment_s", rule.increment_s).with("boundary", to_text(rule.boundary));
    query.with("grace_scope", to_text(rule.grace_scope)).with("max_charge_min", rule.max_charge_min);
    Put put{.id = 0, .created = true, .changed = true};
    query.into(put.id).run();
    return put;
  });
}

base::Result<directory::Template> find_template(Transaction& transaction, const std::string& name) {
  return attempt(transaction, [&]() -> base::Result<directory::Template> {
    auto newest = newest_version(transaction, name);
    if (!newest)
      return base::fail(base::ErrorCode::not_found, "store: there is no template \"" + name + "\"");
    return *newest;
  });
}

base::Result<Put> upsert_contract(Transaction& transaction, const directory::Contract& contract) {
  return attempt(transaction, [&]() -> base::Result<Put> {
    const auto standing = find_standing(transaction, contract);
    if (!standing) {
      Query insert(transaction, sql::contract_insert);
      bind_contract(insert, contract);
      Put put{.id = 0, .created = true, .changed = true};
      insert.with("customer_id", contract.customer_id).with_key("name", contract.name).into(put.id).run();
      return put;
    }
    const bool terms_differ =
        standing->model != to_text(contract.model) || standing->template_id != contract.template_id;
    if (standing->entries > 0 && terms_differ) {
      return base::fail(
          base::ErrorCode::conflict,
          "store: contract \"" + contract.name +
              "\" has entries in its ledger, so that its model and template stay as they are: make a "
              "new contract instead and end this one the day before");
    }
    Query update(transaction, sql::contract_update);
    bind_contract(update, contract);
    const bool changed = update.with("contract_id", standing->id).change() > 0;
    return Put{.id = standing->id, .created = false, .changed = changed};
  });
}

}  // namespace collector::store
