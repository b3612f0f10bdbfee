// What somebody should be told about a contract, kept beside what was told already. Inside this room.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/directory/nouns.h"
#include "collector/store/connection.h"
#include "collector/store/directory.h"
#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::pipeline {

// Whether, and to whom, new notices are mailed.
struct MailedNotices {
  std::vector<std::string> kinds;                // As stored; empty: none is.
  std::optional<std::int64_t> customer_id = {};  // Absent: he is not told.
};

// Brings the notices of the contract up to date with its ledger, in the transaction that planned it from a
// moment on; when time alone will change them again. Killed and run again it gives the same rows. No entry
// before that moment has come or gone since the last time. What is known before a late moment is kept
// (notice_state), so that a long ledger is not read from its first entry each time.
//
// A threshold has one notice for each occasion (ledger/notice.h), for ever: whatever is worked out again,
// nobody is told twice. One that is no longer so is over; if it is so again, the same row is. Where a sale
// that made the occasion no longer counts and the threshold is passed since another one, the standing row
// moves there and is no news. What was made good before anybody saw it is not noted at all. A new one is
// queued to be mailed at once, in the same transaction, as is one that is so again and that no mail told.
[[nodiscard]] base::Result<std::optional<timing::UtcMs>> keep_notices(
    store::Transaction& tx, const directory::Contract& contract, timing::UtcMs planned_from,
    const MailedNotices& mailed, const store::StartOfDay& start_of_day, timing::UtcMs now);

}  // namespace collector::pipeline
