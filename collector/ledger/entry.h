// The ledger of a contract: entries that are added and never changed, each with lines on two accounts or more
// that sum to zero in every unit. A balance is the sum of an account's lines, whatever their order; a mistake
// is corrected by an entry that reverses it.
//
// Quantities are signed from the customer's side: what is in his favour is above zero.

#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collector/directory/nouns.h"
#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::ledger {

enum class AccountKind {
  left,     // What the customer has left of what he bought, or of a period's included minutes.
  due,      // What he is to be billed: zero or below.
  sold,     // Against `left`: what was granted him.
  work,     // Against `left` and `due`: what was done for him.
  covered,  // Minutes that a fee covers: zero or below, against `work`.
  expired,  // Against `left`: what he did not use in time.
  fees,     // Against `due`: fees of periods and projects.
};

std::string_view to_string(AccountKind kind);
[[nodiscard]] base::Result<AccountKind> account_kind_from(std::string_view name);

inline constexpr std::string_view kMinutes = "min";

// One account of one contract.
struct Account {
  AccountKind kind = AccountKind::left;
  // Which of several stocks of `left` (plan.h); empty: the contract's own, without an end of its own.
  std::string lot = {};
  std::string unit{kMinutes};  // kMinutes, or a currency, whose quantities are in its smallest unit.

  auto operator<=>(const Account&) const = default;
};

struct Line {
  Account account;
  std::int64_t quantity = 0;  // Not zero.

  bool operator==(const Line&) const = default;
};

enum class Kind {
  grant,        // A person sold time or money: `left` rises.
  consumption,  // Work, taken from what is left.
  accrual,      // Work that is to be billed.
  cover,        // Work that a fee covers, or that costs nothing.
  overage,      // Work, partly taken from what was left, partly to be billed.
  hold,         // No lines: too little is left, or nobody can say what it costs; a person must decide.
  included,     // A period begins: its included minutes.
  settle,       // A new lot makes good what was taken below zero before it.
  expiry,       // What was left of a lot, or of the contract, when it ended.
  roll_over,    // What of that goes on into the next period.
  fee,          // Of a period.
  completion,   // Of a project, when a person says that it is done.
  adjustment,   // A person's correction, with a reason.
  reversal,     // The exact opposite of another entry.
};

// As stored: "grant", "consumption", ...
std::string_view to_string(Kind kind);

// The kind of that name; corrupt, quoting it, if there is none.
[[nodiscard]] base::Result<Kind> kind_from(std::string_view name);

// Whether the ledger writes such entries by itself, out of charges and time, and may reverse them when these
// change.
bool is_derived(Kind kind);

struct Entry {
  std::int64_t id = 0;  // The store's; 0 as long as the entry is not stored.
  std::int64_t contract_id = 0;
  Kind kind = Kind::grant;
  timing::UtcMs at;  // The moment it belongs to, whenever it was written.
  std::string
      subject;  // What it is about, the same whenever it is worked out again: "s12", "2026-11", a lot.
  std::vector<Line> lines;
  std::optional<std::int64_t> charge_id = {};
  std::optional<std::int64_t> session_id = {};  // The charge's first session.
  std::optional<std::int64_t> reverses_entry_id = {};
  std::string reason = {};  // For people.

  bool operator==(const Entry&) const = default;
};

// What the entry adds to the accounts of `kind` and `unit`, all lots together.
std::int64_t sum_of(const Entry& entry, AccountKind kind, std::string_view unit);

// What the entry adds to the figure of the contract that people look at, in `unit`: of a prepaid contract
// what is left, of any other what is to be billed.
std::int64_t figure(directory::Model model, const Entry& entry, std::string_view unit);

// What a person grants or corrects at most: minutes, or the smallest unit of money.
inline constexpr std::int64_t kGrantMax = 10'000'000'000;

// Time or money that a person adds to a prepaid contract, `unit` being which. With `lot` it is a stock of its
// own, which ends on its own day (plan.h). invalid_argument unless `quantity` is from 1 to kGrantMax.
[[nodiscard]] base::Result<Entry> grant(std::int64_t contract_id, timing::UtcMs at, std::string unit,
                                        std::int64_t quantity, std::string lot, std::string reason);

// A person's correction: `quantity` in the customer's favour, or below zero against him, on `left` of a
// prepaid contract and on `due` of any other. invalid_argument for zero, for more than kGrantMax either way,
// and without a reason.
[[nodiscard]] base::Result<Entry> adjust(const directory::Contract& contract, timing::UtcMs at,
                                         std::string unit, std::int64_t quantity, std::string reason);

// What a billed charge ought to have cost more, or less below zero, than it did: `minutes` and `amount`, put
// where an entry of kind `as` (consumption, accrual or cover) puts such a charge. Without lines if that is
// nothing there.
Entry correct(const directory::Contract& contract, Kind as, timing::UtcMs at, std::int64_t minutes,
              std::int64_t amount, std::string reason);

// A project is done: its fee is due.
Entry complete(const directory::Contract& contract, timing::UtcMs at, std::string reason);

// The entry that undoes `entry`, which must be stored and no reversal itself; anything else is our own
// mistake and stops the program. It belongs to the same moment.
Entry reverse(const Entry& entry, std::string reason);

// Whether the lines of stored entries can be the whole ledger of one contract: all of one contract, ids
// unique, lines that are not zero and sum to zero in each unit, signs as their kinds say, every reversal the
// opposite of an entry that is here and is reversed once. corrupt, naming the entry.
[[nodiscard]] base::Status check(std::span<const Entry> entries);

// What the contract's accounts hold, lots of one kind apart; in order. corrupt if a sum does not fit 64 bits.
[[nodiscard]] base::Result<std::vector<Line>> balances(std::span<const Entry> entries);

}  // namespace collector::ledger
