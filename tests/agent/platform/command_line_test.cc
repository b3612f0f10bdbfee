#include "agent/platform/command_line.h"

#include <gtest/gtest.h>

namespace {

TEST(CommandLine, ComesApartIntoWhatWentIn) {
  const struct {
    std::vector<std::string> arguments;
    std::string behind_the_program;
  } rows[] = {
      {{}, ""},
      {{"run", "--service"}, " run --service"},
      {{"a b"}, R"( "a b")"},
      {{""}, R"( "")"},
      {{R"(C:\data folder\)"}, R"( "C:\data folder\\")"},
      {{R"(C:\data\)"}, R"( C:\data\)"},
      {{R"(\\server\share with\x)"}, R"( "\\server\share with\x")"},
      {{R"(say "hi")"}, R"( "say \"hi\"")"},
      {{R"(odd\")"}, R"( "odd\\\"")"},
      {{"\t"}, " \"\t\""},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(
        agent::platform::command_line(R"(C:\Program Files\Deskledger\deskledger-agent.exe)", row.arguments),
        R"("C:\Program Files\Deskledger\deskledger-agent.exe")" + row.behind_the_program);
  }
}

}  // namespace
