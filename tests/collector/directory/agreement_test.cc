#include "collector/directory/agreement.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace collector::directory {
namespace {

using std::chrono::year;
using std::chrono::year_month_day;

year_month_day day(int y, unsigned m, unsigned d) {
  return year{y} / static_cast<int>(m) / static_cast<int>(d);
}

struct Lasts {
  year_month_day first;
  const char* duration;
  year_month_day last;
};

TEST(Agreement, TheLastDayIsIncluded) {
  const Lasts table[] = {
      {day(2026, 11, 1), "12m", day(2027, 10, 31)}, {day(2026, 11, 1), "1y", day(2027, 10, 31)},
      {day(2026, 1, 31), "1m", day(2026, 2, 27)},   {day(2028, 1, 31), "1m", day(2028, 2, 28)},
      {day(2026, 1, 31), "2m", day(2026, 3, 30)},   {day(2026, 3, 31), "1m", day(2026, 4, 29)},
      {day(2028, 2, 29), "1y", day(2029, 2, 27)},   {day(2026, 12, 31), "2m", day(2027, 2, 27)},
      {day(2026, 11, 1), "1d", day(2026, 11, 1)},   {day(2026, 2, 20), "30d", day(2026, 3, 21)},
      {day(2026, 5, 1), "3m", day(2026, 7, 31)},
  };
  for (const auto& row : table) {
    EXPECT_EQ(last_day(row.first, duration_from(row.duration).value()), row.last)
        << row.duration << " from " << static_cast<unsigned>(row.first.month());
  }
}

TEST(Agreement, DurationsAreReadStrictlyAndWrittenBack) {
  for (const char* text : {"1m", "12m", "1200m", "1d", "36500d"})
    EXPECT_EQ(to_string(duration_from(text).value()), text);
  EXPECT_EQ(to_string(duration_from("2y").value()), "24m");
  EXPECT_EQ(to_string(duration_from("100y").value()), "1200m");
  for (const char* text : {"", "m", "12", "0m", "-1m", "1w", "12 m", "1201m", "101y", "36501d", "1.5y",
                           "99999999999999999999m"}) {
    EXPECT_FALSE(duration_from(text).has_value()) << text;
  }
}

// Every field, each as it is written when it is read.
const std::vector<Agreed> kAll{{"model", "prepaid_money"},
                               {"currency", "KWD"},
                               {"duration", "12m"},
                               {"purchased_min", "600"},
                               {"purchased_amount", "250.500"},
                               {"exhaustion", "split"},
                               {"overage_per_hour", "60.000"},
                               {"period", "quarter"},
                               {"included_min", "30"},
                               {"roll_over_min", "all"},
                               {"fee", "10.000"},
                               {"units", "3"},
                               {"notice_percent", "50,90"},
                               {"notice_left", "20.000,5.000"},
                               {"notice_days", "60,30"},
                               {"time_zone", "Europe/Athens"},
                               {"mail_window_min", "0"},
                               {"mail_no_charge", "false"}};

TEST(Agreement, WhatIsWrittenIsReadAgainWhateverItsOrder) {
  ASSERT_EQ(kAll.size(), agreed_names().size()) << "every field there is";
  auto turned = kAll;
  std::ranges::reverse(turned);
  for (const auto& fields : {kAll, turned}) {
    Agreement agreement;
    ASSERT_TRUE(agree(agreement, fields));
    for (const auto& field : kAll) EXPECT_EQ(agreed_text(agreement, field.name), field.value) << field.name;
  }
}

// What a contract of minutes says otherwise than one of money.
TEST(Agreement, OfMinutes) {
  const std::vector<Agreed> fields{
      {"roll_over_min", "45"}, {"notice_left", "60,15"}, {"mail_no_charge", "true"}};
  Agreement agreement;
  ASSERT_TRUE(agree(agreement, fields));
  for (const auto& field : fields) EXPECT_EQ(agreed_text(agreement, field.name), field.value) << field.name;
}

TEST(Agreement, WhatIsNotSaidStays) {
  Agreement agreement;
  agreement.terms.fee = 500;
  const std::vector<Agreed> some{{"notice_days", ""}, {"model", "flat_fee"}};
  ASSERT_TRUE(agree(agreement, some));
  EXPECT_EQ(agreement.model, Model::flat_fee);
  EXPECT_EQ(agreement.terms.fee, 500);
  EXPECT_TRUE(agreement.terms.notice_days.empty());
  EXPECT_EQ(agreed_text(agreement, "duration"), "");
  EXPECT_EQ(agreed_text(agreement, "nothing"), "");
}

TEST(Agreement, WhatCannotBeReadIsRefusedByName) {
  const std::vector<Agreed> table{{"model", "block"},           {"exhaustion", "stop"},
                                  {"period", "week"},           {"duration", "soon"},
                                  {"purchased_min", "ten"},     {"fee", "1.234"},
                                  {"roll_over_min", "some"},    {"units", ""},
                                  {"notice_percent", "80,x"},   {"mail_window_min", "-1"},
                                  {"mail_no_charge", "yes"},    {"included_min", "1.5"},
                                  {"overage_per_hour", "x"},    {"notice_left", "1.5"},
                                  {"notice_days", "a"},         {"purchased_amount", "1,0"},
                                  {"mail_window_min", "44641"}, {"mail_window_min", "soon"}};
  for (const auto& field : table) {
    Agreement agreement;
    const auto done = agree(agreement, {&field, 1});
    ASSERT_FALSE(done) << field.name;
    EXPECT_EQ(done.error().code, base::ErrorCode::invalid_argument);
    EXPECT_TRUE(done.error().message.starts_with(field.name + ": ")) << done.error().message;
  }
}

TEST(Agreement, AFieldThereIsNotIsRefusedWithTheNearest) {
  Agreement agreement;
  const std::vector<Agreed> wrong{{"exhaustoin", "hold"}};
  const auto done = agree(agreement, wrong);
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find("did you mean 'exhaustion'?"), std::string::npos);
  const std::vector<Agreed> strange{{"the colour of the sky", "blue"}};
  EXPECT_EQ(agree(agreement, strange).error().message,
            "'the colour of the sky' is nothing that a contract agrees");
}

}  // namespace
}  // namespace collector::directory
