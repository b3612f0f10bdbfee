#include "common/logging/log.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

TEST(Compose, PutsNamesBesideValues) {
  EXPECT_EQ(logging::compose("batch refused", {{"outcome", "bad_chain"}, {"seq", "17"}}),
            "batch refused outcome=bad_chain seq=17");
}

TEST(Compose, QuotesWhatWouldBeReadWrongly) {
  EXPECT_EQ(logging::compose("x", {{"a", "two words"}, {"b", ""}, {"c", "k=v"}, {"d", "say \"hi\" \\"}}),
            R"(x a="two words" b="" c="k=v" d="say \"hi\" \\")");
}

TEST(Compose, NoValueCanForgeALine) {
  EXPECT_EQ(logging::compose("x", {{"a", "b\n2026-01-01 error forged\r\x1b[2J"}}),
            R"(x a="b\x0a2026-01-01 error forged\x0d\x1b[2J")");
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in{file};
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// The last test here: from now on this program logs to that file.
TEST(ToFile, TurnsOverAndKeepsWhatWasTold) {
  // Beyond ASCII, in a folder that is not there.
  const auto folder = std::filesystem::path{testing::TempDir()} /
                      u8"\u03b7\u03bc\u03b5\u03c1\u03bf\u03bb\u03cc\u03b3\u03b9\u03bf";
  std::filesystem::remove_all(folder);
  EXPECT_FALSE(logging::to_file(std::filesystem::path{testing::TempDir()}, 1000, 2)) << "a folder";
  ASSERT_TRUE(logging::to_file(folder / "agent.log", 1000, 2));
  for (int i = 0; i < 20; ++i)
    logging::info("a line of some length, as they are", {{"number", std::to_string(i)}});
  EXPECT_NE(text_of(folder / "agent.log").find("number=19"), std::string::npos);
  EXPECT_NE(text_of(folder / "agent.1.log").find("number="), std::string::npos);
  EXPECT_LE(std::filesystem::file_size(folder / "agent.log"), 1000u);
  logging::warning("x", {{"k", "two words"}});
  EXPECT_NE(text_of(folder / "agent.log").find("Z warning x k=\"two words\"\n"), std::string::npos);
}

}  // namespace
