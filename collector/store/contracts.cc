// Contracts of directory.h.

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

void bind_contract(Query& query, const directory::Contract& contract) {
  std::optional<std::string> end_day;
  if (contract.end_day) end_day = to_text(*contract.end_day);
  query.with("model", to_text(contract.model)).with("template_id", contract.template_id);
  query.with("start_day", to_text(contract.start_day)).with("end_day", end_day);
  query.with("time_zone", contract.time_zone).with("holiday_calendar", contract.holiday_calendar);
  query.with("mail_window_min", contract.mail_window_min);
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
