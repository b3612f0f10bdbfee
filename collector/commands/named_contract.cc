#include "collector/commands/named_contract.h"

#include <algorithm>

#include "collector/commands/zones.h"
#include "collector/ledger/entry.h"
#include "collector/rating/money.h"
#include "collector/store/directory.h"

namespace collector::commands {

namespace {

std::int64_t sum(const std::vector<store::LineRow>& accounts, ledger::AccountKind kind,
                 std::string_view unit) {
  std::int64_t quantity = 0;
  for (const auto& account : accounts) {
    if (account.kind == ledger::to_string(kind) && account.unit == unit) quantity += account.quantity;
  }
  return quantity;
}

}  // namespace

base::Result<NamedContract> named_contract(store::Transaction& tx, std::int64_t id) {
  const auto directory = store::load_directory(tx, start_of_day_in_zone);
  if (!directory) return std::unexpected{directory.error()};
  const auto contract = std::ranges::find(directory->contracts, id, &directory::Contract::id);
  if (contract == directory->contracts.end()) {
    return base::fail(base::ErrorCode::not_found,
                      "there is no contract " + std::to_string(id) + "; see: deskledger-collector contracts");
  }
  const auto customer =
      std::ranges::find(directory->customers, contract->customer_id, &directory::Customer::id);
  return NamedContract{.contract = *contract, .customer = *customer};
}

std::string balance_text(const directory::Contract& contract, const std::vector<store::LineRow>& accounts) {
  using ledger::AccountKind;
  const auto& currency = contract.terms.currency;
  const auto money = [&](std::int64_t amount) {
    return rating::money_text(amount, currency) + " " + currency;
  };
  const auto minutes = [](std::int64_t count) { return std::to_string(count) + " min"; };
  const auto due_min = -sum(accounts, AccountKind::due, ledger::kMinutes);
  const auto due_money = -sum(accounts, AccountKind::due, currency);
  std::string due;
  if (due_min != 0) due = minutes(due_min);
  if (due_money != 0) due += (due.empty() ? "" : " and ") + money(due_money);
  const bool of_money = contract.model == directory::Model::prepaid_money;
  if (!of_money && contract.model != directory::Model::prepaid) {
    const auto included = sum(accounts, AccountKind::left, ledger::kMinutes);
    return (due.empty() ? "nothing" : due) + " to bill" +
           (included > 0 ? ", " + minutes(included) + " of the period left" : "");
  }
  const auto unit = of_money ? std::string_view{currency} : ledger::kMinutes;
  const auto left = sum(accounts, AccountKind::left, unit);
  const auto quantity = [&](std::int64_t n) { return of_money ? money(n) : minutes(n); };
  const auto left_of = [&](std::int64_t rest, std::int64_t sold) {
    const auto number = of_money ? rating::money_text(rest, currency) : std::to_string(rest);
    return number + " of " + quantity(sold);
  };
  const auto text = left < 0    ? "used up: " + quantity(-left) + " below zero"
                    : left == 0 ? "used up"
                                : left_of(left, -sum(accounts, AccountKind::sold, unit)) + " left";
  return text + (due.empty() ? "" : ", " + due + " to bill");
}

}  // namespace collector::commands
