// The contracts' ledgers (docs/ledger.md): entries and their lines, which are never changed; what each
// account holds; which entries speak for their subject; and whose ledgers are to be planned anew.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "collector/store/connection.h"
#include "common/timing/utc.h"

namespace collector::store {

struct LineRow {
  std::string kind;  // Of the account, as collector/ledger/entry.h spells it, like lot and unit.
  std::string lot;
  std::string unit;
  std::int64_t quantity = 0;

  bool operator==(const LineRow&) const = default;
};

struct EntryRow {
  std::int64_t id = 0;  // Given by the store; grows.
  std::int64_t contract_id = 0;
  std::int64_t customer_id = 0;
  std::string kind;
  timing::UtcMs at;  // The moment it belongs to.
  std::string subject;
  std::int64_t minutes =
      0;  // What it adds to the figure of the contract that people look at; so does amount.
  std::int64_t amount = 0;
  std::optional<std::int64_t> session_id;
  std::optional<std::int64_t> charge_id;
  std::optional<std::int64_t> reverses_entry_id;
  std::string reason;
  timing::UtcMs created;
  std::vector<LineRow> lines = {};  // Only where it says so.
};

// Many entries on few accounts: what the accounts gain is written once, by keep_gains(), not with each entry.
class Gains {
 public:
  // Takes note that the account of that number gains so much.
  void note(std::int64_t account_id, std::int64_t quantity) { by_account_[account_id] += quantity; }

  // The account's number, if it was found before.
  std::optional<std::int64_t> find(std::int64_t contract_id, const LineRow& line) const;
  void found(std::int64_t contract_id, const LineRow& line, std::int64_t account_id);

  const std::map<std::int64_t, std::int64_t>& by_account() const { return by_account_; }

 private:
  using Name = std::tuple<std::int64_t, std::string, std::string, std::string>;
  std::map<Name, std::int64_t> ids_;
  std::map<std::int64_t, std::int64_t> by_account_;
};

struct TodoRow {
  std::int64_t customer_id = 0;
  timing::UtcMs from;
};

// Adds the entry and its lines, and what they say to the accounts; its id. `about` is what kind of thing the
// entry speaks for until it is reversed ("charge", or a kind of its own); empty: it is a person's, and
// stands. conflict if another one speaks for the same contract, `about` and subject, or if the entry it
// reverses is reversed already. With `gains` the accounts say so after keep_gains() only, which must follow
// in the same transaction.
[[nodiscard]] base::Result<std::int64_t> add_entry(Transaction& transaction, const EntryRow& entry,
                                                   const std::string& about, Gains* gains = nullptr);
[[nodiscard]] base::Status keep_gains(Transaction& transaction, const Gains& gains);

// Both oldest first, without lines.
[[nodiscard]] base::Result<std::vector<EntryRow>> entries_of_contract(Transaction& transaction,
                                                                      std::int64_t contract_id);
[[nodiscard]] base::Result<std::vector<EntryRow>> entries_of_session(Transaction& transaction,
                                                                     std::int64_t session_id);

// Those of the contract that were added behind an entry, oldest first, without lines.
[[nodiscard]] base::Result<std::vector<EntryRow>> entries_behind(Transaction& transaction,
                                                                 std::int64_t contract_id,
                                                                 std::int64_t entry_id);

// With its lines.
[[nodiscard]] base::Result<std::optional<EntryRow>> find_entry(Transaction& transaction,
                                                               std::int64_t entry_id);

// Those of the charge whose first session it is, that speak for it now: one for each contract. Without lines.
[[nodiscard]] base::Result<std::vector<EntryRow>> open_entries_of_session(Transaction& transaction,
                                                                          std::int64_t session_id);
[[nodiscard]] base::Result<bool> is_open(Transaction& transaction, std::int64_t entry_id);

struct StandingEntry {
  EntryRow entry;       // With its lines.
  bool open = false;    // The ledger wrote it and has not reversed it.
  bool billed = false;  // It is open and speaks for a charge that is billed: it stays.
};

// All entries of a customer's contracts that belong to `from` or later, oldest first.
[[nodiscard]] base::Result<std::vector<StandingEntry>> entries_from(Transaction& transaction,
                                                                    std::int64_t customer_id,
                                                                    timing::UtcMs from);

// What the accounts of a contract hold now, those with nothing too.
[[nodiscard]] base::Result<std::vector<LineRow>> accounts_of(Transaction& transaction,
                                                             std::int64_t contract_id);

// Has the ledgers of a customer planned anew from `from` on, when it is `due` or as soon as something else
// asks for it.
[[nodiscard]] base::Status plan_again(Transaction& transaction, std::int64_t customer_id, timing::UtcMs from,
                                      timing::UtcMs due = timing::from_ms(0));

// Up to `limit` that are due, longest waiting first.
[[nodiscard]] base::Result<std::vector<TodoRow>> ledgers_to_plan(Transaction& transaction, timing::UtcMs now,
                                                                 std::int64_t limit);

// The moment from which a plan must begin to be whole, `from` or earlier: it takes in what was held before,
// and charges that took effect later than at their own moment.
[[nodiscard]] base::Result<timing::UtcMs> plan_begins(Transaction& transaction, std::int64_t customer_id,
                                                      timing::UtcMs from);

// The entries of the customer's contract from that moment on that count: people's, and the ledger's own that
// are not reversed; in order of their ids, with their lines on what is left and no others.
[[nodiscard]] base::Result<std::vector<EntryRow>> entries_that_count(Transaction& transaction,
                                                                     std::int64_t customer_id,
                                                                     std::int64_t contract_id,
                                                                     timing::UtcMs from);

// They are as they must be.
[[nodiscard]] base::Status planned(Transaction& transaction, std::int64_t customer_id);

}  // namespace collector::store
