// The list of sessions as commands show and count it: which rows a person asked for, with the times in force,
// the states on all four axes, and what overlaps.

#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "collector/store/overview.h"

namespace collector::commands {

struct RowFilter {
  std::optional<std::string> state = {};        // One of session_states().
  std::optional<std::string> customer = {};     // A code.
  std::optional<std::int64_t> technician = {};  // A number.
  std::optional<std::string> contract = {};     // A name.
  std::optional<timing::UtcMs> from = {};       // Half-open [from, to), by the session's start.
  std::optional<timing::UtcMs> to = {};
  std::optional<bool> billed = {};
  bool all = false;  // Also attempts that never became a session, and withdrawn ones.
};

struct SessionRows {
  std::vector<store::OverviewRow> rows;  // Newest first.
  std::set<std::int64_t> overlapping;    // Those that share time with another of the same technician.
};

// Overlaps are looked for among all sessions, whatever the filter.
[[nodiscard]] base::Result<SessionRows> load_rows(store::Transaction& tx, const RowFilter& filter);

// As stated by a person where the capture knows none.
std::optional<timing::UtcMs> started_of(const store::OverviewRow& row);
std::optional<timing::UtcMs> ended_of(const store::OverviewRow& row);

// Elapsed whole seconds; nothing while it runs, or when the trace's clock ran backwards.
std::optional<std::int64_t> seconds_of(const store::OverviewRow& row);

// Whether a person entered it.
bool is_manual(const store::OverviewRow& row);

// Where it was, for people: the terminal, else the remote ID, else "phone" or "on site".
std::string place_of(const store::OverviewRow& row);

// What a person should see beside the state: changed, overlap, series, document, notes of the capture.
std::vector<std::string> notes_of(const store::OverviewRow& row, bool overlaps);

// Why a person must decide about it, as codes: what attribution found, or that the ledger holds its charge.
std::vector<std::string> review_codes_of(const store::OverviewRow& row);

// "0:34:12"; empty for nothing.
std::string clock_text(const std::optional<std::int64_t>& seconds);

// One session for programs; docs/operating/collector.md names the fields.
boost::json::object row_json(const store::OverviewRow& row, bool overlaps);

}  // namespace collector::commands
