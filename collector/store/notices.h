// What somebody should be told about contracts (collector/ledger/notice.h), once for each threshold and
// occasion. A mail takes those that are so and were not mailed.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/ledger/notice.h"
#include "collector/store/connection.h"
#include "common/timing/utc.h"

namespace collector::store {

struct NoticeRow {
  std::int64_t id = 0;  // Given by the store; grows.
  std::int64_t customer_id = 0;
  ledger::Notice notice;  // As it was first seen; `over` says whether it still is so.
  timing::UtcMs created;
  std::optional<timing::UtcMs> over = {};    // Since when it is no longer so.
  std::optional<timing::UtcMs> mailed = {};  // When a mail told it.
};

// Its id. conflict if there is one of the same contract, kind, threshold and occasion.
[[nodiscard]] base::Result<std::int64_t> add_notice(Transaction& transaction, const NoticeRow& row);

// Since when it is no longer so; nothing: it is so again.
[[nodiscard]] base::Status set_notice_over(Transaction& transaction, std::int64_t notice_id,
                                           const std::optional<timing::UtcMs>& over);

// What was told stands for another occasion, because the ledger was worked out again.
[[nodiscard]] base::Status move_notice(Transaction& transaction, std::int64_t notice_id,
                                       const std::string& occasion);

// Nothing: the mail was given up before it was sent.
[[nodiscard]] base::Status set_notice_mailed(Transaction& transaction, std::int64_t notice_id,
                                             std::optional<timing::UtcMs> when);

[[nodiscard]] base::Result<std::optional<NoticeRow>> find_notice(Transaction& transaction,
                                                                 std::int64_t notice_id);

// All oldest first; those that are still so, or all there ever were.
[[nodiscard]] base::Result<std::vector<NoticeRow>> list_notices(Transaction& transaction, bool all);
[[nodiscard]] base::Result<std::vector<NoticeRow>> notices_of_contract(Transaction& transaction,
                                                                       std::int64_t contract_id);

// What is known before a moment, which lets the reader of a long ledger begin there. A contract has several,
// at most one for each moment.
struct NoticeStateRow {
  std::int64_t contract_id = 0;
  timing::UtcMs before;
  std::int64_t entries = 0;  // How many it was made of.
  std::string state;         // As whoever keeps it writes it.
};

// Replaces that of the same moment.
[[nodiscard]] base::Status put_notice_state(Transaction& transaction, const NoticeStateRow& row);

// The latest that is not for a moment behind `until`.
[[nodiscard]] base::Result<std::optional<NoticeStateRow>> find_notice_state(Transaction& transaction,
                                                                            std::int64_t contract_id,
                                                                            timing::UtcMs until);

// All of the contract, latest first, without what they say.
[[nodiscard]] base::Result<std::vector<NoticeStateRow>> notice_states_of(Transaction& transaction,
                                                                         std::int64_t contract_id);

// Those behind `until`; how many there were.
[[nodiscard]] base::Result<std::int64_t> drop_notice_states_behind(Transaction& transaction,
                                                                   std::int64_t contract_id,
                                                                   timing::UtcMs until);
[[nodiscard]] base::Status drop_notice_state(Transaction& transaction, std::int64_t contract_id,
                                             timing::UtcMs before);

}  // namespace collector::store
