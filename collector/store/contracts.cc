// Contracts of directory.h.

#include <algorithm>
#include <optional>

#include "collector/store/directory.h"
#include "collector/store/embedded_sql.h"
#include "collector/store/ledger.h"
#include "collector/store/query.h"
#include "collector/store/words.h"

namespace collector::store {
namespace {

// What of a contract is frozen once its ledger has entries, and when it ends.
struct Standing {
  std::int64_t id = 0;
  directory::Contract contract;
  bool has_entries = false;
};

void bind_contract(Query& query, const directory::Contract& contract) {
  std::optional<std::string> end_day;
  if (contract.end_day) end_day = to_text(*contract.end_day);
  query.with("model", to_text(contract.model)).with("template_id", contract.template_id);
  query.with("start_day", to_text(contract.start_day)).with("end_day", end_day);
  query.with("time_zone", contract.time_zone).with("holiday_calendar", contract.holiday_calendar);
  query.with("mail_window_min", contract.mail_window_min);
  query.with("mail_no_charge", contract.mail_no_charge);
  const auto& terms = contract.terms;
  query.with("currency", terms.currency).with("exhaustion", to_text(terms.exhaustion));
  query.with("overage_per_hour", terms.overage_per_hour).with("period", to_text(terms.period));
  query.with("included_min", terms.included_min).with("roll_over_min", terms.roll_over_min);
  query.with("fee", terms.fee).with("units", terms.units);
  query.with("notice_percent", to_text(terms.notice_percent)).with("notice_days", to_text(terms.notice_days));
  query.with("notice_left", to_text(terms.notice_left)).with("mail_customer", contract.mail_customer);
  const auto& partner = contract.partner;
  const auto day = [](const std::optional<std::chrono::year_month_day>& one) {
    return one ? std::optional{to_text(*one)} : std::optional<std::string>{};
  };
  query.with("partner_id", partner ? std::optional{partner->id} : std::optional<std::int64_t>{});
  query.with("partner_told", partner ? partner->told : true);
  query.with("partner_first_day", partner ? day(partner->first_day) : std::nullopt);
  query.with("partner_last_day", partner ? day(partner->last_day) : std::nullopt);
}

std::optional<Standing> find_standing(Transaction& transaction, const directory::Contract& contract) {
  Query query(transaction, sql::contract_find);
  Standing found;
  std::string model, start_day, exhaustion, period;
  std::optional<std::string> end_day;
  auto& terms = found.contract.terms;
  query.with("customer_id", contract.customer_id).with("name", contract.name);
  query.into(found.id).into(model).into(found.contract.template_id).into(start_day).into(end_day);
  query.into(found.contract.time_zone).into(terms.currency).into(exhaustion).into(terms.overage_per_hour);
  query.into(period).into(terms.included_min).into(terms.roll_over_min).into(terms.fee).into(terms.units);
  query.into(found.has_entries);
  if (!query.next()) return std::nullopt;
  found.contract.model = to_model(model);
  found.contract.start_day = to_day(start_day);
  if (end_day) found.contract.end_day = to_day(*end_day);
  terms.exhaustion = to_exhaustion(exhaustion);
  terms.period = to_period(period);
  return found;
}

// Whether what the ledger was written by would be another. The end of the contract and when somebody is told
// may change.
bool terms_differ(const directory::Contract& now, const directory::Contract& then) {
  auto told = then.terms;
  told.notice_percent = now.terms.notice_percent;
  told.notice_left = now.terms.notice_left;
  told.notice_days = now.terms.notice_days;
  return now.model != then.model || now.template_id != then.template_id || now.start_day != then.start_day ||
         now.time_zone != then.time_zone || now.terms != told;
}

// Before anything of that day, in whatever time zone.
timing::UtcMs before(std::chrono::year_month_day day) {
  return std::chrono::sys_days{day} - std::chrono::days{1};
}

}  // namespace

base::Result<Put> upsert_contract(Transaction& transaction, const directory::Contract& contract) {
  return attempt(transaction, [&]() -> base::Result<Put> {
    const auto standing = find_standing(transaction, contract);
    auto from = before(contract.start_day);
    Put put;
    if (!standing) {
      Query insert(transaction, sql::contract_insert);
      bind_contract(insert, contract);
      put = {.id = 0, .created = true, .changed = true};
      insert.with("customer_id", contract.customer_id).with_key("name", contract.name).into(put.id).run();
    } else {
      if (standing->has_entries && terms_differ(contract, standing->contract)) {
        return base::fail(
            base::ErrorCode::conflict,
            "store: contract \"" + contract.name +
                "\" has entries in its ledger, so that its model, template, terms and first day stay as "
                "they are: make a new contract instead and end this one the day before");
      }
      const auto ends = contract.end_day;
      const auto ended = standing->contract.end_day;
      if (standing->has_entries && ends != ended)
        from = before(std::min(ends.value_or(*ended), ended.value_or(*ends)));
      Query update(transaction, sql::contract_update);
      bind_contract(update, contract);
      put = {.id = standing->id, .created = false};
      put.changed = update.with("contract_id", standing->id).change() > 0;
    }
    if (put.changed) {
      if (auto todo = plan_again(transaction, contract.customer_id, from); !todo) {
        return std::unexpected(todo.error());
      }
    }
    return put;
  });
}

}  // namespace collector::store
