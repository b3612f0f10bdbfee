#include "common/timing/utc.h"

#include <gtest/gtest.h>

namespace {

using timing::from_ms;
using timing::from_rfc3339;
using timing::to_ms;
using timing::to_rfc3339;

TEST(Rfc3339, PrintsMillisecondsAndZ) {
  EXPECT_EQ(to_rfc3339(from_ms(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339(from_ms(1'732'167'985'889)), "2024-11-21T05:46:25.889Z");
  EXPECT_EQ(to_rfc3339(from_ms(-1)), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(to_rfc3339(from_ms(253'402'300'799'999)), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(to_rfc3339(from_ms(253'402'300'800'000)), "10000-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339(from_ms(-62'167'219'200'000)), "0000-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339(from_ms(-62'167'219'200'001)), "-001-12-31T23:59:59.999Z");
}

TEST(Rfc3339, ReadsItsOwnOutput) {
  for (const std::int64_t ms : {0LL, -1LL, 951'782'400'000LL, 1'732'167'985'889LL, 4'102'444'799'999LL}) {
    EXPECT_EQ(to_ms(from_rfc3339(to_rfc3339(from_ms(ms))).value()), ms);
  }
}

TEST(Rfc3339, ReadsOtherForms) {
  const auto want = from_rfc3339("2026-03-29T01:30:00.120Z").value();
  EXPECT_EQ(from_rfc3339("2026-03-29 01:30:00.12Z").value(), want);
  EXPECT_EQ(from_rfc3339("2026-03-29T03:30:00.120999+02:00").value(), want);
  EXPECT_EQ(from_rfc3339("2026-03-28T20:00:00.120-05:30").value(), want);
}

TEST(Rfc3339, RefusesWhatIsNoTime) {
  for (const char* text : {"", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00",
                           "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Zx", "26-01-01T00:00:00Z",
                           "2026-01-01T00:60:00Z", "2026/01/01T00:00:00Z", "2026-01-01T00:00:00+2:00"}) {
    EXPECT_FALSE(from_rfc3339(text)) << text;
  }
}

}  // namespace
