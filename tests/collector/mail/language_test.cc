#include "collector/mail/language.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace collector::mail {
namespace {

TEST(Language, DaysAreWrittenAsPeopleDo) {
  using std::chrono::year;
  const auto first = year{2026} / 5 / 1, other = year{2026} / 11 / 20;
  struct Row {
    const char* language;
    const char *first, *other, *shortly;
  };
  const Row rows[] = {{"en", "1 May 2026", "20 November 2026", "1 May 2026"},
                      {"de", "1. Mai 2026", "20. November 2026", "01.05.2026"},
                      {"de-AT", "1. Mai 2026", "20. November 2026", "01.05.2026"},
                      {"el", "1η Μαΐου 2026", "20 Νοεμβρίου 2026", "01/05/2026"},
                      {"fr", "2026-05-01", "2026-11-20", "2026-05-01"},
                      {"", "2026-05-01", "2026-11-20", "2026-05-01"}};
  for (const auto& row : rows) {
    EXPECT_EQ(long_day(first, row.language), row.first);
    EXPECT_EQ(long_day(other, row.language), row.other);
    EXPECT_EQ(short_day(first, row.language), row.shortly);
  }
  EXPECT_EQ(short_day(other, "en"), "20 Nov 2026");
  EXPECT_EQ(long_day(year{2026} / 13 / 40, "en"), "2026-13-40");
}

TEST(Language, MinutesHaveTheirPlural) {
  struct Row {
    std::int64_t minutes;
    const char *english, *german, *greek;
  };
  const Row rows[] = {{0, "0 min", "0 Minuten", "0 λεπτά"},
                      {1, "1 min", "1 Minute", "1 λεπτό"},
                      {59, "59 min", "59 Minuten", "59 λεπτά"},
                      {60, "1 h", "1 Stunde", "1 ώρα"},
                      {61, "1 h 1 min", "1 Stunde 1 Minute", "1 ώρα 1 λεπτό"},
                      {130, "2 h 10 min", "2 Stunden 10 Minuten", "2 ώρες 10 λεπτά"},
                      {-5, "-5 min", "-5 Minuten", "-5 λεπτά"},
                      {-70, "-1 h 10 min", "-1 Stunde 10 Minuten", "-1 ώρα 10 λεπτά"}};
  for (const auto& row : rows) {
    EXPECT_EQ(minutes_words(row.minutes, "en"), row.english);
    EXPECT_EQ(minutes_words(row.minutes, "fr"), row.english);
    EXPECT_EQ(minutes_words(row.minutes, "de"), row.german);
    EXPECT_EQ(minutes_words(row.minutes, "el-GR"), row.greek);
  }
  EXPECT_EQ(minutes_words(INT64_MIN, "en"), "-153722867280912930 h 8 min");
}

TEST(Language, DaysLaterHaveTheirPlural) {
  EXPECT_EQ(days_later(1, "en"), "+1 day");
  EXPECT_EQ(days_later(2, "fr"), "+2 days");
  EXPECT_EQ(days_later(1, "de"), "+1 Tag");
  EXPECT_EQ(days_later(3, "de-at"), "+3 Tage");
  EXPECT_EQ(days_later(1, "el"), "+1 ημέρα");
  EXPECT_EQ(days_later(2, "el-gr"), "+2 ημέρες");
}

TEST(Language, MoneyAndPercentHaveTheirSigns) {
  EXPECT_EQ(money_words("67.50 EUR", "en"), "67.50 EUR");
  EXPECT_EQ(money_words("67.50 EUR", "de"), "67,50 EUR");
  EXPECT_EQ(money_words("-5.00 EUR", "el"), "-5,00 EUR");
  EXPECT_EQ(percent_words(80, "en"), "80%");
  EXPECT_EQ(percent_words(80, "el"), "80%");
  EXPECT_EQ(percent_words(80, "de"), "80\u00A0%");
}

TEST(Language, AChargeIsExplainedInOneLine) {
  using Steps = std::vector<ChargeStep>;
  const Steps blocks{{.what = "free time", .minutes = 0},       {.what = "first block", .minutes = 10},
                     {.what = "further blocks", .minutes = 30}, {.what = "cap", .minutes = 25},
                     {.what = "charge", .minutes = 25},         {.what = "price", .minutes = 25}};
  EXPECT_EQ(charge_words(blocks, "en"),
            "first block 10 min; with further blocks 30 min; no more than 25 min");
  EXPECT_EQ(charge_words(blocks, "de"),
            "erster Zeitblock 10 Minuten; mit weiteren Zeitblöcken 30 Minuten; höchstens 25 Minuten");
  EXPECT_EQ(charge_words(blocks, "el"),
            "πρώτη χρονική μονάδα 10 λεπτά· μαζί με τις επόμενες μονάδες 30 λεπτά· το πολύ 25 λεπτά")
      << "a Greek ; is a question mark";
  const Steps weighted{{.what = "free time", .minutes = 0},
                       {.what = "first block", .minutes = 10},
                       {.what = "band", .minutes = {}},
                       {.what = "grade", .minutes = {}},
                       {.what = "charge", .minutes = 15}};
  EXPECT_EQ(
      charge_words(weighted, "en"),
      "first block 10 min; weighted by the time of day; weighted by the technician's grade; charged 15 min");
  EXPECT_EQ(charge_words({{.what = "free time", .minutes = 0}, {.what = "charge", .minutes = 0}}, "en"),
            "within the free time");
  EXPECT_EQ(charge_words({{.what = "no charge", .minutes = 0}, {.what = "charge", .minutes = 0}}, "de"),
            "als kostenfrei gekennzeichnet");
  EXPECT_EQ(charge_words({{.what = "stated time", .minutes = 25}, {.what = "charge", .minutes = 25}}, "en"),
            "time stated by the technician: 25 min");
  const Steps twice{{.what = "first block", .minutes = 10},
                    {.what = "unweighted", .minutes = {}},
                    {.what = "band", .minutes = {}},
                    {.what = "band", .minutes = {}},
                    {.what = "charge", .minutes = 15}};
  EXPECT_EQ(charge_words(twice, "en"), "first block 10 min; weighted by the time of day; charged 15 min");
  auto idle = twice;
  idle.back().minutes = 10;
  idle.erase(idle.begin() + 1);
  EXPECT_EQ(charge_words(idle, "en"), "first block 10 min") << "the time of day changed nothing";
  idle.insert(idle.end() - 1, {.what = "work type", .minutes = {}});
  idle.erase(idle.begin() + 1, idle.begin() + 3);
  EXPECT_EQ(charge_words(idle, "en"), "first block 10 min; weighted by the kind of work; charged 10 min");
  const Steps days{{.what = "free time", .minutes = 0},    {.what = "charge", .minutes = 0},
                   {.what = "free time", .minutes = 0},    {.what = "first block", .minutes = 10},
                   {.what = "charge", .minutes = 10},      {.what = "price", .minutes = 10},
                   {.what = "first block", .minutes = 10}, {.what = "charge", .minutes = 10}};
  EXPECT_EQ(charge_words(days, "en"), "within the free time + first block 10 min + first block 10 min")
      << "each is rated by itself";
  EXPECT_EQ(charge_words({{.what = "something new", .minutes = 25}}, "en"), "");
  EXPECT_EQ(charge_words({}, "en"), "");
}

}  // namespace
}  // namespace collector::mail
