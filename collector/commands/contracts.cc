#include "collector/commands/contracts.h"

#include <algorithm>
#include <boost/json.hpp>
#include <ostream>

#include "collector/actions/to_json.h"
#include "collector/commands/named_contract.h"
#include "collector/commands/workspace.h"
#include "collector/commands/zones.h"
#include "collector/ledger/lot.h"
#include "collector/store/directory.h"
#include "collector/store/ledger.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

struct Statement {
  directory::Contract contract;
  directory::Customer customer;
  std::vector<store::EntryRow> entries;  // For programs only.
  std::vector<store::LineRow> accounts;
};

base::Result<std::vector<Statement>> load(store::Connection& database,
                                          const std::optional<std::string>& customer, bool with_entries) {
  std::vector<Statement> statements;
  const auto read = database.read([&](store::Transaction& tx) -> base::Status {
    const auto directory = store::load_directory(tx, start_of_day_in_zone);
    if (!directory) return std::unexpected{directory.error()};
    for (const auto& contract : directory->contracts) {
      const auto owner =
          std::ranges::find(directory->customers, contract.customer_id, &directory::Customer::id);
      if (owner == directory->customers.end() || (customer && owner->code != *customer)) continue;
      Statement statement{.contract = contract, .customer = *owner, .entries = {}, .accounts = {}};
      auto accounts = store::accounts_of(tx, contract.id);
      if (!accounts) return std::unexpected{accounts.error()};
      statement.accounts = std::move(*accounts);
      if (with_entries) {
        auto entries = store::entries_of_contract(tx, contract.id);
        if (!entries) return std::unexpected{entries.error()};
        statement.entries = std::move(*entries);
      }
      statements.push_back(std::move(statement));
    }
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  return statements;
}

template <class T>
json::value or_null(const std::optional<T>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

void print_json(const std::vector<Statement>& statements, std::ostream& out) {
  json::array list;
  for (const auto& statement : statements) {
    json::array entries;
    std::int64_t balance_min = 0;
    for (const auto& entry : statement.entries) balance_min += entry.minutes;
    json::array accounts;
    for (const auto& account : statement.accounts) {
      accounts.push_back(json::object{{"account", account.kind},
                                      {"lot", account.lot},
                                      {"unit", account.unit},
                                      {"quantity", account.quantity}});
    }
    for (const auto& entry : statement.entries) {
      entries.push_back(json::object{{"entry", entry.id},
                                     {"kind", entry.kind},
                                     {"minutes", entry.minutes},
                                     {"amount", entry.amount},
                                     {"at_utc", timing::to_rfc3339(entry.at)},
                                     {"subject", entry.subject},
                                     {"session", or_null(entry.session_id)},
                                     {"charge", or_null(entry.charge_id)},
                                     {"reverses", or_null(entry.reverses_entry_id)},
                                     {"reason", entry.reason},
                                     {"created_utc", timing::to_rfc3339(entry.created)}});
    }
    list.push_back(
        json::object{{"contract", statement.contract.id},
                     {"customer", statement.customer.code},
                     {"name", statement.contract.name},
                     {"model", directory::to_string(statement.contract.model)},
                     {"template", statement.contract.template_name},
                     {"template_version", statement.contract.template_version},
                     {"valid_from_utc", timing::to_rfc3339(statement.contract.valid_from)},
                     {"valid_to_utc", statement.contract.valid_to
                                          ? json::value(timing::to_rfc3339(*statement.contract.valid_to))
                                          : json::value(nullptr)},
                     {"currency", statement.contract.terms.currency},
                     {"partner", actions::partner_json(statement.contract.partner)},
                     {"customer_told", statement.contract.mail_customer},
                     {"balance_min", balance_min},
                     {"balance", balance_text(statement.contract, statement.accounts)},
                     {"accounts", std::move(accounts)},
                     {"entries", std::move(entries)}});
  }
  out << json::serialize(list) << '\n';
}

void print_table(const std::vector<Statement>& statements, std::ostream& out) {
  using base::TextTable;
  TextTable table{{{.heading = "CONTRACT", .align = TextTable::Align::right},
                   {.heading = "CUSTOMER"},
                   {.heading = "NAME"},
                   {.heading = "MODEL"},
                   {.heading = "TEMPLATE"},
                   {.heading = "FROM"},
                   {.heading = "TO"},
                   {.heading = "BALANCE"}}};
  for (const auto& statement : statements) {
    const auto& contract = statement.contract;
    table.add({std::to_string(contract.id), statement.customer.code, contract.name,
               std::string{directory::to_string(contract.model)},
               contract.template_name + " v" + std::to_string(contract.template_version),
               ledger::day_text(contract.start_day),
               contract.end_day ? ledger::day_text(*contract.end_day) : "",
               balance_text(contract, statement.accounts)});
  }
  out << (table.empty() ? "No contracts.\n" : table.text());
}

}  // namespace

int run_contracts(const ContractsOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto statements = load(workspace->database, options.customer, options.json);
  if (!statements) return report(err, statements.error());
  options.json ? print_json(*statements, out) : print_table(*statements, out);
  return 0;
}

}  // namespace collector::commands
