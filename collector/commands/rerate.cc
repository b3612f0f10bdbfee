#include "collector/commands/rerate.h"

#include <boost/json.hpp>
#include <ostream>

#include "collector/commands/desk_work.h"
#include "collector/commands/difference_text.h"
#include "collector/commands/moment.h"
#include "collector/commands/named_rule.h"
#include "collector/commands/rerate_preview.h"
#include "collector/commands/serve_parts.h"
#include "collector/commands/zones.h"
#include "collector/rating/money.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

using base::ErrorCode;
using base::fail;

namespace {

std::string safe(std::string_view text) {
  return base::cell_text(text, 60);
}

base::Result<actions::RerateScope> scope_of(const RerateOptions& options, store::Connection& database) {
  actions::RerateScope scope;
  const auto first = parse_day(options.from, "from");
  const auto last = parse_day(options.to, "to");
  if (!first) return std::unexpected{first.error()};
  if (!last) return std::unexpected{last.error()};
  scope.first_day = *first;
  scope.last_day = *last;
  scope.customer = options.customer;
  scope.contract = options.contract;
  scope.newest_version = options.current;
  if (!options.template_name) return scope;
  const auto read = database.read([&](store::Transaction& tx) -> base::Status {
    auto rule = named_template(tx, *options.template_name);
    if (!rule) return std::unexpected{rule.error()};
    scope.rule = std::move(*rule);
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  if (scope.rule->version == 0) {
    return fail(ErrorCode::invalid_argument, "'" + *options.template_name +
                                                 "' is built in and none of the collector's templates: make "
                                                 "one of it first (templates new NAME --from " +
                                                 *options.template_name + ")");
  }
  return scope;
}

std::string rule_text(const std::optional<store::RuledCharge>& side) {
  return side ? side->template_name + "@" + std::to_string(side->template_version) : "-";
}

std::string minutes_text(const std::optional<store::RuledCharge>& side) {
  return side ? std::to_string(side->charge.minutes) : "-";
}

std::string sessions_text(const store::RuledCharge& side) {
  std::string text;
  for (const auto& part : side.charge.parts) {
    text += (text.empty() ? "" : "+") + std::to_string(part.session_id);
  }
  return text;
}

std::string sums_text(const RerateSums& sums, const std::string& currency) {
  auto text = std::to_string(sums.minutes_before) + " min -> " + std::to_string(sums.minutes_after) +
              " min (" + with_sign(sums.minutes_after - sums.minutes_before) + ")";
  if (sums.amount_before != 0 || sums.amount_after != 0) {
    text += ", " + rating::money_text(sums.amount_before, currency) + " -> " +
            rating::money_text(sums.amount_after, currency) + " " + currency;
  }
  text += "; " + std::to_string(sums.changed) + " changed";
  if (sums.billed > 0) text += ", " + std::to_string(sums.billed) + " billed and untouched";
  return text;
}

std::string lines_text(const RerateContract& contract) {
  constexpr auto kRight = base::TextTable::Align::right;
  const auto& currency = contract.contract.terms.currency;
  const auto money = [&](const std::optional<store::RuledCharge>& side) {
    return side ? rating::money_text(side->charge.amount, currency) : std::string{"-"};
  };
  const bool costs = contract.sums.amount_before != 0 || contract.sums.amount_after != 0;
  std::vector<base::TextTable::Column> columns{{.heading = "SESSIONS"},
                                               {.heading = "BEGAN (UTC)"},
                                               {.heading = "MIN", .align = kRight},
                                               {.heading = "NEW MIN", .align = kRight}};
  if (costs) {
    columns.push_back({.heading = currency, .align = kRight});
    columns.push_back({.heading = "NEW " + currency, .align = kRight});
  }
  for (const char* heading : {"RULE", "NEW RULE", "NOTE"}) columns.push_back({.heading = heading});
  base::TextTable table{std::move(columns)};
  for (const auto& line : contract.lines) {
    std::vector<std::string> cells{sessions_text(line.either()),
                                   timing::to_rfc3339(line.either().charge.at).substr(0, 16),
                                   minutes_text(line.before), minutes_text(line.after)};
    if (costs) {
      cells.push_back(money(line.before));
      cells.push_back(money(line.after));
    }
    cells.push_back(rule_text(line.before));
    cells.push_back(rule_text(line.after));
    cells.push_back(line.billed()    ? "billed with " + *line.before->document + ", stays"
                    : !line.after    ? "charged with others"
                    : !line.before   ? "charged together"
                    : line.differs() ? ""
                                     : "the same");
    table.add(cells);
  }
  return table.text();
}

void print(std::ostream& out, const std::vector<RerateCustomer>& customers) {
  for (const auto& one : customers) {
    const bool several = one.contracts.size() > 1;
    for (const auto& contract : one.contracts) {
      out << safe(one.customer.code) << ", " << safe(contract.contract.name) << ":\n";
      if (!contract.lines.empty()) {
        out << lines_text(contract) << "  " << sums_text(contract.sums, contract.contract.terms.currency)
            << '\n';
      }
      out << "  balance: " << contract.balance_before << " -> " << contract.balance_after << '\n';
    }
    // Contracts may be of several currencies: together there are only minutes.
    if (several) {
      auto minutes = one.sums;
      minutes.amount_before = minutes.amount_after = 0;
      out << safe(one.customer.code) << " in all: " << sums_text(minutes, "") << '\n';
    }
  }
}

json::value side_json(const std::optional<store::RuledCharge>& side) {
  if (!side) return nullptr;
  json::object out{{"minutes", side->charge.minutes},
                   {"amount", side->charge.amount},
                   {"template", side->template_name},
                   {"version", side->template_version}};
  return out;
}

json::object sums_json(const RerateSums& sums) {
  return {{"minutes_before", sums.minutes_before},
          {"minutes_after", sums.minutes_after},
          {"amount_before", sums.amount_before},
          {"amount_after", sums.amount_after},
          {"changed", sums.changed},
          {"billed", sums.billed}};
}

json::object to_json(const RerateContract& contract) {
  json::array charges;
  for (const auto& line : contract.lines) {
    json::array sessions;
    for (const auto& part : line.either().charge.parts) sessions.emplace_back(part.session_id);
    json::object one{{"sessions", std::move(sessions)},
                     {"at_utc", timing::to_rfc3339(line.either().charge.at)},
                     {"before", side_json(line.before)},
                     {"after", side_json(line.after)},
                     {"differs", line.differs()}};
    one["document"] = line.billed() ? json::value(*line.before->document) : json::value(nullptr);
    charges.push_back(std::move(one));
  }
  json::object out{{"contract", contract.contract.id},
                   {"name", contract.contract.name},
                   {"currency", contract.contract.terms.currency},
                   {"charges", std::move(charges)},
                   {"sums", sums_json(contract.sums)}};
  out["balance_before"] = contract.balance_before;
  out["balance_after"] = contract.balance_after;
  return out;
}

json::array to_json(const std::vector<RerateCustomer>& customers) {
  json::array list;
  for (const auto& one : customers) {
    json::array contracts;
    for (const auto& contract : one.contracts) contracts.push_back(to_json(contract));
    auto sums = sums_json(one.sums);
    // Contracts may be of several currencies.
    sums.erase("amount_before");
    sums.erase("amount_after");
    json::object customer{{"customer", one.customer.code}, {"contracts", std::move(contracts)}};
    customer["sums"] = std::move(sums);
    list.push_back(std::move(customer));
  }
  return list;
}

// Of those contracts alone of which something would change.
std::vector<store::ReratingRow> decisions_of(const std::vector<RerateCustomer>& customers) {
  std::vector<store::ReratingRow> decisions;
  for (const auto& one : customers) {
    for (const auto& contract : one.contracts) {
      if (contract.decision && contract.sums.changed > 0) decisions.push_back(*contract.decision);
    }
  }
  return decisions;
}

}  // namespace

int run_rerate(const RerateOptions& options, std::ostream& out, std::ostream& err) {
  if (options.apply && options.why.empty()) {
    return report(err, {.code = ErrorCode::invalid_argument,
                        .message = "this touches what is charged: say why (--why TEXT)"});
  }
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto scope = scope_of(options, workspace->database);
  if (!scope) return report(err, scope.error());
  const auto actor = this_actor(options.apply ? options.why : "a preview");
  const auto found =
      preview_rerating(workspace->database, pipeline_settings(workspace->config), *scope, actor);
  if (!found) return report(err, found.error());
  const auto decisions = decisions_of(*found);
  const bool applied = options.apply && !decisions.empty();
  if (applied) {
    const auto done = decide_in(workspace->database, false, [&](store::Transaction& tx) {
      return actions::rerate(tx, actor, decisions);
    });
    if (!done) return report(err, done.error());
  }
  if (options.json) {
    out << json::serialize(json::object{{"from", options.from},
                                        {"to", options.to},
                                        {"applied", applied},
                                        {"customers", to_json(*found)}})
        << '\n';
    return 0;
  }
  print(out, *found);
  out << (decisions.empty() ? "Nothing would change.\n"
          : applied         ? "Decided; the collector rates and posts it in its next run.\n"
                            : "Nothing is written yet; to have it so: --apply --why TEXT\n");
  return 0;
}

}  // namespace collector::commands
