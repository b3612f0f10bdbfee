#include "collector/commands/contract_show.h"

#include <boost/json.hpp>
#include <ostream>

#include "collector/actions/to_json.h"
#include "collector/commands/contract_notices.h"
#include "collector/commands/named_contract.h"
#include "collector/commands/workspace.h"
#include "collector/ledger/lot.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

struct Page {
  NamedContract named;
  std::vector<store::LineRow> accounts;
  std::vector<store::NoticeRow> notices;  // Those that are so.
};

base::Result<Page> load(store::Connection& database, std::int64_t id) {
  Page page;
  const auto read = database.read([&](store::Transaction& tx) -> base::Status {
    auto named = named_contract(tx, id);
    if (!named) return std::unexpected{named.error()};
    page.named = std::move(*named);
    auto accounts = store::accounts_of(tx, id);
    if (!accounts) return std::unexpected{accounts.error()};
    page.accounts = std::move(*accounts);
    auto notices = store::notices_of_contract(tx, id);
    if (!notices) return std::unexpected{notices.error()};
    for (auto& row : *notices) {
      if (!row.over) page.notices.push_back(std::move(row));
    }
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  return page;
}

std::string partner_text(const directory::Contract& contract) {
  if (!contract.partner) return "none";
  const auto& partner = *contract.partner;
  auto text = partner.code + (partner.told ? ", is told" : ", is not told");
  if (partner.first_day) text += ", from " + ledger::day_text(*partner.first_day);
  if (partner.last_day) text += ", until " + ledger::day_text(*partner.last_day);
  return text;
}

void print(const Page& page, std::ostream& out) {
  const auto& contract = page.named.contract;
  out << "Contract " << contract.id << ", " << base::cell_text(contract.name, 80) << ", of "
      << base::cell_text(page.named.customer.name, 80) << '\n';
  base::TextTable table{{{.heading = "AGREED"}, {.heading = "VALUE", .width_max = 80}}};
  table.add({"template", contract.template_name + " v" + std::to_string(contract.template_version)});
  table.add({"start", ledger::day_text(contract.start_day)});
  table.add({"end", contract.end_day ? ledger::day_text(*contract.end_day) : "none"});
  const directory::Agreement agreement{.model = contract.model,
                                       .terms = contract.terms,
                                       .time_zone = contract.time_zone,
                                       .mail_window_min = contract.mail_window_min,
                                       .mail_no_charge = contract.mail_no_charge};
  for (const auto name : directory::agreed_names()) {
    auto value = directory::agreed_text(agreement, name);
    if (!value.empty()) table.add({std::string{name}, std::move(value)});
  }
  if (!contract.holiday_calendar.empty()) table.add({"holiday_calendar", contract.holiday_calendar});
  table.add({"customer_told", contract.mail_customer ? "true" : "false"});
  table.add({"partner", partner_text(contract)});
  table.add({"balance", balance_text(contract, page.accounts)});
  out << table.text();
  for (const auto& row : page.notices) {
    auto since = timing::to_rfc3339(row.notice.at).substr(0, 16);
    since[10] = ' ';
    out << "Notice " << row.id << ": " << ledger::text(row.notice) << " (since " << since << " UTC)\n";
  }
}

}  // namespace

int run_contract_show(const ContractShowOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto page = load(workspace->database, options.contract);
  if (!page) return report(err, page.error());
  if (!options.json) {
    print(*page, out);
    return 0;
  }
  const auto& contract = page->named.contract;
  auto all = actions::to_json(contract, page->named.customer.code);
  all["contract"] = contract.id;
  all["template_version"] = contract.template_version;
  all["balance"] = balance_text(contract, page->accounts);
  json::array notices;
  for (const auto& row : page->notices) notices.push_back(notice_json(row));
  all["notices"] = std::move(notices);
  out << json::serialize(all) << '\n';
  return 0;
}

}  // namespace collector::commands
