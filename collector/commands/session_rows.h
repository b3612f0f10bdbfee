// Sessions as commands list and count them: which rows a person asked for, found page by page, with the times
// in force and the states on all four axes.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/overview.h"

namespace collector::commands {

struct RowFilter {
  std::optional<std::string> state = {};        // One of session_states().
  std::optional<std::string> customer = {};     // A code.
  std::optional<std::int64_t> technician = {};  // A number.
  std::optional<std::string> contract = {};     // A name.
  std::optional<timing::UtcMs> from = {};       // Half-open [from, to), by moment_of().
  std::optional<timing::UtcMs> to = {};
  std::optional<bool> billed = {};
  bool all = false;    // Also attempts that never became a session, and withdrawn ones.
  bool waits = false;  // Only those that a person has to decide about.
};

// Of each row that is wanted, newest first: false ends it.
using Visit = std::function<base::Result<bool>(store::OverviewRow&&)>;
[[nodiscard]] base::Status each_row(store::Transaction& tx, const RowFilter& filter, const Visit& visit);

struct Listed {
  store::OverviewRow row;
  bool overlaps = false;  // It shares time with another of the same technician, whatever the filter.
};

// How many rows behind a page are counted at most.
inline constexpr std::int64_t kMoreMax = 1'000;

struct ListedPage {
  std::vector<Listed> rows;  // Newest first.
  std::int64_t more = 0;     // That are wanted, too; kMoreMax: at least so many.
};
[[nodiscard]] base::Result<ListedPage> load_page(store::Transaction& tx, const RowFilter& filter,
                                                 std::int64_t limit);

// "37 more; see them with --limit 137"; empty if there are none.
std::string more_text(std::int64_t more, std::int64_t limit);

// The row of one session; not_found, saying where to look, if there is none.
[[nodiscard]] base::Result<store::OverviewRow> row_of(store::Transaction& tx, std::int64_t session_id);

// As stated by a person where the capture knows none.
std::optional<timing::UtcMs> started_of(const store::OverviewRow& row);
std::optional<timing::UtcMs> ended_of(const store::OverviewRow& row);

// Where it stands in a list: the first time known of it (store/session_page.h).
std::optional<timing::UtcMs> moment_of(const store::OverviewRow& row);

// Elapsed whole seconds, as they are rated; nothing while it runs, or when the trace's clock ran backwards.
std::optional<std::int64_t> seconds_of(const store::OverviewRow& row);

// Whether a person entered it.
bool is_manual(const store::OverviewRow& row);

// Where it was, for people: the terminal, else the remote ID, else "phone" or "on site".
std::string place_of(const store::OverviewRow& row);

// Why a person must decide about it, as codes: what attribution found, that the ledger holds its charge, or
// that an adjustment of it waits.
std::vector<std::string> review_codes_of(const store::OverviewRow& row);
// The same, if it does wait for a person now.
std::vector<std::string> waits_for(const store::OverviewRow& row);

// What a person should see beside the state: changed, overlap, series, document, notes of the capture.
std::vector<std::string> notes_of(const store::OverviewRow& row, bool overlaps);

// "0:34:12", to the second; empty for nothing.
std::string clock_text(const std::optional<std::int64_t>& seconds);

// "20 min", "20 min, 30.00 EUR", "not charged yet", "0 min, charged with session 12".
std::string charge_text(const store::OverviewRow& row);

}  // namespace collector::commands
