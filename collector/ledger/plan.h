// What the ledgers of one customer's contracts must say from a moment on, worked out from his charges by
// their own dates, whatever order they arrived in.
//
// A pure function: what people granted and corrected, and what is billed, stays; every other entry from that
// moment on is planned anew. Whoever calls it compares the plan with what is stored and reverses and adds
// only what differs.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "collector/directory/nouns.h"
#include "collector/ledger/entry.h"
#include "collector/ledger/lot.h"
#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::ledger {

// A rated session, series or day.
struct Charge {
  std::int64_t id = 0;
  std::int64_t session_id = 0;   // Its first.
  std::string subject;           // What is charged: "s12", and so on; the same when it is rated again.
  timing::UtcMs at;              // Its start.
  std::string tie;               // Decides between two of one instant; nothing that depends on arrival.
  std::int64_t contract_id = 0;  // Which attribution chose.
  std::int64_t minutes = 0;
  std::int64_t amount = 0;  // By the contract's rate; 0 where there is none.
  bool unrated = false;     // Nobody knows what it costs: it is held until it is rated otherwise.
  // A person released it: where it would be held, its own contract takes all of it, below zero.
  bool may_exceed = false;
};

// `from` must not lie behind a charge that is held, or that took effect later than at its own moment, for
// what it waited for: such a charge belongs to the plan as a whole.
struct Situation {
  std::span<const directory::Contract> contracts;  // All of the customer, each once.
  timing::UtcMs from;                              // Plan from this instant on.
  timing::UtcMs now;                               // What time alone would do later has not happened.
  // For each account of kind `left`: the sum of its lines before `from`. Others are not looked at.
  std::vector<std::pair<std::int64_t, Line>> left_before;  // By contract.
  std::vector<Entry> standing;                             // From `from` on: entries that stay as they are.
  std::vector<Charge> charges;                             // From `from` on, without those that are billed.
};

struct Plan {
  std::vector<Entry> entries;  // In order of time; `at` from `from` on.
  std::optional<timing::UtcMs>
      next;  // When time alone will change something again: what ends or begins behind `now`.
};

// Errors are those of `start_of_day`, and corrupt for a
// charge or an account of a contract that is not among `contracts`, or a lot without a meaning.
//
// At one instant what ends ends first, then what begins begins, then people's entries count, then charges in
// order of `tie`. A charge uses lots first: the one that ends first, then the one that began first. What a
// lot leaves over when it ends expires, but what rolls over goes on for one more period. A lot that begins
// while the balance is below zero makes that good first.
//
// What is held is tried again, the earliest first, whenever people's entries count or something begins; it
// then takes effect at that moment.
[[nodiscard]] base::Result<Plan> plan(const Situation& situation, const StartOfDay& start_of_day);

// What so many minutes cost, rounded to the nearest unit, half up.
std::int64_t price(std::int64_t per_hour, std::int64_t minutes);

}  // namespace collector::ledger
