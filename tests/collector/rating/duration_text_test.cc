#include "collector/rating/duration_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace {

using collector::rating::duration_ms_text;
using collector::rating::duration_text;

TEST(DurationText, ReadsLikeAClock) {
  EXPECT_EQ(duration_text(0), "0:00");
  EXPECT_EQ(duration_text(30), "0:30");
  EXPECT_EQ(duration_text(2052), "34:12");
  EXPECT_EQ(duration_text(3599), "59:59");
  EXPECT_EQ(duration_text(3600), "1:00:00");
  EXPECT_EQ(duration_text(90'061), "25:01:01");
}

TEST(DurationText, MillisecondsStandBehindAPoint) {
  EXPECT_EQ(duration_ms_text(0), "0:00.000");
  EXPECT_EQ(duration_ms_text(2'052'045), "34:12.045");
  EXPECT_EQ(duration_ms_text(3'600'999), "1:00:00.999");
  EXPECT_EQ(duration_ms_text(-500), "-0:00.500");
}

TEST(DurationText, SurvivesWhatIsNoDuration) {
  EXPECT_EQ(duration_text(-61), "-1:01");
  EXPECT_EQ(duration_text(std::numeric_limits<std::int64_t>::min()).front(), '-');
  EXPECT_EQ(duration_ms_text(std::numeric_limits<std::int64_t>::min()).front(), '-');
}

}  // namespace
