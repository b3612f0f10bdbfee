#include "collector/attribution/tags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "collector/attribution/plain_text.h"

namespace {

using namespace collector::attribution;
using enum ReviewReason;

constexpr TagSettings kDefault{};
constexpr TagSettings kSeed{.tag_match = TagMatch::anywhere, .lead_number = LeadNumber::seed};

struct Row {
  const char* comment;
  std::optional<std::int64_t> technician;
  std::string flags;  // "~" hold, "#" no charge
  std::optional<std::int64_t> override_min;
  const char* text;
  std::vector<ReviewReason> reasons;
  std::size_t hints = 0;
};

void expect(const Row& row, const TagSettings& settings) {
  SCOPED_TRACE(testing::Message() << '"' << row.comment << '"');
  const auto tags = parse_comment(row.comment, settings);
  EXPECT_EQ(tags.technician_number, row.technician);
  EXPECT_EQ(std::string{tags.hold ? "~" : ""} + (tags.no_charge ? "#" : ""), row.flags);
  EXPECT_EQ(tags.override_min, row.override_min);
  EXPECT_EQ(tags.text, row.text);
  EXPECT_EQ(tags.reasons, row.reasons);
  EXPECT_EQ(tags.hints.size(), row.hints);
}

TEST(Tags, Numbers) {
  const Row rows[] = {
      {"1, antivirus installation", 1, "", {}, "antivirus installation", {}},
      {"[1, antivirus installation ]", 1, "", {}, "antivirus installation", {}},
      {"[ 1, antivirus installation", 1, "", {}, "antivirus installation", {}},
      {"  1,antivirus", 1, "", {}, "antivirus", {}},
      {"12; printer", 12, "", {}, "printer", {}},
      {"007: printer", 7, "", {}, "printer", {}},
      {"1 , printer", 1, "", {}, "printer", {}},
      {"0, printer", 0, "", {}, "printer", {}},
      {"printer", {}, "", {}, "printer", {}},
      {"[printer]", {}, "", {}, "printer", {}},
      {"printer 1, toner", {}, "", {}, "printer 1, toner", {}},
      {"2nd visit", {}, "", {}, "2nd visit", {}},
      {"10min call", {}, "", {}, "10min call", {}},
      {"-1, printer", {}, "", {}, "-1, printer", {}},
      {"1. printer", {}, "", {}, "1. printer", {}, 1},
      {"10 min call", {}, "", {}, "10 min call", {ambiguous_number}},
      {"1 antivirus", {}, "", {}, "1 antivirus", {ambiguous_number}},
      {"1", {}, "", {}, "", {ambiguous_number, no_description}},
      {"10:30 called back", {}, "", {}, "10:30 called back", {ambiguous_number}},
      {"1,5 hours of work", {}, "", {}, "1,5 hours of work", {ambiguous_number}},
      {"[1] printer", {}, "", {}, "[1] printer", {ambiguous_number}},
      {"1{25} printer", {}, "", 25, "1 printer", {ambiguous_number}},
      {"1~ printer", {}, "", {}, "1~ printer", {ambiguous_number}, 1},
      {"1. printer", {}, "", {}, "1. printer", {}, 1},
      {"1) printer", {}, "", {}, "1) printer", {}, 1},
      {"1- printer", {}, "", {}, "1- printer", {}, 1},
      {"1/ printer", {}, "", {}, "1/ printer", {}, 1},
      {"999999999999999999, x", 999'999'999'999'999'999, "", {}, "x", {}},
      {"99999999999999999999999999, x", {}, "", {}, "99999999999999999999999999, x", {ambiguous_number}},
  };
  for (const auto& row : rows) expect(row, kDefault);
}

TEST(Tags, SeedAcceptsABareNumber) {
  const Row rows[] = {
      {"1 antivirus", 1, "", {}, "antivirus", {}},
      {"10 min call", 10, "", {}, "min call", {}},
      {"10min call", {}, "", {}, "10min call", {}},
      {"2nd visit", {}, "", {}, "2nd visit", {}},
      {"1", 1, "", {}, "", {no_description}},
      {"[1 antivirus]", 1, "", {}, "antivirus", {}},
      {"10:30 called back", {}, "", {}, "10:30 called back", {ambiguous_number}},
      {"1 ~restart", 1, "~", {}, "restart", {hold}},
  };
  for (const auto& row : rows) expect(row, kSeed);
}

TEST(Tags, Hold) {
  const Row rows[] = {
      {"~ restart", {}, "~", {}, "restart", {hold}},
      {"restart ~", {}, "~", {}, "restart", {hold}},
      {"before ~ after", {}, "~", {}, "before after", {hold}},
      {"1, ~ restart", 1, "~", {}, "restart", {hold}},
      {"1, ~restart", 1, "~", {}, "restart", {hold}},
      {"1,~restart", 1, "~", {}, "restart", {hold}},
      {"~ 1, restart", 1, "~", {}, "restart", {hold}},
      {"[1, restart ~]", 1, "~", {}, "restart", {hold}},
      {"restart{10}~", {}, "~", 10, "restart", {hold}},
      {"took ~5 minutes", {}, "", {}, "took ~5 minutes", {}, 1},
      {"~", {}, "~", {}, "", {hold, no_description}},
      {"~, restart", {}, "", {}, "~, restart", {}, 1},
  };
  for (const auto& row : rows) expect(row, kDefault);
}

TEST(Tags, NoChargeAsToken) {
  const Row rows[] = {
      {"# courtesy", {}, "#", {}, "courtesy", {}},
      {"courtesy #", {}, "#", {}, "courtesy", {}},
      {"1, courtesy #", 1, "#", {}, "courtesy", {}},
      {"1,# courtesy", 1, "#", {}, "courtesy", {}},
      {"courtesy #~", {}, "~#", {}, "courtesy", {hold}},
      {"courtesy ~#", {}, "~#", {}, "courtesy", {hold}},
      {"courtesy ##", {}, "#", {}, "courtesy", {}},
      {"courtesy #{0}", {}, "#", 0, "courtesy", {}},
      {"courtesy {0}#", {}, "#", 0, "courtesy", {}},
      {"courtesy {5}#", {}, "#", 5, "courtesy", {contradicting_tags}},
      {"courtesy # {5}", {}, "#", 5, "courtesy", {contradicting_tags}},
      {"fixed the C# add-in", {}, "", {}, "fixed the C# add-in", {}, 1},
      {"ticket #4711", {}, "", {}, "ticket #4711", {}, 1},
      {"C#~ work", {}, "", {}, "C#~ work", {}, 2},
      {"#", {}, "#", {}, "", {no_description}},
      {"fixed the C# add-in #", {}, "#", {}, "fixed the C# add-in", {}, 1},
  };
  for (const auto& row : rows) expect(row, kDefault);
}

TEST(Tags, NoChargeAnywhere) {
  const Row rows[] = {
      {"courtesy #", {}, "#", {}, "courtesy", {}},
      {"courtesy#", {}, "#", {}, "courtesy", {}, 1},
      {"fixed the C# add-in", {}, "#", {}, "fixed the C add-in", {}, 1},
      {"ticket #4711", {}, "#", {}, "ticket 4711", {}, 1},
      {"courtesy #~", {}, "~#", {}, "courtesy", {hold}},
  };
  for (const auto& row : rows)
    expect(row, {.tag_match = TagMatch::anywhere, .lead_number = LeadNumber::strict});
}

TEST(Tags, Override) {
  const Row rows[] = {
      {"printer {25}", {}, "", 25, "printer", {}},
      {"{25} printer", {}, "", 25, "printer", {}},
      {"{25}, printer", {}, "", 25, "printer", {}},
      {"{25} 1, printer", 1, "", 25, "printer", {}},
      {"printer {25}, toner", {}, "", 25, "printer, toner", {}},
      {"printer{25}toner", {}, "", 25, "printer toner", {}},
      {"printer { 25 }", {}, "", 25, "printer", {}},
      {"printer {0}", {}, "", 0, "printer", {}},
      {"printer {1440}", {}, "", 1440, "printer", {}},
      {"printer {00025}", {}, "", 25, "printer", {}},
      {"printer {25} {25}", {}, "", 25, "printer", {}},
      {"printer {25} {30}", {}, "", {}, "printer", {bad_override}},
      {"printer {25} {x}", {}, "", {}, "printer", {bad_override}},
      {"printer {}", {}, "", {}, "printer", {bad_override}},
      {"printer {abc}", {}, "", {}, "printer", {bad_override}},
      {"printer {1.5}", {}, "", {}, "printer", {bad_override}},
      {"printer {-5}", {}, "", {}, "printer", {bad_override}},
      {"printer {+5}", {}, "", {}, "printer", {bad_override}},
      {"printer {1441}", {}, "", {}, "printer", {bad_override}},
      {"printer {99999999999999999999999999}", {}, "", {}, "printer", {bad_override}},
      {"printer {18446744073709551641}", {}, "", {}, "printer", {bad_override}},
      {"printer {25", {}, "", {}, "printer {25", {bad_override}},
      {"printer 25}", {}, "", {}, "printer 25}", {bad_override}},
      {"{25}", {}, "", 25, "", {no_description}},
      {"1, {25}", 1, "", 25, "", {no_description}},
  };
  for (const auto& row : rows) expect(row, kDefault);
}

TEST(Tags, WhiteSpaceIsTidied) {
  const Row rows[] = {
      {"", {}, "", {}, "", {no_description}},
      {" \t\r\n ", {}, "", {}, "", {no_description}},
      {"\xC2\xA0\xE2\x80\x8B\xEF\xBB\xBF", {}, "", {}, "", {no_description}},
      {"two\r\n  lines", {}, "", {}, "two lines", {}},
      {"1,\n\xCE\x88\xCE\xBB\xCE\xB5\xCE\xB3\xCF\x87\xCE\xBF\xCF\x82",
       1,
       "",
       {},
       "\xCE\x88\xCE\xBB\xCE\xB5\xCE\xB3\xCF\x87\xCE\xBF\xCF\x82",
       {}},
      {"1, ~ # {5}", 1, "~#", 5, "", {hold, contradicting_tags, no_description}},
  };
  for (const auto& row : rows) expect(row, kDefault);
}

TEST(PlainText, BytesThatAreNoTextAreReplaced) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(to_plain_text(std::string_view{"a\0b\x1f"
                                           "c\x7f",
                                           6}),
            "a b c ");
  EXPECT_EQ(to_plain_text("\xff"), bad);
  EXPECT_EQ(to_plain_text("\xc0\xaf"), bad + bad);
  EXPECT_EQ(to_plain_text("\xe0\x80\x80"), bad + bad + bad);
  EXPECT_EQ(to_plain_text("\xed\xa0\x80"), bad + bad + bad);
  EXPECT_EQ(to_plain_text("\xf4\x90\x80\x80"), bad + bad + bad + bad);
  EXPECT_EQ(to_plain_text("\xe2\x82"), bad + bad);
  EXPECT_EQ(to_plain_text("\xe2\x82\xac\xf0\x9f\x98\x80"), "\xe2\x82\xac\xf0\x9f\x98\x80");
}

TEST(PlainText, EveryBlankIsABlank) {
  for (const char* blank :
       {"\t", "\x7f", "\xc2\x85", "\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x8b", "\xe2\x80\xa8",
        "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe2\x81\xa0", "\xe3\x80\x80", "\xef\xbb\xbf"}) {
    EXPECT_EQ(to_plain_text(blank), " ");
  }
  for (const char* mark : {"!", "\xc2\xa1", "\xe2\x80\x8c", "\xe2\x81\xa1", "\xef\xbb\xbe"}) {
    EXPECT_EQ(to_plain_text(mark), mark);
  }
}

// Any bytes, any length: the answer is text that can be stored, and reading it again finds no more
// characters.
TEST(Tags, AnyBytes) {
  std::mt19937 random{20261116};
  const std::string alphabet = std::string{"~#{}[],;: 0123456789ab\n\t\xC2\xA0\xFF"} + '\0';
  for (int round = 0; round < 20'000; ++round) {
    std::string comment;
    const auto length = random() % 24;
    for (std::size_t i = 0; i < length; ++i) comment += alphabet[random() % alphabet.size()];
    for (const auto& settings : {kDefault, kSeed}) {
      const auto tags = parse_comment(comment, settings);
      ASSERT_EQ(tidy(to_plain_text(tags.text)), tags.text);
      ASSERT_EQ(tags.text.empty(), std::ranges::count(tags.reasons, no_description) == 1);
      ASSERT_EQ(tags.hold, std::ranges::count(tags.reasons, hold) == 1);
      ASSERT_THAT(tags.override_min.value_or(0), testing::AllOf(testing::Ge(0), testing::Le(1440)));
      ASSERT_GE(tags.technician_number.value_or(0), 0);
    }
  }
}

TEST(Tags, HugeCommentsAreLinear) {
  for (const char* piece : {"1", "~", "#", "{", "}", "{1}", "[", "~#", " ", "a#", "\xff", ", "}) {
    std::string comment;
    while (comment.size() < 100'000) comment += piece;
    for (const auto& settings : {kDefault, kSeed}) {
      EXPECT_LE(parse_comment(comment, settings).text.size(), 3 * comment.size());
    }
  }
}

TEST(ReviewReasons, CodesAreUniqueAndComeBack) {
  std::set<std::string_view> codes;
  for (const auto reason : kAllReviewReasons) {
    EXPECT_TRUE(codes.insert(to_string(reason)).second) << to_string(reason);
    EXPECT_EQ(review_reason_from(to_string(reason)), reason);
    EXPECT_EQ(explain(reason).back(), '.');
  }
  EXPECT_FALSE(review_reason_from("unknown"));
}

}  // namespace
