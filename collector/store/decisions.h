// What people decided about sessions. Never changed: the newest decision of a session is in force and says
// all that was decided so far, the earlier ones are its history. A billed session is frozen.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/connection.h"
#include "common/timing/utc.h"

namespace collector::store {

struct DecisionRow {
  std::int64_t session_id = 0;
  std::int64_t number = 0;  // Given by the store: 1, 2, ... for each session.
  timing::UtcMs decided;
  std::string who;
  std::string why = {};
  std::string released = {};  // Codes of the review reasons that are accepted, with commas between.
  bool held = false;          // A person wants another look.
  bool withdrawn = false;     // Entered by a person and taken back: nothing is charged.
  // Absent: nothing was decided about it.
  std::optional<std::int64_t> no_charge = {};  // 1: no charge; 0: a charge, whatever the comment says.
  std::optional<std::int64_t> charge_min = {};
  std::optional<std::string> comment = {};  // In place of AnyDesk's, tags included.
  std::optional<std::int64_t> technician_id = {};
  std::optional<std::int64_t> customer_id = {};
  std::optional<std::int64_t> terminal_id = {};
  std::optional<std::int64_t> contract_id = {};
  std::optional<timing::UtcMs> started = {};  // Stated where the capture knows none.
  std::optional<timing::UtcMs> ended = {};
  std::optional<std::string> work_type = {};

  bool operator==(const DecisionRow&) const = default;
};

// Puts it behind what was decided before, and has the session attributed again; its number.
[[nodiscard]] base::Result<std::int64_t> add_decision(Transaction& transaction, const DecisionRow& decision);

// Oldest first.
[[nodiscard]] base::Result<std::vector<DecisionRow>> decisions_of(Transaction& transaction,
                                                                  std::int64_t session_id);

// The document in which the session stands, or one that is charged together with it; nothing if it is not
// billed.
[[nodiscard]] base::Result<std::optional<std::string>> billed_with(Transaction& transaction,
                                                                   std::int64_t session_id);

// A billed session is not attributed again, whatever comes in late.
[[nodiscard]] base::Result<bool> is_billed(Transaction& transaction, std::int64_t session_id);

}  // namespace collector::store
