#include "collector/directory/terms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collector/directory/burn_order.h"

namespace collector::directory {
namespace {

TEST(Terms, TheirWordsAreKept) {
  for (const auto& word : model_words()) EXPECT_EQ(to_string(model_from(word).value()), word);
  for (const auto& word : exhaustion_words()) EXPECT_EQ(to_string(exhaustion_from(word).value()), word);
  for (const auto& word : period_words()) EXPECT_EQ(to_string(period_from(word).value()), word);
  EXPECT_EQ(model_words().size(), 8U);
  EXPECT_FALSE(model_from("block"));
  EXPECT_FALSE(exhaustion_from(""));
  EXPECT_FALSE(period_from("week"));
}

TEST(Terms, OfEveryModelThePlainOnesAreGoodButARecurringOneNeedsAPeriod) {
  for (const auto& word : model_words()) {
    const auto model = model_from(word).value();
    EXPECT_EQ(check(model, {}).has_value(), model != Model::recurring) << word;
  }
}

TEST(Terms, WhatCannotBeIsRefusedByField) {
  const auto changed = [](auto change) {
    Terms terms;
    change(terms);
    return terms;
  };
  const struct {
    Model model;
    Terms terms;
    const char* field;
  } rows[] = {
      {Model::prepaid, changed([](Terms& t) { t.currency = "EURO"; }), "currency"},
      {Model::prepaid, changed([](Terms& t) { t.currency = "eur"; }), "currency"},
      {Model::prepaid, changed([](Terms& t) { t.currency = "EU1"; }), "currency"},
      {Model::hourly, changed([](Terms& t) { t.exhaustion = Exhaustion::split; }), "exhaustion"},
      {Model::prepaid, changed([](Terms& t) { t.fee = 1; }), "fee"},
      {Model::flat_fee, changed([](Terms& t) { t.fee = -1; }), "fee"},
      {Model::flat_fee, changed([](Terms& t) { t.fee = 1'000'000'001; }), "fee"},
      {Model::flat_fee, changed([](Terms& t) { t.units = 2; }), "units"},
      {Model::recurring, changed([](Terms& t) {
         t.period = Period::month;
         t.units = 0;
       }),
       "units"},
      {Model::prepaid, changed([](Terms& t) { t.overage_per_hour = -1; }), "overage_per_hour"},
      {Model::prepaid, changed([](Terms& t) { t.included_min = -1; }), "included_min"},
      {Model::prepaid, changed([](Terms& t) { t.included_min = 60; }), "included_min needs a period"},
      {Model::prepaid_money, changed([](Terms& t) {
         t.included_min = 60;
         t.period = Period::month;
       }),
       "included_min is not for the model prepaid_money"},
      {Model::prepaid, changed([](Terms& t) { t.roll_over_min = -1; }), "roll_over_min"},
      {Model::recurring, {}, "period"},
      {Model::project_fixed, changed([](Terms& t) { t.period = Period::month; }), "period"},
      {Model::project_hourly, changed([](Terms& t) { t.period = Period::year; }), "period"},
      {Model::prepaid, changed([](Terms& t) { t.notice_percent = {80, 80}; }), "notice_percent must rise"},
      {Model::prepaid, changed([](Terms& t) { t.notice_percent = {101}; }), "notice_percent is 101"},
      {Model::prepaid, changed([](Terms& t) { t.notice_left = {15, 60}; }), "notice_left must fall"},
      {Model::prepaid, changed([](Terms& t) { t.notice_days = {7, 30}; }), "notice_days must fall"},
      {Model::prepaid, changed([](Terms& t) { t.notice_days = {0}; }), "notice_days is 0"},
      {Model::prepaid, changed([](Terms& t) { t.notice_days = {11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}; }),
       "notice_days has 11"},
  };
  for (const auto& row : rows) {
    const auto checked = check(row.model, row.terms);
    ASSERT_FALSE(checked) << row.field;
    EXPECT_EQ(checked.error().code, base::ErrorCode::invalid_argument);
    EXPECT_THAT(checked.error().message, testing::HasSubstr(row.field));
  }
}

TEST(Terms, SomeTakeSessionsOnlyWhereAPersonPutsThem) {
  std::vector<std::string> taking;
  for (const auto& word : model_words()) {
    if (takes_sessions(model_from(word).value())) taking.push_back(word);
  }
  EXPECT_THAT(taking, testing::ElementsAre("prepaid", "indefinite", "prepaid_money", "hourly", "flat_fee"));
}

TEST(Terms, WhatMakesSenseIsGood) {
  Terms terms;
  terms.period = Period::month;
  terms.included_min = 120;
  terms.roll_over_min = std::nullopt;
  terms.fee = 30'000;
  terms.notice_percent = {};
  EXPECT_TRUE(check(Model::flat_fee, terms));
  terms.included_min = 0;
  terms.units = 25;
  EXPECT_TRUE(check(Model::recurring, terms));
  terms = {};
  terms.exhaustion = Exhaustion::next;
  EXPECT_TRUE(check(Model::prepaid_money, terms));
}

}  // namespace
}  // namespace collector::directory
