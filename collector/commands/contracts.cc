#include "collector/commands/contracts.h"

#include <algorithm>
#include <boost/json.hpp>
#include <ostream>

#include "collector/actions/contracts.h"
#include "collector/commands/person.h"
#include "collector/commands/workspace.h"
#include "collector/commands/zones.h"
#include "collector/ledger/entry.h"
#include "collector/store/directory.h"
#include "collector/store/ledger.h"
#include "common/base/text_table.h"
#include "common/timing/clock.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

struct Statement {
  directory::Contract contract;
  directory::Customer customer;
  std::vector<store::EntryRow> entries;
  std::int64_t balance_min = 0;
};

base::Result<std::vector<Statement>> load(store::Connection& database,
                                          const std::optional<std::string>& customer) {
  std::vector<Statement> statements;
  const auto read = database.read([&](store::Transaction& tx) -> base::Status {
    const auto directory = store::load_directory(tx, start_of_day_in_zone);
    if (!directory) return std::unexpected{directory.error()};
    for (const auto& contract : directory->contracts) {
      const auto owner =
          std::ranges::find(directory->customers, contract.customer_id, &directory::Customer::id);
      if (owner == directory->customers.end() || (customer && owner->code != *customer)) continue;
      auto entries = store::entries_of_contract(tx, contract.id);
      if (!entries) return std::unexpected{entries.error()};
      Statement statement{
          .contract = contract, .customer = *owner, .entries = std::move(*entries), .balance_min = 0};
      for (const auto& entry : statement.entries) statement.balance_min += entry.minutes;
      statements.push_back(std::move(statement));
    }
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  return statements;
}

std::string_view name_of(directory::Model model) {
  return directory::to_string(model);
}

template <class T>
json::value or_null(const std::optional<T>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

void print_json(const std::vector<Statement>& statements, std::ostream& out) {
  json::array list;
  for (const auto& statement : statements) {
    json::array entries;
    for (const auto& entry : statement.entries) {
      entries.push_back(json::object{{"entry", entry.id},
                                     {"kind", entry.kind},
                                     {"minutes", entry.minutes},
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
                     {"model", name_of(statement.contract.model)},
                     {"template", statement.contract.template_name},
                     {"template_version", statement.contract.template_version},
                     {"valid_from_utc", timing::to_rfc3339(statement.contract.valid_from)},
                     {"valid_to_utc", statement.contract.valid_to
                                          ? json::value(timing::to_rfc3339(*statement.contract.valid_to))
                                          : json::value(nullptr)},
                     {"balance_min", statement.balance_min},
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
                   {.heading = "BOUGHT", .align = TextTable::Align::right},
                   {.heading = "CHARGED", .align = TextTable::Align::right},
                   {.heading = "BALANCE", .align = TextTable::Align::right},
                   {.heading = ""}}};
  for (const auto& statement : statements) {
    std::int64_t granted = 0;
    for (const auto& entry : statement.entries) granted += entry.kind == "grant" ? entry.minutes : 0;
    const bool prepaid = statement.contract.model == directory::Model::prepaid;
    const auto charged = prepaid ? granted - statement.balance_min : statement.balance_min;
    table.add({std::to_string(statement.contract.id), statement.customer.code, statement.contract.name,
               std::string{name_of(statement.contract.model)},
               statement.contract.template_name + " v" + std::to_string(statement.contract.template_version),
               prepaid ? std::to_string(granted) : "", std::to_string(charged),
               std::to_string(statement.balance_min),
               prepaid ? (statement.balance_min <= 0 ? "min left: used up" : "min left") : "min to bill"});
  }
  out << (table.empty() ? "No contracts.\n" : table.text());
}

}  // namespace

int run_contracts(const ContractsOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto statements = load(workspace->database, options.customer);
  if (!statements) return report(err, statements.error());
  options.json ? print_json(*statements, out) : print_table(*statements, out);
  return 0;
}

int run_grant(const GrantOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto statements = load(workspace->database, std::nullopt);
  if (!statements) return report(err, statements.error());
  const auto found = std::ranges::find_if(
      *statements, [&](const Statement& one) { return one.contract.id == options.contract; });
  if (found == statements->end()) {
    return report(err,
                  {base::ErrorCode::not_found, "there is no contract " + std::to_string(options.contract) +
                                                   "; see: deskledger-collector contracts"});
  }
  std::int64_t balance_min = 0;
  const actions::Actor actor{
      .who = this_person(), .why = options.reason, .now = timing::system_clock().utc()};
  const auto done = workspace->database.transaction([&](store::Transaction& tx) -> base::Status {
    const auto sold =
        actions::sell(tx, actor, found->contract, {.quantity = options.minutes}, start_of_day_in_zone);
    if (!sold) return std::unexpected{sold.error()};
    balance_min = found->balance_min + ledger::figure(found->contract.model, *sold, ledger::kMinutes);
    return {};
  });
  if (!done) return report(err, done.error());
  out << found->customer.name << ", " << found->contract.name << ": " << options.minutes
      << " min granted, balance " << balance_min << " min\n";
  return 0;
}

}  // namespace collector::commands
