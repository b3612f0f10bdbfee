#include "collector/commands/contract_notices.h"

#include <algorithm>
#include <boost/json.hpp>
#include <ostream>

#include "collector/commands/workspace.h"
#include "collector/commands/zones.h"
#include "collector/store/directory.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

struct Row {
  store::NoticeRow row;
  directory::Contract contract;
  std::string customer;
};

base::Result<std::vector<Row>> load(store::Connection& database, const ContractNoticesOptions& options) {
  std::vector<Row> all;
  const auto read = database.read([&](store::Transaction& tx) -> base::Status {
    const auto directory = store::load_directory(tx, start_of_day_in_zone);
    if (!directory) return std::unexpected{directory.error()};
    auto rows = store::list_notices(tx, options.all);
    if (!rows) return std::unexpected{rows.error()};
    for (auto& row : *rows) {
      const auto contract =
          std::ranges::find(directory->contracts, row.notice.contract_id, &directory::Contract::id);
      const auto customer =
          std::ranges::find(directory->customers, row.customer_id, &directory::Customer::id);
      if (contract == directory->contracts.end() || customer == directory->customers.end()) continue;
      if (options.customer && customer->code != *options.customer) continue;
      all.push_back({.row = std::move(row), .contract = *contract, .customer = customer->code});
    }
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  return all;
}

json::value time_or_null(const std::optional<timing::UtcMs>& time) {
  return time ? json::value(timing::to_rfc3339(*time)) : json::value(nullptr);
}

std::string minute_text(const std::optional<timing::UtcMs>& time) {
  if (!time) return "";
  auto text = timing::to_rfc3339(*time).substr(0, 16);
  text[10] = ' ';
  return text;
}

std::string table_of(const std::vector<Row>& rows, bool all) {
  using base::TextTable;
  std::vector<TextTable::Column> columns{{.heading = "NOTICE", .align = TextTable::Align::right},
                                         {.heading = "SINCE (UTC)"},
                                         {.heading = "CUSTOMER", .width_max = 24},
                                         {.heading = "CONTRACT", .align = TextTable::Align::right},
                                         {.heading = "NAME", .width_max = 40},
                                         {.heading = "WHAT", .width_max = 100},
                                         {.heading = "MAILED (UTC)"}};
  if (all) columns.push_back({.heading = "OVER (UTC)"});
  TextTable table{std::move(columns)};
  for (const auto& [row, contract, customer] : rows) {
    std::vector<std::string> cells{std::to_string(row.id),
                                   minute_text(row.notice.at),
                                   customer,
                                   std::to_string(contract.id),
                                   contract.name,
                                   ledger::text(row.notice),
                                   minute_text(row.mailed)};
    if (all) cells.push_back(minute_text(row.over));
    table.add(std::move(cells));
  }
  return table.empty() ? "No notices.\n" : table.text();
}

}  // namespace

json::object notice_json(const store::NoticeRow& row) {
  const auto& notice = row.notice;
  return {{"notice", row.id},
          {"kind", ledger::to_string(notice.kind)},
          {"threshold", notice.threshold},
          {"occasion", notice.occasion},
          {"at_utc", timing::to_rfc3339(notice.at)},
          {"left", notice.left},
          {"of", notice.of},
          {"unit", notice.unit},
          {"session", notice.session_id ? json::value(*notice.session_id) : json::value(nullptr)},
          {"text", ledger::text(notice)},
          {"created_utc", timing::to_rfc3339(row.created)},
          {"mailed_utc", time_or_null(row.mailed)},
          {"over_utc", time_or_null(row.over)}};
}

int run_contract_notices(const ContractNoticesOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto rows = load(workspace->database, options);
  if (!rows) return report(err, rows.error());
  if (!options.json) {
    out << table_of(*rows, options.all);
    return 0;
  }
  json::array list;
  for (const auto& [row, contract, customer] : *rows) {
    auto one = notice_json(row);
    one["contract"] = contract.id;
    one["name"] = contract.name;
    one["customer"] = customer;
    list.push_back(std::move(one));
  }
  out << json::serialize(list) << '\n';
  return 0;
}

}  // namespace collector::commands
