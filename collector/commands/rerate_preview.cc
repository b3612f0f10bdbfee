#include "collector/commands/rerate_preview.h"

#include <algorithm>
#include <tuple>

#include "collector/commands/desk_work.h"
#include "collector/commands/named_contract.h"
#include "collector/commands/zones.h"
#include "collector/pipeline/steps.h"

namespace collector::commands {

namespace {

// What stands at one moment, by contract.
struct Look {
  std::map<std::int64_t, std::vector<store::RuledCharge>> charges;
  std::map<std::int64_t, std::vector<store::LineRow>> accounts;
};

base::Result<Look> look(store::Transaction& tx, const directory::Directory& directory,
                        const std::vector<store::ReratingRow>& decisions) {
  Look seen;
  for (const auto& one : decisions) {
    auto charges = store::charges_between(tx, one.contract_id, one.from, one.to);
    if (!charges) return std::unexpected{charges.error()};
    seen.charges[one.contract_id] = std::move(*charges);
  }
  for (const auto& contract : directory.contracts) {
    auto accounts = store::accounts_of(tx, contract.id);
    if (!accounts) return std::unexpected{accounts.error()};
    seen.accounts[contract.id] = std::move(*accounts);
  }
  return seen;
}

std::vector<RerateLine> lines_of(const std::vector<store::RuledCharge>& before,
                                 const std::vector<store::RuledCharge>& after) {
  std::map<std::string, RerateLine> by_subject;
  for (const auto& one : before) by_subject[one.charge.subject].before = one;
  for (const auto& one : after) by_subject[one.charge.subject].after = one;
  std::vector<RerateLine> lines;
  for (auto& [subject, line] : by_subject) lines.push_back(std::move(line));
  std::ranges::sort(lines, {}, [](const RerateLine& line) {
    const auto& charge = line.either().charge;
    return std::tuple{charge.at, std::string_view{charge.tie}, std::string_view{charge.subject}};
  });
  return lines;
}

std::vector<RerateCustomer> compare(const directory::Directory& directory,
                                    const std::vector<store::ReratingRow>& decisions, const Look& before,
                                    const Look& after) {
  std::vector<RerateCustomer> customers;
  for (const auto& customer : directory.customers) {
    RerateCustomer one{.customer = customer, .contracts = {}, .sums = {}};
    for (const auto& contract : directory.contracts) {
      if (contract.customer_id != customer.id) continue;
      RerateContract row{.contract = contract,
                         .decision = {},
                         .lines = {},
                         .sums = {},
                         .balance_before = balance_text(contract, before.accounts.at(contract.id)),
                         .balance_after = balance_text(contract, after.accounts.at(contract.id))};
      const auto decision = std::ranges::find(decisions, contract.id, &store::ReratingRow::contract_id);
      if (decision != decisions.end()) {
        row.decision = *decision;
        row.lines = lines_of(before.charges.at(contract.id), after.charges.at(contract.id));
      }
      for (const auto& line : row.lines) row.sums.add(line);
      const bool touched = row.balance_before != row.balance_after;
      if (row.lines.empty() && !touched) continue;
      one.sums.add(row.sums);
      one.contracts.push_back(std::move(row));
    }
    if (!one.contracts.empty()) customers.push_back(std::move(one));
  }
  return customers;
}

}  // namespace

bool RerateLine::differs() const {
  if (!before || !after) return true;
  return before->charge.minutes != after->charge.minutes || before->charge.amount != after->charge.amount ||
         before->charge.template_id != after->charge.template_id;
}

void RerateSums::add(const RerateLine& line) {
  if (line.before) {
    minutes_before += line.before->charge.minutes;
    amount_before += line.before->charge.amount;
  }
  if (line.after) {
    minutes_after += line.after->charge.minutes;
    amount_after += line.after->charge.amount;
  }
  if (line.differs()) ++changed;
  if (line.billed()) ++billed;
}

void RerateSums::add(const RerateSums& other) {
  minutes_before += other.minutes_before;
  minutes_after += other.minutes_after;
  amount_before += other.amount_before;
  amount_after += other.amount_after;
  changed += other.changed;
  billed += other.billed;
}

base::Result<std::vector<RerateCustomer>> preview_rerating(store::Connection& database,
                                                           const pipeline::Settings& settings,
                                                           const actions::RerateScope& scope,
                                                           const actions::Actor& actor) {
  std::vector<RerateCustomer> customers;
  const auto done = decide_in(database, true, [&](store::Transaction& tx) -> base::Status {
    const auto catch_up = [&] {
      return pipeline::bring_up_to_date(tx, settings, start_of_day_in_zone, actor.now);
    };
    if (auto now = catch_up(); !now) return now;
    const auto decisions = actions::plan_reratings(tx, scope, start_of_day_in_zone);
    if (!decisions) return std::unexpected{decisions.error()};
    const auto directory = store::load_directory(tx, start_of_day_in_zone);
    if (!directory) return std::unexpected{directory.error()};
    const auto before = look(tx, *directory, *decisions);
    if (!before) return std::unexpected{before.error()};
    if (auto decided = actions::rerate(tx, actor, *decisions); !decided) return decided;
    if (auto now = catch_up(); !now) return now;
    const auto after = look(tx, *directory, *decisions);
    if (!after) return std::unexpected{after.error()};
    customers = compare(*directory, *decisions, *before, *after);
    return {};
  });
  if (!done) return std::unexpected{done.error()};
  return customers;
}

}  // namespace collector::commands
