#include "agent/trace/connection_trace.h"
#include "tests/source_root.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace agent::trace;

// 2025-10-09 is day 20370 since 1970.
constexpr std::int64_t kMinute = 20370LL * 24 * 60 + 5 * 60 + 37;

TEST(ConnectionTrace, Lines) {
  const struct {
    const char* line;
    bool outgoing;
    const char* status;
    const char* alias;
    const char* id;
  } rows[] = {
      {"Outgoing    2025-10-09, 05:37    User                              640693301    640693301", true,
       "User", "640693301", "640693301"},
      {"Outgoing  2025-10-09, 05:37    User 640693301 640693301", true, "User", "640693301", "640693301"},
      {"Outgoing\t2025-10-09, 05:37\tREJECTED\toffice@ad\t640693301\r", true, "REJECTED", "office@ad",
       "640693301"},
      {"Incoming     2025-10-09, 05:37 User  user1@ad 654321", false, "User", "user1@ad", "654321"},
      {"Outgoing    2025-10-09, 05:37    Maria Papadopoulou    office@ad    1972086564", true,
       "Maria Papadopoulou", "office@ad", "1972086564"},
      {"Outgoing 2025-10-09, 05:37 Token 640693301", true, "Token", "", "640693301"},
      {"Outgoing 2025-10-09, 05:37 640693301", true, "", "", "640693301"},
  };
  for (const auto& row : rows) {
    const auto parsed = parse_connection_line(row.line);
    ASSERT_TRUE(parsed) << row.line;
    EXPECT_EQ(parsed->outgoing, row.outgoing) << row.line;
    EXPECT_EQ(parsed->local_min, kMinute) << row.line;
    EXPECT_EQ(parsed->status, row.status) << row.line;
    EXPECT_EQ(parsed->alias, row.alias) << row.line;
    EXPECT_EQ(parsed->id, row.id) << row.line;
  }
}

TEST(ConnectionTrace, WhatIsNoSuchLine) {
  for (const char* line :
       {"", "   ", "Outgoing", "Outgoing 2025-10-09, 05:37", "Outgoing 2025-10-09, 05:37 User",
        "Outgoing 2025-02-30, 05:37 User 1 1", "Outgoing 2025-13-01, 05:37 User 1 1",
        "Outgoing 2025-10-09, 24:00 User 1 1", "Outgoing 2025-10-09, 05:60 User 1 1",
        "Outgoing 2025-10-09 05:37 User 1 1", "Outgoing 2025-1a-09, 05:37 User 1 1",
        "Sideways 2025-10-09, 05:37 User 1 1", "Outgoing 2025-10-09, 05:37 User a@b c@d",
        "Outgoing 2025-10-09, 05:37 User 1 123456789012345678901",
        "   info 2025-10-09 05:37:00.000      front   1   2   main - * * *"}) {
    EXPECT_FALSE(parse_connection_line(line)) << line;
  }
}

TEST(ConnectionTrace, CutAtEveryByte) {
  const std::string line =
      "Outgoing    2025-10-09, 05:37    User                              640693301    640693301";
  for (std::size_t at = 0; at < line.size(); ++at) {
    const auto parsed = parse_connection_line(std::string_view{line}.substr(0, at));
    if (parsed) {
      EXPECT_EQ(parsed->local_min, kMinute);
    }
    for (const int byte : {0x00, 0xff, 0x09}) {
      std::string broken = line;
      broken[at] = static_cast<char>(byte);
      static_cast<void>(parse_connection_line(broken));
    }
  }
}

TEST(ConnectionTrace, TheRealFileHasOnlyIncomingLines) {
  const std::filesystem::path path =
      std::filesystem::path{SOURCE_ROOT} / "../shared/traces/real/mac-8.1.0-16lines.connection_trace.txt";
  std::ifstream in{path, std::ios::binary};
  if (!in) {
    std::cout << "the real sample is not here: not tried\n";
    return;
  }
  int lines = 0;
  for (std::string line; std::getline(in, line); ++lines) {
    const auto parsed = parse_connection_line(line);
    ASSERT_TRUE(parsed) << "line " << lines + 1;
    EXPECT_FALSE(parsed->outgoing);
    EXPECT_EQ(parsed->status, "User");
    EXPECT_EQ(parsed->alias, parsed->id);
  }
  EXPECT_EQ(lines, 16);
}

}  // namespace
