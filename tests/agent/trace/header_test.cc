#include "agent/trace/header.h"

#include <gtest/gtest.h>

#include <string>

namespace {

using agent::trace::parse_header;
using std::string_view_literals::operator""sv;

struct Row {
  std::string_view what;
  std::string_view line;
  std::string_view app;
  std::uint32_t pid;
  std::uint32_t fiber;
  std::string_view module;
  std::string_view message;
};

class HeaderRow : public testing::TestWithParam<Row> {};

TEST_P(HeaderRow, ReadsItsColumns) {
  const Row& row = GetParam();
  const auto header = parse_header(row.line);
  ASSERT_TRUE(header) << row.what;
  EXPECT_EQ(timing::to_rfc3339(header->at), "2026-11-16T08:09:10.123Z");
  EXPECT_EQ(header->app, row.app);
  EXPECT_EQ(header->pid, row.pid);
  EXPECT_EQ(header->fiber, row.fiber);
  EXPECT_EQ(header->module, row.module);
  EXPECT_EQ(header->message, row.message);
}

INSTANTIATE_TEST_SUITE_P(
    Layouts, HeaderRow,
    testing::Values(
        Row{"Windows: no thread column",
            "   info 2026-11-16 08:09:10.123       gsvc   9248  12332   14                      app.session "
            "- 5: x",
            "gsvc", 9248, 14, "app.session", "5: x"},
        Row{"Windows, no fiber",
            "   info 2026-11-16 08:09:10.123      front   9248  12332                                  main "
            "- * V",
            "front", 9248, 0, "main", "* V"},
        Row{"Linux",
            "   info 2026-11-16 08:09:10.123    service   main   1214   1214   61  app.service - A b.",
            "service", 1214, 61, "app.service", "A b."},
        Row{"macOS 5: blank thread column",
            "   info 2026-11-16 08:09:10.123       lsvc         68815 4930997    1   app.service - Up.",
            "lsvc", 68815, 1, "app.service", "Up."},
        Row{"a thread name with blanks",
            "warning 2026-11-16 08:09:10.123   frontend dconf worker   7700   7711         gui - w",
            "frontend", 7700, 0, "gui", "w"},
        Row{"a thread name that is too long",
            "  error 2026-11-16 08:09:10.123   frontend filetransfer   7700   7711    x.y - e", "frontend",
            7700, 0, "x.y", "e"},
        Row{"an empty message", "   info 2026-11-16 08:09:10.123 lsvc main 7 8 main - ", "lsvc", 7, 0, "main",
            ""},
        Row{"an empty message whose blank is lost", "   info 2026-11-16 08:09:10.123 lsvc main 7 8 main -",
            "lsvc", 7, 0, "main", ""},
        Row{"dashes in the message",
            "   info 2026-11-16 08:09:10.123 lsvc main 7 8 3 app.session - 1 - b - c", "lsvc", 7, 3,
            "app.session", "1 - b - c"},
        Row{"raw memory as module",
            "   info 2026-11-16 08:09:10.123 lsvc main 7 8 17   0\xC5\xF2\xCD\xC4\x04 - Caught.", "lsvc", 7,
            17, "0\xC5\xF2\xCD\xC4\x04", "Caught."},
        Row{"a module that looks like a number", "   info 2026-11-16 08:09:10.123 lsvc main 7 8      123 - m",
            "lsvc", 7, 0, "123", "m"},
        Row{"a module of NUL bytes, stripped",
            "   info 2026-11-16 08:09:10.123 lsvc main 7 8   17            - m", "lsvc", 7, 17, "", "m"},
        Row{"UTF-8 in the message", "   info 2026-11-16 08:09:10.123 lsvc main 7 8 a.b - \xD0\x9E\xD0\xBA",
            "lsvc", 7, 0, "a.b", "\xD0\x9E\xD0\xBA"}),
    [](const auto& row) { return "row" + std::to_string(row.index); });

TEST(Header, RefusesWhatDoesNotFollowTheGrammar) {
  for (const std::string_view line :
       {""sv, " "sv, " * * * * * * * *"sv, "}"sv, "end tell"sv,
        "plain text that is long enough to hold columns"sv,
        "nfo 2026-11-16 08:09:10.123 lsvc main 7 8 main - cut"sv,
        "   info 2026-11-16 08:09:10 lsvc main 7 8 main - no milliseconds"sv,
        "   info 2026-02-30 08:09:10.123 lsvc main 7 8 main - no such day"sv,
        "   info 2026-11-16 24:09:10.123 lsvc main 7 8 main - no such hour"sv,
        "   info 2026-11-16 08:09:10.123 lsvc main 7 main - one number"sv,
        "   info 2026-11-16 08:09:10.123 lsvc main 7x 8 main - no number"sv,
        "   info 2026-11-16 08:09:10.123 lsvc main 7 8 main"sv,
        "   info 2026-11-16 08:09:10.123 lsvc main 99999999999 8 main - too large"sv,
        "Incoming    2023-06-18, 16:03    User       1    1"sv}) {
    EXPECT_FALSE(parse_header(line)) << line;
  }
}

// The minute of the line before is kept: each of these differs from it in one place.
TEST(Header, TellsItsTimeWhateverTheLineBeforeSaid) {
  const struct {
    std::string_view time, expected;  // Empty: no header.
  } rows[] = {
      {"2026-11-16 08:09:10.123", "2026-11-16T08:09:10.123Z"},
      {"2026-11-16 08:09:59.999", "2026-11-16T08:09:59.999Z"},
      {"2026-11-16 08:09:60.000", "2026-11-16T08:10:00.000Z"},
      {"2026-11-16 08:09:61.000", ""},
      {"2026-11-16 08:09:1x.000", ""},
      {"2026-11-16 08:19:10.123", "2026-11-16T08:19:10.123Z"},
      {"2026-11-16 09:19:10.123", "2026-11-16T09:19:10.123Z"},
      {"2026-11-17 09:19:10.123", "2026-11-17T09:19:10.123Z"},
      {"2026-12-17 09:19:10.123", "2026-12-17T09:19:10.123Z"},
      {"2027-12-17 09:19:10.123", "2027-12-17T09:19:10.123Z"},
      {"2027-02-29 09:19:10.123", ""},
      {"2027-02-29 09:19:10.124", ""},
      {"2028-02-29 09:19:10.123", "2028-02-29T09:19:10.123Z"},
      {"2028-02-29 24:19:10.123", ""},
      {"2028-02-29 09:60:10.123", ""},
      {"2028-02-29 09:19:10.124", "2028-02-29T09:19:10.124Z"},
      {"0000-00-00 00:00:00.000", ""},
      {"2028-02-29 09:19-10.124", ""},
  };
  for (const auto& row : rows) {
    const auto header = parse_header("   info " + std::string{row.time} +
                                     "    service   main   2224   2224    1   app.service - Waiting.");
    EXPECT_EQ(header ? timing::to_rfc3339(header->at) : "", row.expected) << row.time;
  }
}

TEST(Header, IsCutAtEveryByteWithoutHarm) {
  const std::string line =
      "   info 2026-11-16 08:09:10.123       lsvc   main   7922 1970420   14  app.session - 5: Processing "
      "done.";
  for (std::size_t i = 0; i <= line.size(); ++i) {
    for (std::size_t n = 0; n <= line.size() - i; ++n)
      (void)parse_header(std::string_view{line}.substr(i, n));
  }
  EXPECT_TRUE(parse_header(line));
}

}  // namespace
