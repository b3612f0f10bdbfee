// Every change by a person: who, when, what it was before and after, and why. Never changed, and a chain:
// each is hashed together with the hash of the one before (docs/formats/change.md), so that `verify` finds
// one that was edited, dropped or put in later.
//
// Whoever changes something for a person calls note_change in the transaction of the change itself. What the
// collector does by itself is no change of a person: it follows from facts and is explained where it stands.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "collector/store/connection.h"
#include "common/timing/utc.h"

namespace collector::store {

struct Change {
  std::string who;     // A user's name, or the system account that gave the command.
  std::string action;  // "create", "change", "revoke", "release", ...: a verb in lower case.
  std::string object;  // "customer", "terminal", "contract", "session", ...: the noun of its table.
  std::string key;     // What people call it: a code, a number, an address.
  std::string before;  // JSON text; empty if there was nothing.
  std::string after;   // JSON text; empty if there is nothing any more.
  std::string why;     // The person's own words; may be empty where no reason is asked for.
};

struct ChangeRow {
  std::int64_t number = 0;  // From 1, without gaps.
  timing::UtcMs changed;
  Change change;
  std::string hash;  // 32 bytes.
};

struct ChangeFilter {
  std::int64_t limit = 100;
  std::string object = {};  // Empty: of all.
  std::string key = {};     // Empty: of all of that kind.
};

// All texts of one change together.
inline constexpr std::size_t change_bytes_max = 384 * 1024;

// Puts it at the end of the chain; its number. invalid_argument if `who`, `action` or `object` is empty, or
// if it is larger than change_bytes_max. corrupt if there are changes behind the end: somebody changed the
// database. One that is missing at the end is a gap in the numbers from then on, which verify names.
[[nodiscard]] base::Result<std::int64_t> note_change(Transaction& transaction, const Change& change,
                                                     timing::UtcMs now);

// Newest first.
[[nodiscard]] base::Result<std::vector<ChangeRow>> list_changes(Transaction& transaction,
                                                                const ChangeFilter& filter);

}  // namespace collector::store
