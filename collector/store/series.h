// Series: sessions of one customer that are charged as one. Which session is in which series is never
// overwritten: the newest row of a session counts.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/connection.h"
#include "collector/store/sessions.h"
#include "common/timing/utc.h"

namespace collector::store {

struct SeriesRow {
  std::int64_t id = 0;  // Given by the store.
  std::int64_t customer_id = 0;
  timing::UtcMs made;
  std::string who;
};

struct MembershipRow {
  std::int64_t session_id = 0;
  std::optional<std::int64_t> series_id;  // Absent: it leaves the series it is in.
  timing::UtcMs changed;
  std::string who;
  std::string why;
};

// Two sessions that are not to be suggested as one series.
struct DismissalRow {
  std::int64_t first_session_id = 0;
  std::int64_t second_session_id = 0;
  timing::UtcMs dismissed = {};
  std::string who = {};
};

// Its id; the id in what is passed is not looked at.
[[nodiscard]] base::Result<std::int64_t> add_series(Transaction& transaction, const SeriesRow& series);

[[nodiscard]] base::Result<std::optional<SeriesRow>> find_series(Transaction& transaction,
                                                                 std::int64_t series_id);

// The series the session is in.
[[nodiscard]] base::Result<std::optional<SeriesRow>> series_of(Transaction& transaction,
                                                               std::int64_t session_id);

// In order of their start.
[[nodiscard]] base::Result<std::vector<SessionRow>> members_of(Transaction& transaction,
                                                               std::int64_t series_id);

// Those that have members, newest first.
[[nodiscard]] base::Result<std::vector<SeriesRow>> list_series(Transaction& transaction, std::int64_t limit);

// The session joins a series, or leaves the one it is in. It, and all sessions of the series before and
// after, are attributed again: what they cost together has changed.
[[nodiscard]] base::Status change_membership(Transaction& transaction, const MembershipRow& membership);

// Harmless when the pair is there.
[[nodiscard]] base::Status add_dismissal(Transaction& transaction, const DismissalRow& dismissal);
[[nodiscard]] base::Result<std::vector<DismissalRow>> list_dismissals(Transaction& transaction);

}  // namespace collector::store
