#include "collector/rating/templates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace collector::rating;

TEST(BuiltInTemplates, AllCanBeApplied) {
  for (const auto& each : built_in_templates()) {
    EXPECT_TRUE(check(each.rule)) << each.name;
    EXPECT_FALSE(each.about.empty()) << each.name;
    EXPECT_EQ(built_in_template(each.name).value().rule, each.rule);
  }
}

TEST(BuiltInTemplates, TheFirstIsTheStandard) {
  ASSERT_EQ(built_in_templates().size(), 4U);
  EXPECT_EQ(built_in_templates().front().name, "standard");
  EXPECT_EQ(built_in_templates().front().rule, Rule{});
}

TEST(BuiltInTemplates, AMistypedNameIsCorrected) {
  const auto found = built_in_template("standart");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, base::ErrorCode::not_found);
  EXPECT_THAT(found.error().message, testing::HasSubstr("did you mean 'standard'?"));
  EXPECT_EQ(built_in_template("something else").error().message, "no template is named 'something else'");
}

}  // namespace
