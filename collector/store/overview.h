// A session as a person wants to see it: with the attribution in force, its
// newest charge, and whether the customer was told.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/connection.h"
#include "collector/store/sessions.h"
#include "common/timing/utc.h"

namespace collector::store {

struct OverviewRow {
  SessionRow session;
  // Of the latest attribution; absent if there is none, or it did not find one.
  std::optional<std::int64_t> attribution_id;
  std::optional<std::string> disposition;
  std::optional<std::string> reasons;  // Opaque to the store.
  std::optional<std::string> text;
  std::optional<std::string> technician_rule;
  std::optional<std::int64_t> no_charge;  // 1: the comment said so.
  std::optional<std::int64_t> technician_id;
  std::optional<std::int64_t> customer_id;
  std::optional<std::int64_t> terminal_id;
  std::optional<std::int64_t> technician_number;
  std::optional<std::string> technician_name;
  std::optional<std::string> customer_code;
  std::optional<std::string> customer_name;
  std::optional<std::string> terminal_description;
  std::optional<std::string> contract_name;
  // Of the latest attribution's charge; absent while it has none.
  std::optional<std::int64_t> charge_id;
  std::optional<std::int64_t> seconds;
  // 0 in a series or a day: its first session has all. Absent, too, if it could not be rated.
  std::optional<std::int64_t> minutes;
  std::optional<std::int64_t> charged_with;  // That first session, of those that are not it.
  std::optional<std::int64_t> amount;        // The same in money, in the smallest unit of `currency`.
  std::optional<std::string> currency;       // Of the contract that is charged.
  std::optional<std::int64_t> entry_id;      // The session's open ledger entry.
  std::optional<std::string> entry_kind;
  std::optional<std::string> mail_state;  // Of that entry: "queued", or the state of its mail.
  // What people did about it.
  std::optional<timing::UtcMs> stated_start;  // What attribution took in place of the session's own.
  std::optional<timing::UtcMs> stated_end;
  std::optional<std::string> work_type;
  bool changed = false;                   // Since it was attributed.
  std::optional<std::string> document;    // With which it was billed.
  std::optional<std::int64_t> series_id;  // That it is in.
  bool withdrawn = false;                 // Entered by a person and taken back.
  std::optional<std::string> comment;     // The technician's, as he wrote it.
  // Of an adjustment that waits for a person: codes with commas between, perhaps none. Absent: none waits.
  std::optional<std::string> adjustment_reasons;
  // Of a charge that could not be rated: why not. Opaque to the store.
  std::optional<std::string> steps_not_rated;
};

// Nothing if there is no such session.
[[nodiscard]] base::Result<std::optional<OverviewRow>> overview_of(Transaction& transaction,
                                                                   std::int64_t session_id);

// Newest first, all at once: for what needs them all. A list for people goes page by page (session_page.h).
[[nodiscard]] base::Result<std::vector<OverviewRow>> session_overview(Transaction& transaction,
                                                                      const SessionFilter& filter);

}  // namespace collector::store
