// What rating again would change: worked out by doing it, in a transaction that is rolled back.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "collector/actions/rerate.h"
#include "collector/directory/nouns.h"
#include "collector/pipeline/settings.h"
#include "collector/store/charges.h"
#include "collector/store/connection.h"
#include "collector/store/ledger.h"

namespace collector::commands {

// What is charged together; absent on a side on which it is charged otherwise, with other sessions or alone.
struct RerateLine {
  std::optional<store::RuledCharge> before;
  std::optional<store::RuledCharge> after;

  const store::RuledCharge& either() const { return before ? *before : *after; }
  bool billed() const { return before && before->document; }
  // In minutes, money or rule.
  bool differs() const;
};

struct RerateSums {
  std::int64_t minutes_before = 0, minutes_after = 0;
  std::int64_t amount_before = 0, amount_after = 0;
  std::int64_t changed = 0;  // So many lines differ.
  std::int64_t billed = 0;   // So many stay because they are billed.

  void add(const RerateLine& line);
  void add(const RerateSums& other);
};

// A contract in scope, or one of the same customer whose accounts would change, too.
struct RerateContract {
  directory::Contract contract;
  std::optional<store::ReratingRow> decision;  // Absent: it is only touched by another one's charges.
  std::vector<RerateLine> lines;               // In order of time.
  RerateSums sums;
  std::string balance_before;
  std::string balance_after;
};

struct RerateCustomer {
  directory::Customer customer;
  std::vector<RerateContract> contracts;
  RerateSums sums;
};

// By the newest that is known; nothing stays written.
[[nodiscard]] base::Result<std::vector<RerateCustomer>> preview_rerating(store::Connection& database,
                                                                         const pipeline::Settings& settings,
                                                                         const actions::RerateScope& scope,
                                                                         const actions::Actor& actor);

}  // namespace collector::commands
