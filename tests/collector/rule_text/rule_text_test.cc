#include "collector/rule_text/rule_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace {

using namespace collector::rule_text;
using collector::rating::Band;
using collector::rating::Boundary;
using collector::rating::GraceScope;
using collector::rating::RoundGroup;
using collector::rating::Rule;

Rule full() {
  return {.free_s = 0,
          .first_block_s = 900,
          .grace_s = 120,
          .increment_s = 300,
          .boundary = Boundary::after,
          .grace_scope = GraceScope::every,
          .min_charge_min = 20,
          .max_charge_min = 480,
          .round_group = RoundGroup::day,
          .work_types = {{"travel", 500}, {"Übung \"x\"", 0}},
          .grades = {{"senior", 1'250}},
          .bands = {{.name = "Evening",
                     .weekdays = 0x11,
                     .holidays = true,
                     .from_min = 1'020,
                     .to_min = 1'440,
                     .weight = 1'500}},
          .rate_per_hour = 90'00,
          .base_fee = 2'50};
}

TEST(RuleText, IsAlwaysTheSameText) {
  EXPECT_EQ(rule_text(full()),
            R"({"free_s":0,"first_block_s":900,"grace_s":120,"increment_s":300,"boundary":"after",)"
            R"("grace_scope":"every","min_charge_min":20,"max_charge_min":480,"round_group":"day",)"
            R"("work_types":{"travel":"0.5","Übung \"x\"":"0"},"grades":{"senior":"1.25"},)"
            R"("bands":[{"name":"Evening","days":["mon","fri","holidays"],"from":"17:00","to":"24:00",)"
            R"("weight":"1.5"}],"rate_per_hour":9000,"base_fee":250})");
  EXPECT_EQ(weights_text(Rule{}), R"({"work_types":{},"grades":{},"bands":[]})");
}

TEST(RuleText, ComesBackByteForByte) {
  for (const auto& rule : {Rule{}, full()}) {
    const auto text = rule_text(rule);
    const auto read = read_rule(text);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, rule);
    EXPECT_EQ(rule_text(*read), text);
  }
}

// Whatever rule can be applied.
TEST(RuleText, ManyRulesComeBack) {
  std::mt19937_64 random{20'261'122};
  const auto up_to = [&](std::int64_t max) {
    return std::uniform_int_distribution<std::int64_t>{0, max}(random);
  };
  for (int i = 0; i < 2'000; ++i) {
    Rule rule{.free_s = up_to(86'400),
              .first_block_s = 60 + 60 * up_to(1'439),
              .grace_s = up_to(86'400),
              .increment_s = 60 + 60 * up_to(1'439),
              .boundary = up_to(1) == 0 ? Boundary::start : Boundary::after,
              .grace_scope = up_to(1) == 0 ? GraceScope::first : GraceScope::every,
              .min_charge_min = up_to(1'440),
              .max_charge_min = {},
              .round_group = static_cast<RoundGroup>(up_to(2)),
              .rate_per_hour = up_to(1'000'000'000),
              .base_fee = up_to(1'000'000'000)};
    if (up_to(1) == 0) rule.max_charge_min = rule.min_charge_min;
    for (auto n = up_to(3); n > 0; --n) {
      rule.work_types["w" + std::to_string(up_to(9))] = up_to(10'000);
      rule.grades["g" + std::to_string(up_to(9))] = up_to(10'000);
      const auto from = up_to(1'439);
      rule.bands.push_back({.name = "b" + std::to_string(n),
                            .weekdays = static_cast<std::uint8_t>(up_to(127)),
                            .holidays = true,
                            .from_min = from,
                            .to_min = from + 1 + up_to(1'439 - from),
                            .weight = up_to(10'000)});
    }
    const auto text = rule_text(rule);
    const auto read = read_rule(text);
    ASSERT_TRUE(read) << text << ": " << read.error().message;
    ASSERT_EQ(*read, rule) << text;
    ASSERT_EQ(rule_text(*read), text);
  }
}

TEST(RuleText, WhatIsLeftOutStays) {
  EXPECT_EQ(read_rule("{}").value(), Rule{});
  EXPECT_EQ(read_rule(R"( { "grace_s" : 0 } )").value().grace_s, 0);
  auto laid = with_weights(full(), R"({"bands":[],"max_charge_min":null})").value();
  EXPECT_TRUE(laid.bands.empty());
  EXPECT_EQ(laid.max_charge_min, std::nullopt);
  EXPECT_EQ(laid.grades, full().grades);
  EXPECT_EQ(with_weights({}, weights_text(full()))->bands, full().bands);
}

TEST(RuleText, WhatCannotBeReadIsNamed) {
  const struct {
    const char* text;
    const char* message;
  } rows[] = {
      {"", "line 1, column 1: this is no JSON: incomplete JSON"},
      {"{\"free_s\":30,\n  oops}", "line 2, column 3: this is no JSON: syntax error"},
      {"{} {}", "line 1, column 4: text stands behind the end"},
      {R"({"free_s":30,"free_s":31})", "'free_s' stands twice; it may stand once"},
      {"[]", R"(a rule is []; it may be such as {"free_s":30})"},
      {R"({"fre_s":30})", "'fre_s' is no field of a rule; did you mean 'free_s'?"},
      {R"({"colour":1})",
       "'colour' is no field of a rule; there are free_s, first_block_s, grace_s, increment_s, boundary, "
       "grace_scope, min_charge_min, max_charge_min, round_group, work_types, grades, bands, rate_per_hour, "
       "base_fee"},
      {R"({"free_s":"30"})", R"(free_s is "30"; it may be a whole number)"},
      {R"({"free_s":30.5})", "free_s is 3.05E1; it may be a whole number"},
      {R"({"free_s":99999999999999999999})", "free_s is 1E20; it may be a whole number"},
      {R"({"free_s":-1})", "free_s is -1; it may be from 0 to 86400"},
      {R"({"increment_s":90})", "increment_s is 90; it may be a multiple of 60 from 60 to 86400"},
      {R"({"max_charge_min":"none"})",
       R"(max_charge_min is "none"; it may be a whole number, or null for none)"},
      {R"({"boundary":"end"})", R"(boundary is "end"; it may be start or after)"},
      {R"({"boundary":1})", "boundary is 1; it may be start or after"},
      {R"({"grace_scope":"all"})", R"(grace_scope is "all"; it may be first or every)"},
      {R"({"round_group":"ticket"})", R"(round_group is "ticket"; it may be session, series or day)"},
      {R"({"work_types":[]})", R"(work_types is []; it may be such as {"travel":"0.5"})"},
      {R"({"work_types":{"travel":0.5}})",
       R"(work_types 'travel' is 5E-1; it may be a weight in quotation marks such as "1.5", from "0" to "10")"},
      {R"({"grades":{"senior":"11"}})", "grades 'senior' is 11000; it may be from 0 to 10000"},
      {R"({"bands":{}})", "bands is {}; it may be a list of bands"},
      {R"({"bands":[1]})",
       R"(a band is 1; it may be such as {"name":"Evening","days":["mon","tue"],"from":"17:00","to":"24:00",)"
       R"("weight":"1.5"})"},
      {R"({"bands":[{"name":"E","day":["mon"]}]})", "'day' is no field of a band; did you mean 'days'?"},
      {R"({"bands":[{"name":"E","days":"mon"}]})",
       R"(band 'E': days is "mon"; it may be a list of mon, tue, wed, thu, fri, sat, sun and holidays)"},
      {R"({"bands":[{"name":"E","days":["monday"]}]})",
       R"(band 'E': days is "monday"; it may be a list of mon, tue, wed, thu, fri, sat, sun and holidays)"},
      {R"({"bands":[{"name":"E","days":["mon"],"from":1020}]})",
       R"(band 'E': from is 1020; it may be a time of the day such as "17:00", up to "24:00")"},
      {R"({"bands":[{"name":"E"}]})", "band 'E' is on no day"},
  };
  for (const auto& row : rows) {
    const auto read = read_rule(row.text);
    ASSERT_FALSE(read) << row.text;
    EXPECT_EQ(read.error().code, base::ErrorCode::invalid_argument);
    EXPECT_EQ(read.error().message, row.message);
  }
}

TEST(RuleText, LongTextsAreCut) {
  const auto refused = read_rule(R"({"free_s":")" + std::string(1'000, 'x') + "\"}").error().message;
  EXPECT_LT(refused.size(), 200U);
  EXPECT_THAT(read_rule(std::string(kTextBytesMax + 1, ' ')).error().message,
              testing::HasSubstr("1000001 bytes; it may have up to 1000000"));
  EXPECT_FALSE(read_rule(std::string(kTextBytesMax, '['))) << "too deep";
}

}  // namespace
