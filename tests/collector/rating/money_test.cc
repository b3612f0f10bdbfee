#include "collector/rating/money.h"

#include <gtest/gtest.h>

namespace collector::rating {
namespace {

TEST(Money, IsReadAndWrittenAsPeopleWriteIt) {
  const struct {
    const char* text;
    const char* currency;
    std::int64_t amount;
    const char* again;
  } rows[] = {
      {"25", "EUR", 2'500, "25.00"},    {"25.5", "EUR", 2'550, "25.50"},
      {"25.50", "EUR", 2'550, "25.50"}, {"-0.05", "EUR", -5, "-0.05"},
      {"0", "EUR", 0, "0.00"},          {"1200", "JPY", 1'200, "1200"},
      {"-3", "KRW", -3, "-3"},          {"1.234", "KWD", 1'234, "1.234"},
      {"0.001", "BHD", 1, "0.001"},     {"9999999999999.99", "USD", 999'999'999'999'999, "9999999999999.99"}};
  for (const auto& row : rows) {
    const auto amount = money_from(row.text, row.currency);
    ASSERT_TRUE(amount) << row.text;
    EXPECT_EQ(*amount, row.amount);
    EXPECT_EQ(money_text(*amount, row.currency), row.again);
  }
}

TEST(Money, WithoutACurrencyThereAreTwoDigits) {
  EXPECT_EQ(money_text(0), "0.00");
  EXPECT_EQ(money_text(5), "0.05");
  EXPECT_EQ(money_text(1917), "19.17");
}

TEST(Money, WhatIsNoAmountIsRefused) {
  for (const auto* text :
       {"", "-", ".5", "5.", "1,50", "1.505", "1e3", "+1", "--1", " 1", "99999999999999.99"}) {
    const auto amount = money_from(text, "EUR");
    ASSERT_FALSE(amount) << text;
    EXPECT_EQ(amount.error().code, base::ErrorCode::invalid_argument);
  }
  EXPECT_EQ(money_from("1.5", "JPY").error().message, "'1.5' is no amount of JPY such as 25");
  EXPECT_EQ(money_from("1.2345", "KWD").error().message, "'1.2345' is no amount of KWD such as 25.000");
}

}  // namespace
}  // namespace collector::rating
