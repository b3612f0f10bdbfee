#include "agent/capture/guard_rails.h"

#include <gtest/gtest.h>

namespace {

using namespace agent::capture;

timing::UtcMs at(const char* rfc3339) {
  return timing::from_rfc3339(rfc3339).value();
}

TEST(GuardRails, FlagWhatSomebodyMayHaveForgotten) {
  const GuardRails rails{.length_max_ms = 12 * 3'600'000, .overnight_at_min = 3 * 60};
  struct Row {
    const char *from, *to;
    int offset;
    bool over_length, overnight;
  };
  for (const Row& row : {
           Row{"2026-11-16T08:00:00Z", "2026-11-16T09:00:00Z", 60, false, false},
           {"2026-11-16T08:00:00Z", "2026-11-16T20:00:00Z", 60, false, false},
           {"2026-11-16T08:00:00Z", "2026-11-16T20:00:01Z", 60, true, false},
           // Midnight alone is no night.
           {"2026-11-16T22:30:00Z", "2026-11-17T00:30:00Z", 60, false, false},
           {"2026-11-17T01:59:59Z", "2026-11-17T02:00:00Z", 60, false, true},
           {"2026-11-17T02:00:00Z", "2026-11-17T02:30:00Z", 60, false, false},
           // The same moment is no night elsewhere.
           {"2026-11-17T01:59:59Z", "2026-11-17T02:00:00Z", 120, false, false},
           {"2026-11-17T08:00:00Z", "2026-11-17T09:00:00Z", -300, false, false},
           {"2026-11-17T07:30:00Z", "2026-11-17T08:30:00Z", -300, false, true},
           {"2026-11-16T08:00:00Z", "2026-11-19T08:00:00Z", 60, true, true},
           // The clock ran backwards: no statement.
           {"2026-11-16T08:00:00Z", "2026-11-15T08:00:00Z", 60, false, false},
       }) {
    const auto flags = flags_of(rails, at(row.from), at(row.to), row.offset);
    EXPECT_EQ(flags.over_length, row.over_length) << row.from << ' ' << row.to;
    EXPECT_EQ(flags.overnight, row.overnight) << row.from << ' ' << row.to << ' ' << row.offset;
  }
}

TEST(GuardRails, CanBeSwitchedOff) {
  const GuardRails off{.length_max_ms = 0, .overnight_at_min = {}};
  EXPECT_EQ(flags_of(off, at("2026-11-16T08:00:00Z"), at("2026-11-30T08:00:00Z"), 0), GuardFlags{});
}

}  // namespace
