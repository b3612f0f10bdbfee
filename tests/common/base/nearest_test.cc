#include "common/base/nearest.h"

#include <gtest/gtest.h>

namespace {

TEST(EditDistance, CountsChanges) {
  EXPECT_EQ(base::edit_distance("", "abc"), 3u);
  EXPECT_EQ(base::edit_distance("abc", "abc"), 0u);
  EXPECT_EQ(base::edit_distance("abc", "axc"), 1u);
  EXPECT_EQ(base::edit_distance("abcd", "abdc"), 1u) << "a swap of neighbours is one change";
}

TEST(Nearest, FindsTheTypo) {
  const std::vector<std::string> names{"data_dir", "collector", "mail_window_min"};
  EXPECT_EQ(base::nearest("colector", names), "collector");
  EXPECT_EQ(base::nearest("mail_windw_min", names), "mail_window_min");
}

TEST(Nearest, KeepsSilentWhenNothingIsNear) {
  EXPECT_EQ(base::nearest("zzzzzz", {"data_dir", "collector"}), std::nullopt);
}

}  // namespace
