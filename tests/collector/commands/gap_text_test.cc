#include "collector/commands/gap_text.h"

#include <gtest/gtest.h>

namespace {

using namespace collector;

TEST(GapText, SaysWhatIsKnownOfItsTimes) {
  const auto at = [](const char* text) { return timing::from_rfc3339(text).value(); };
  const auto from = at("2026-11-16T14:03:02.999Z");
  const auto to = at("2026-11-16T14:05:40Z");
  const auto next_day = at("2026-11-17T00:01:00Z");
  const struct {
    std::optional<timing::UtcMs> from, to;
    std::int64_t bytes;
    const char* text;
  } table[] = {
      {from, to, 0, "lines between 2026-11-16 14:03:02 and 14:05:40 UTC are missing (file_replaced)"},
      {from, to, 120,
       "lines between 2026-11-16 14:03:02 and 14:05:40 UTC are missing (file_replaced, at least 120 bytes)"},
      {from, next_day, 0,
       "lines between 2026-11-16 14:03:02 and 2026-11-17 00:01:00 UTC are missing (file_replaced)"},
      {from, {}, 0, "lines after 2026-11-16 14:03:02 UTC are missing (file_replaced)"},
      {{}, to, 0, "lines before 2026-11-16 14:05:40 UTC are missing (file_replaced)"},
      {{}, {}, 0, "lines are missing, noticed 2026-11-16 15:00:00 UTC (file_replaced)"},
  };
  for (const auto& row : table) {
    store::GapRow gap;
    gap.cause = "file_replaced";
    gap.bytes_lost_min = row.bytes;
    gap.observed = at("2026-11-16T15:00:00Z");
    gap.from = row.from;
    gap.to = row.to;
    EXPECT_EQ(commands::gap_text(gap), row.text);
  }
}

}  // namespace
