// The ledger of a contract: entries that are added and never changed. A
// balance is their sum, whatever their order; a mistake is corrected by an
// entry that reverses it.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "collector/directory/nouns.h"
#include "common/base/result.h"

namespace collector::ledger {

enum class Kind {
  grant,        // Minutes bought: above zero.
  consumption,  // Minutes used of what was bought: zero or below.
  accrual,      // Minutes to be billed later: zero or above.
  reversal,     // The exact opposite of another entry.
};

// As stored: "grant", "consumption", "accrual", "reversal".
std::string_view to_string(Kind kind);

// The kind of that name; corrupt, quoting it, if there is none.
[[nodiscard]] base::Result<Kind> kind_from(std::string_view name);

struct Entry {
  std::int64_t id = 0;  // The store's; 0 as long as the entry is not stored.
  std::int64_t contract_id = 0;
  Kind kind = Kind::grant;
  std::int64_t minutes = 0;  // Signed: what the entry adds to the balance.
  std::optional<std::int64_t> session_id;
  std::optional<std::int64_t> charge_id;
  std::optional<std::int64_t> reverses_entry_id;
  std::string reason;  // For people.

  bool operator==(const Entry&) const = default;
};

// What was charged, to which contract.
struct Posting {
  std::int64_t contract_id = 0;
  directory::Model model = directory::Model::prepaid;
  std::int64_t session_id = 0;
  std::int64_t charge_id = 0;
  std::int64_t minutes = 0;  // Zero or above: the model alone gives the sign.
  std::string reason;
};

// Minutes that a person adds to a prepaid contract. invalid_argument unless
// they are from 1 to kGrantMax_min.
inline constexpr std::int64_t kGrantMax_min = 10'000'000;
[[nodiscard]] base::Result<Entry> grant(std::int64_t contract_id, std::int64_t minutes, std::string reason);

// prepaid: a consumption of -minutes; indefinite: an accrual of +minutes.
// Negative minutes are our own mistake and stop the program.
Entry post(const Posting& posting);

// The entry that undoes `entry`, which must be stored and no reversal itself;
// anything else is our own mistake and stops the program.
Entry reverse(const Entry& entry, std::string reason);

// The sum: what is left (prepaid, may be below zero) or what is to be billed
// (indefinite). The order does not matter. corrupt if it does not fit 64 bits.
[[nodiscard]] base::Result<std::int64_t> balance(std::span<const Entry> entries);

// Whether stored entries can be the whole ledger of one contract: all of one
// contract, signs as their kinds say, ids unique, every reversal the opposite
// of an entry that is here and is reversed once. corrupt, naming the entry.
[[nodiscard]] base::Status check(std::span<const Entry> entries);

}  // namespace collector::ledger
