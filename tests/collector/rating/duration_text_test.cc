#include "collector/rating/duration_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace {

using collector::rating::duration_text;

TEST(DurationText, ReadsLikeAClock) {
  EXPECT_EQ(duration_text(0), "0:00");
  EXPECT_EQ(duration_text(30), "0:30");
  EXPECT_EQ(duration_text(2052), "34:12");
  EXPECT_EQ(duration_text(3599), "59:59");
  EXPECT_EQ(duration_text(3600), "1:00:00");
  EXPECT_EQ(duration_text(90'061), "25:01:01");
}

TEST(DurationText, SurvivesWhatIsNoDuration) {
  EXPECT_EQ(duration_text(-61), "-1:01");
  EXPECT_EQ(duration_text(std::numeric_limits<std::int64_t>::min()).front(), '-');
}

}  // namespace
