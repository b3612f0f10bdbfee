// Times of the week that weigh more, or less: evenings, Sundays, holidays.
//
// A band is on a place's wall clock; charged time is on the line of UTC. This
// is where the two meet, to the second, also where clocks are set: an hour
// that comes twice is two hours, one that is skipped is none.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/timing/utc.h"

namespace collector::rating {

struct Band {
  std::string name;
  // Bit 0 is Monday, bit 6 Sunday. A holiday is no weekday.
  std::uint8_t weekdays = 0;
  bool holidays = false;
  std::int64_t from_min = 0;    // Minutes of the day on the wall clock, [from_min, to_min).
  std::int64_t to_min = 1'440;  // 1440 is the end of the day. A night is two bands.
  std::int64_t weight = 1'000;  // Thousandths, as in rule.h.

  bool operator==(const Band&) const = default;
};

// The clock of one place, as plain data: pure rooms have no time zone database.
struct Offset {
  timing::UtcMs from;        // Until the next one's.
  std::int64_t seconds = 0;  // East of Greenwich: what the wall clock is ahead of UTC.

  bool operator==(const Offset&) const = default;
};

struct Calendar {
  // Oldest first, at least one; before the first's time the first holds.
  std::vector<Offset> offsets{{}};
  std::vector<std::int32_t> holidays = {};  // Days since 1970-01-01 on the wall clock, ascending.
};

// Charged time that begins at a moment.
struct Stretch {
  timing::UtcMs begin;
  std::int64_t seconds = 0;

  bool operator==(const Stretch&) const = default;
};

inline constexpr int kNoBand = -1;

// Seconds in one band.
struct Share {
  int band = kNoBand;  // Its place in the rule's list.
  std::int64_t seconds = 0;

  bool operator==(const Share&) const = default;
};

// How the time of `stretches` falls upon `bands`, one share for each band that
// has some, kNoBand first, then in the order of `bands`. A moment that fits
// several belongs to the first of them. The shares sum to the stretches'
// seconds. Parts of a millisecond count with the second they began in.
std::vector<Share> share_out(std::span<const Stretch> stretches, std::span<const Band> bands,
                             const Calendar& calendar);

}  // namespace collector::rating
