// What somebody should be told about a contract before it surprises him: that what was bought goes to its
// end, is used up, or can soon not be used any more.
//
// A pure function of the ledger as it stands, in the order of its entries' own moments, whatever order they
// arrived in. Whoever calls it compares with what was told already (pipeline/notices.h).

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collector/directory/nouns.h"
#include "collector/ledger/entry.h"
#include "collector/ledger/lot.h"
#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::ledger {

enum class NoticeKind {
  used,           // So much of what was bought is used, in percent.
  left,           // Not more than so much is left, in the contract's unit.
  exhausted,      // Nothing is left, or something could not be taken any more.
  contract_ends,  // In so many days.
  lot_ends,       // Something bought for a time, of which there is still some, ends in so many days.
};

// As stored: "used", "left", ...
std::string_view to_string(NoticeKind kind);
[[nodiscard]] base::Result<NoticeKind> notice_kind_from(std::string_view name);

struct Notice {
  std::int64_t contract_id = 0;
  NoticeKind kind = NoticeKind::used;
  std::int64_t threshold = 0;  // The percent, quantity or days that were passed; 0 of `exhausted`.
  // Which of several times it is: what was sold or began last, before it was passed ("entry 7", "period
  // 2026-11-01", or empty where nothing was); the last day ("2026-12-31"); the lot.
  std::string occasion;
  timing::UtcMs at;       // When it was passed.
  std::int64_t left = 0;  // What was left then, without lots that do not count that day; may be below zero.
  std::int64_t of = 0;    // Of how much: what was bought last, and the sizes of the lots that counted.
  std::string unit;
  std::optional<std::int64_t> session_id = {};  // Whose charge passed it.
  bool over = false;                            // Something raised what is left above the threshold since.

  bool operator==(const Notice&) const = default;
};

// What is known before a moment, so that a long ledger need not be read from its first entry each time. It
// stays true as long as no entry before that moment comes or goes.
struct NoticeState {
  // One threshold on what is left.
  struct Mark {
    NoticeKind kind = NoticeKind::used;
    std::int64_t threshold = 0;
    // What is left was above it, and it was not passed since.
    bool armed = false;
    std::string occasion = {};                  // Since when it is.
    std::optional<std::size_t> passed_by = {};  // The newest of `told` that is of it and not over.

    bool operator==(const Mark&) const = default;
  };
  // What has days of its own.
  struct Stock {
    std::int64_t size = 0;  // All that was ever put into it.
    std::int64_t left = 0;

    bool operator==(const Stock&) const = default;
  };

  std::string unit;
  std::string time_zone;  // In which lots begin and end.
  std::vector<Mark> marks;
  std::map<std::string, Stock> lots;  // By their names.
  std::int64_t pot = 0;               // Left beside them.
  std::int64_t bought = 0;            // Onto the pot, the last time.
  std::optional<timing::UtcMs> bought_at;
  std::vector<Notice> told;  // In the order in which they were found.

  bool operator==(const NoticeState&) const = default;
};

struct Notices {
  std::vector<Notice> all;            // In order of time. Those of an end are there only while they are true.
  std::optional<timing::UtcMs> next;  // When time alone will add one, or a day of the ledger will.
  NoticeState state;                  // Before `keep_at`.
};

// Nothing was bought yet. It also says what a kept state must be like to be of use: can_go_on_from().
NoticeState first_notice_state(const directory::Contract& contract);

// Whether the state was made by the contract's terms of today.
bool can_go_on_from(const NoticeState& state, const directory::Contract& contract);

// All that is left by it, with or without days of its own.
std::int64_t left_by(const NoticeState& state);

// `entries` are those of the contract that count and are not in `since`: a person's, and the ledger's own
// that are not reversed; of their lines those on `left` matter. Their order does not. Errors are those of
// `start_of_day`, and corrupt for a lot without a meaning. A contract that is over has none. Going on from
// the state before a moment, with the entries from that moment on, says the same as all entries from the
// first one on. The state that is given back is the one before `keep_at`, at most `now`.
//
// A threshold is passed by a charge, or by a correction below zero, and only once after what is left was
// above it: after something was sold, began or was corrected in the customer's favour. An entry that passes
// several passes each. What expires passes none. An end is told at the beginning of the day so many days
// before the last one, if the contract or the lot had begun by then.
[[nodiscard]] base::Result<Notices> notices(const directory::Contract& contract, NoticeState since,
                                            std::span<const Entry> entries, timing::UtcMs now,
                                            timing::UtcMs keep_at, const StartOfDay& start_of_day);

// For people: "80 % used: 6 of 30 min left".
std::string text(const Notice& notice);

}  // namespace collector::ledger
