// The reading half of directory.h.

#include <algorithm>

#include "collector/store/customers.h"
#include "collector/store/directory.h"
#include "collector/store/embedded_sql.h"
#include "collector/store/holidays.h"
#include "collector/store/query.h"
#include "collector/store/reratings.h"
#include "collector/store/rule_columns.h"
#include "collector/store/terminals.h"
#include "collector/store/words.h"

namespace collector::store {
namespace {

// The columns of the partner of a contract; all empty where it has none.
class PartnerColumns {
 public:
  void into(Query& query) {
    query.into(id_).into(row_.code).into(row_.told).into(first_day_).into(last_day_);
  }

  std::optional<directory::ContractPartner> partner() {
    if (!id_) return std::nullopt;
    row_.id = *id_;
    row_.first_day = first_day_ ? std::optional{to_day(*first_day_)} : std::nullopt;
    row_.last_day = last_day_ ? std::optional{to_day(*last_day_)} : std::nullopt;
    return row_;
  }

 private:
  std::optional<std::int64_t> id_;
  directory::ContractPartner row_;
  std::optional<std::string> first_day_, last_day_;
};

std::vector<directory::Contract> contracts(Transaction& transaction) {
  Query query(transaction, sql::contract_list);
  directory::Contract row;
  std::string model;
  RuleColumns rule;
  std::string start_day;
  std::optional<std::string> end_day;
  std::string exhaustion, period, percents, days, lefts;
  PartnerColumns partner;
  query.into(row.id)
      .into(row.customer_id)
      .into(row.name)
      .into(model)
      .into(row.template_id)
      .into(row.template_name);
  query.into(row.template_version);
  rule.into(query);
  query.into(start_day).into(end_day).into(row.time_zone).into(row.holiday_calendar);
  query.into(row.mail_window_min).into(row.mail_no_charge);
  auto& terms = row.terms;
  query.into(terms.currency).into(exhaustion).into(terms.overage_per_hour).into(period);
  query.into(terms.included_min).into(terms.roll_over_min).into(terms.fee).into(terms.units);
  query.into(percents).into(days).into(lefts).into(row.mail_customer);
  partner.into(query);
  std::vector<directory::Contract> rows;
  while (query.next()) {
    row.model = to_model(model);
    terms.exhaustion = to_exhaustion(exhaustion);
    terms.period = to_period(period);
    terms.notice_percent = to_numbers(percents);
    terms.notice_days = to_numbers(days);
    terms.notice_left = to_numbers(lefts);
    row.partner = partner.partner();
    row.rule = rule.rule();
    row.start_day = to_day(start_day);
    row.end_day.reset();
    if (end_day) row.end_day = to_day(*end_day);
    rows.push_back(row);
  }
  return rows;
}

base::Status place_in_time(directory::Contract& contract, const StartOfDay& start_of_day) {
  const auto from = start_of_day(contract.start_day, contract.time_zone);
  if (!from) return base::fail("store: first day of contract \"" + contract.name + "\"", from.error());
  contract.valid_from = *from;
  if (!contract.end_day) return {};
  const std::chrono::year_month_day day_after{std::chrono::sys_days{*contract.end_day} +
                                              std::chrono::days{1}};
  const auto to = start_of_day(day_after, contract.time_zone);
  if (!to) return base::fail("store: last day of contract \"" + contract.name + "\"", to.error());
  contract.valid_to = *to;
  return {};
}

}  // namespace

base::Result<directory::Directory> load_directory(Transaction& transaction, const StartOfDay& start_of_day) {
  return attempt(transaction, [&]() -> base::Result<directory::Directory> {
    directory::Directory all;
    Query(transaction, sql::directory_version).into(all.version).run();
    auto customers = list_customers(transaction);
    if (!customers) return std::unexpected(customers.error());
    all.customers = std::move(*customers);
    auto terminals = list_terminals(transaction);
    if (!terminals) return std::unexpected(terminals.error());
    all.terminals = std::move(*terminals);
    std::erase_if(all.terminals, [](const directory::Terminal& row) { return row.withdrawn.has_value(); });
    auto technicians = list_technicians(transaction);
    if (!technicians) return std::unexpected(technicians.error());
    all.technicians = std::move(*technicians);
    auto support_points = list_support_points(transaction);
    if (!support_points) return std::unexpected(support_points.error());
    all.support_points = std::move(*support_points);
    all.contracts = contracts(transaction);
    auto reratings = rerating_rules(transaction);
    if (!reratings) return std::unexpected(reratings.error());
    for (auto& [contract_id, rerating] : *reratings) {
      const auto contract = std::ranges::find(all.contracts, contract_id, &directory::Contract::id);
      if (contract != all.contracts.end()) contract->reratings.push_back(std::move(rerating));
    }
    auto calendars = list_calendars(transaction);
    if (!calendars) return std::unexpected(calendars.error());
    all.calendars = *std::move(calendars);
    for (auto& contract : all.contracts) {
      if (const auto placed = place_in_time(contract, start_of_day); !placed)
        return std::unexpected(placed.error());
    }
    return all;
  });
}

base::Result<std::vector<std::string>> terminal_addresses_at(Transaction& transaction, timing::UtcMs moment) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::terminal_list_valid);
    std::string address;
    query.with("now_ms", moment).into(address);
    std::vector<std::string> addresses;
    while (query.next()) addresses.push_back(address);
    return addresses;
  });
}

base::Result<std::int64_t> directory_version(Transaction& transaction) {
  return attempt(transaction, [&] {
    std::int64_t version = 0;
    Query(transaction, sql::directory_version).into(version).run();
    return version;
  });
}

}  // namespace collector::store
