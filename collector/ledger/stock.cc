#include "collector/ledger/stock.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "common/base/invariant.h"

namespace collector::ledger {

std::string Holding::pot_unit() const {
  return contract->model == directory::Model::prepaid_money ? contract->terms.currency
                                                            : std::string{kMinutes};
}

std::int64_t take_from_stocks(Holding& holding, timing::UtcMs at, const std::string& unit,
                              std::int64_t wanted, std::vector<Line>& lines) {
  std::vector<Stock*> open;
  for (auto& stock : holding.stocks) {
    if (stock.unit == unit && stock.left > 0 && stock.from <= at && at < stock.to) open.push_back(&stock);
  }
  // What rolled over goes before what is new in the same days.
  std::ranges::sort(open, {}, [](const Stock* stock) {
    return std::tuple{stock->to, stock->from, stock->lot.origin != Origin::rolled,
                      std::string_view{stock->name}};
  });
  std::int64_t taken = 0;
  for (auto* stock : open) {
    const auto some = std::min(stock->left, wanted - taken);
    if (some == 0) break;
    stock->left -= some;
    taken += some;
    lines.push_back(
        {.account = {.kind = AccountKind::left, .lot = stock->name, .unit = unit}, .quantity = -some});
  }
  return taken;
}

void put(Holding& holding, const Account& account, std::int64_t quantity) {
  if (account.lot.empty()) {
    holding.pot += quantity;
    return;
  }
  const auto stock = std::ranges::find_if(
      holding.stocks, [&](const Stock& one) { return one.name == account.lot && one.unit == account.unit; });
  DESKLEDGER_ASSERT(stock != holding.stocks.end());
  stock->left += quantity;
}

void balance_against(AccountKind kind, std::vector<Line>& lines) {
  std::map<std::string, std::int64_t> sums;
  for (const auto& line : lines) sums[line.account.unit] += line.quantity;
  for (const auto& [unit, sum] : sums) {
    if (sum != 0) lines.push_back({.account = {.kind = kind, .unit = unit}, .quantity = -sum});
  }
}

}  // namespace collector::ledger
