// What billed sessions ought to have cost: a billed session is frozen, and what is found out about it later
// becomes an adjustment of its charge. Never changed; of one session the newest counts.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/charges.h"
#include "collector/store/connection.h"
#include "collector/store/ledger.h"
#include "common/timing/utc.h"

namespace collector::store {

struct AdjustmentRow {
  std::int64_t id = 0;  // Given by the store; grows.
  std::int64_t session_id = 0;
  std::int64_t charge_id = 0;                   // The one that was billed.
  std::optional<std::int64_t> comment_id = {};  // The comment that came after; absent: a person says it.
  // What is to be charged for, in place of what the attribution said.
  std::optional<std::int64_t> technician_id = {};
  bool no_charge = false;
  std::optional<std::int64_t> override_min = {};
  std::string text = {};     // What the customer would read.
  std::string reasons = {};  // Codes, with commas between: why it cannot be posted as it is.
  std::string steps = {};    // Opaque to the store.
  bool waits = false;        // A person must decide.
  // What all that is charged together would cost; absent: not worked out.
  std::optional<std::int64_t> minutes = {};
  std::optional<std::int64_t> amount = {};
  std::string who = {};  // Empty: the collector.
  std::string why = {};
  timing::UtcMs created = {};
};

// Its id. The store notes the newest comment there is: the caller has to have looked for comments in this
// same transaction. The session is not watched any more.
[[nodiscard]] base::Result<std::int64_t> add_adjustment(Transaction& transaction,
                                                        const AdjustmentRow& adjustment);

struct AdjustmentDecision {
  std::int64_t adjustment_id = 0;
  bool released = false;  // False: what was billed stays.
  std::string who = {};   // Empty: the collector, as it is set up.
  std::string why = {};
  timing::UtcMs decided = {};
};

// conflict if it is decided already.
[[nodiscard]] base::Status decide_adjustment(Transaction& transaction, const AdjustmentDecision& decision);

struct AdjustmentPosting {
  std::int64_t adjustment_id = 0;
  std::int64_t charge_id = 0;
  std::int64_t minutes = 0;  // What it adds to what was charged; below zero: it was too much.
  std::int64_t amount = 0;
  std::optional<std::int64_t> entry_id = {};  // Absent: it adds nothing.
  timing::UtcMs posted = {};
};

[[nodiscard]] base::Status add_adjustment_posting(Transaction& transaction, const AdjustmentPosting& posting);

struct AdjustmentStory {
  AdjustmentRow adjustment;
  std::optional<AdjustmentDecision> decision = {};
  std::optional<AdjustmentPosting> posting = {};
};

// Both oldest first.
[[nodiscard]] base::Result<std::vector<AdjustmentStory>> adjustments_of(Transaction& transaction,
                                                                        std::int64_t session_id);
[[nodiscard]] base::Result<std::vector<AdjustmentStory>> adjustments_of_charge(Transaction& transaction,
                                                                               std::int64_t charge_id);

// The entry that speaks for a billed charge, with its lines, if a difference can be put beside it: there is
// one alone, and it takes from no lot and from one kind of account only. Nothing if a person has to divide
// it.
[[nodiscard]] base::Result<std::optional<EntryRow>> entry_to_adjust(Transaction& transaction,
                                                                    const ChargeRow& charge);

// Up to `limit` that are released and not posted, oldest first.
[[nodiscard]] base::Result<std::vector<AdjustmentStory>> adjustments_to_post(Transaction& transaction,
                                                                             std::int64_t limit);

// Up to `limit` billed sessions with a comment, within `tolerance` of their start, that neither their
// attribution nor their newest adjustment could know; oldest first.
[[nodiscard]] base::Result<std::vector<std::int64_t>> billed_with_new_comment(
    Transaction& transaction, std::chrono::milliseconds tolerance, std::int64_t limit);

// The comments near a billed session change nothing about it: they are not looked at again.
[[nodiscard]] base::Status forget_new_comment(Transaction& transaction, std::int64_t session_id);

}  // namespace collector::store
