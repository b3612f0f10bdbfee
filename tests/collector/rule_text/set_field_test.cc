#include "collector/rule_text/set_field.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collector/rule_text/rule_json.h"
#include "collector/rule_text/rule_text.h"

namespace {

using namespace collector::rule_text;
using collector::rating::Rule;

// The rule after all of them.
Rule set(std::initializer_list<const char*> assignments) {
  Rule rule;
  for (const char* one : assignments) {
    const auto ok = set_field(rule, one);
    EXPECT_TRUE(ok) << one << ": " << ok.error().message;
  }
  return rule;
}

TEST(SetField, EveryFieldCanBeSet) {
  const auto rule = set({"free_s=0", "first_block_s=900", "grace_s=0", "increment_s=300", "boundary=after",
                         "grace_scope=every", "min_charge_min=15", "max_charge_min=60", "round_group=day",
                         "work_types.travel=0.5", "grades.senior=1.25",
                         "bands.Evening=weekdays 17:00-24:00 x1.5", "rate_per_hour=9000", "base_fee=250"});
  EXPECT_EQ(
      rule_text(rule),
      R"({"free_s":0,"first_block_s":900,"grace_s":0,"increment_s":300,"boundary":"after",)"
      R"("grace_scope":"every","min_charge_min":15,"max_charge_min":60,"round_group":"day",)"
      R"("work_types":{"travel":"0.5"},"grades":{"senior":"1.25"},)"
      R"("bands":[{"name":"Evening","days":["mon","tue","wed","thu","fri"],"from":"17:00","to":"24:00",)"
      R"("weight":"1.5"}],"rate_per_hour":9000,"base_fee":250})");
}

TEST(SetField, AllFieldsGiveTheRuleAgain) {
  const auto rule = set({"max_charge_min=60", "work_types.travel=0.5", "grades.senior=1.25",
                         "bands.Evening=weekdays 17:00-24:00 x1.5", "bands.Sunday=sun,holidays x2"});
  for (const auto& one : {rule, Rule{}}) {
    Rule again;
    again.max_charge_min = 1;
    for (const auto& field : fields_of(one)) ASSERT_TRUE(set_field(again, field.name + "=" + field.value));
    EXPECT_EQ(again, one);
  }
  EXPECT_EQ(fields_of(rule).at(11), (Field{"bands.Evening", "weekdays 17:00-24:00 x1.5"}));
}

TEST(SetField, NoneTakesAwayAndAnotherValueReplaces) {
  EXPECT_EQ(set({"max_charge_min=60", "max_charge_min=none", "work_types.a=2", "work_types.a=none",
                 "grades.b=none", "bands.c=sun x2", "bands.c=none", "bands.d=none"}),
            Rule{});
  const auto rule =
      set({"bands.a=sun x2", "bands.b=sat x3", "bands.a=mon x4", "grades.x.y=2", "grades.x.y=3"});
  ASSERT_EQ(rule.bands.size(), 2U);
  EXPECT_EQ(rule.bands[0].name, "a") << "it keeps its place";
  EXPECT_EQ(rule.bands[0].weight, 4'000);
  EXPECT_EQ(rule.grades.at("x.y"), 3'000) << "a name may have points";
}

TEST(SetField, RefusalsNameTheFieldAndWhatItMayBe) {
  const struct {
    const char* text;
    const char* message;
  } rows[] = {
      {"grace_s", "'grace_s' sets nothing; write field=value, such as grace_s=0"},
      {"grace=0", "'grace' is no field of a rule; did you mean 'grace_s'?"},
      {"grace_s.a=0", "'grace_s.a' is no field of a rule; did you mean 'grace_s'?"},
      {"grace_s=1m", "grace_s is '1m'; it may be a whole number"},
      {"grace_s=", "grace_s is ''; it may be a whole number"},
      {"max_charge_min=x", "max_charge_min is 'x'; it may be a whole number, or none"},
      {"boundary=end", "boundary is 'end'; it may be start or after"},
      {"grace_scope=all", "grace_scope is 'all'; it may be first or every"},
      {"round_group=ticket", "round_group is 'ticket'; it may be session, series or day"},
      {"grades=2", "grades has entries; write grades.NAME=value, or .NAME=none to take one away"},
      {"grades.m\xfc=2", "a name below grades is not UTF-8"},
      {"grades.senior=high",
       "grades.senior is 'high'; it may be a weight such as 1.5, from 0 to 10, or none"},
  };
  for (const auto& row : rows) {
    Rule rule;
    const auto done = set_field(rule, row.text);
    ASSERT_FALSE(done) << row.text;
    EXPECT_EQ(done.error().code, base::ErrorCode::invalid_argument);
    EXPECT_EQ(done.error().message, row.message);
    EXPECT_EQ(rule, Rule{}) << row.text;
  }
  Rule rule;
  EXPECT_THAT(set_field(rule, "bands.E=never x2").error().message,
              testing::StartsWith("band 'E': 'never' is no day"));
}

TEST(SetField, KnowsEveryFieldThereIs) {
  for (const auto& name : field_names()) {
    Rule rule;
    const auto done = set_field(rule, name + "=?");
    ASSERT_FALSE(done) << name;
    EXPECT_THAT(done.error().message, testing::Not(testing::HasSubstr("no field"))) << name;
  }
}

}  // namespace
