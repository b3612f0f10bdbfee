// Inside this room: what one contract has left at a moment of the plan.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "collector/directory/nouns.h"
#include "collector/ledger/entry.h"
#include "collector/ledger/lot.h"

namespace collector::ledger {

struct Stock {
  Lot lot;
  std::string name;  // Of the lot.
  timing::UtcMs from;
  timing::UtcMs to;  // The first instant at which it is over.
  std::string unit;
  std::int64_t left = 0;
};

// A contract and all it has left. Copies are cheap, so that a charge can be tried.
struct Holding {
  const directory::Contract* contract = nullptr;
  std::int64_t pot = 0;  // Without days of its own; below zero: taken beyond what there was.
  std::vector<Stock> stocks;

  // The unit of the pot: the currency of prepaid money, else minutes.
  std::string pot_unit() const;
};

// Takes up to `wanted` of `unit` from the stocks that are open at `at`, the one that ends first coming first,
// and adds the lines. How much it was.
std::int64_t take_from_stocks(Holding& holding, timing::UtcMs at, const std::string& unit,
                              std::int64_t wanted, std::vector<Line>& lines);

// Puts `quantity` on the pot or into the lot.
void put(Holding& holding, const Account& account, std::int64_t quantity);

// The lines that stand against those there are, so that each unit sums to zero.
void balance_against(AccountKind kind, std::vector<Line>& lines);

}  // namespace collector::ledger
