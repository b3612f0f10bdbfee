#include "common/config/reader.h"

#include <gmock/gmock.h>

#include <gtest/gtest.h>
#include <filesystem>
#include <fstream>

namespace {

using config::Reader;
using ::testing::HasSubstr;
using ::testing::Not;

struct Options {
  std::string url = "wss://localhost:7443";
  std::vector<std::string> files;
  bool live = true;
  std::int64_t window_min = 60;
  std::string mode = "token";
};

base::Status read(Options& options, std::string_view text) {
  auto reader = Reader::from_text(text, "agent.toml");
  if (!reader) return std::unexpected{reader.error()};
  reader->text("collector.url", options.url);
  reader->texts("capture.files", options.files);
  reader->flag("capture.live", options.live);
  reader->integer("mail.window_min", options.window_min, 1, 1440);
  reader->choice("comment.tag_match", options.mode, {"token", "anywhere"});
  return reader->finish();
}

TEST(Reader, AbsentKeysKeepTheirDefaults) {
  Options options;
  ASSERT_TRUE(read(options, "# nothing\n"));
  EXPECT_EQ(options.url, "wss://localhost:7443");
  EXPECT_EQ(options.window_min, 60);
}

TEST(Reader, ReadsEveryKindOfValue) {
  Options options;
  ASSERT_TRUE(read(options, R"(
[collector]
url = "wss://c.example:7443"
[capture]
files = ["a.trace", "b.trace"]
live = false
[mail]
window_min = 15
[comment]
tag_match = "anywhere"
)"));
  EXPECT_EQ(options.url, "wss://c.example:7443");
  EXPECT_THAT(options.files, ::testing::ElementsAre("a.trace", "b.trace"));
  EXPECT_FALSE(options.live);
  EXPECT_EQ(options.window_min, 15);
  EXPECT_EQ(options.mode, "anywhere");
}

struct BadRow {
  const char* text;
  const char* message;
};

class BadFile : public ::testing::TestWithParam<BadRow> {};

TEST_P(BadFile, IsRefusedWithItsLine) {
  Options options;
  const auto status = read(options, GetParam().text);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, base::ErrorCode::invalid_argument);
  EXPECT_THAT(status.error().message, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, BadFile,
    ::testing::Values(
        BadRow{"[mail]\nwindw_min = 3\n",
               "agent.toml:2: 'mail.windw_min' is no option; did you mean 'mail.window_min'?"},
        BadRow{"\n[mial]\nwindow_min = 3\n", "agent.toml:2: 'mial' is no option"},
        BadRow{"[mail]\nwindow_min = 0\n",
               "agent.toml:2: 'mail.window_min' must be a whole number from 1 to 1440"},
        BadRow{"[mail]\nwindow_min = \"3\"\n", "agent.toml:2: 'mail.window_min' must be a whole number"},
        BadRow{"[capture]\nlive = 1\n", "agent.toml:2: 'capture.live' must be true or false"},
        BadRow{"[capture]\nfiles = [1]\n", "agent.toml:2: 'capture.files' must be a list of texts"},
        BadRow{"[comment]\ntag_match = \"tokn\"\n",
               "must be one of \"token\", \"anywhere\"; did you mean \"token\"?"},
        BadRow{"collector = 3\n", "agent.toml:1: 'collector' is no option"},
        BadRow{"[mail]\nwindow_min = \n", "agent.toml:2: "}));

TEST(Reader, NamesEveryProblemAtOnceInOrderOfLines) {
  Options options;
  const auto status = read(options, "[mail]\nwindow_min = 0\n[capture]\nlive = 1\nlife = 2\n");
  ASSERT_FALSE(status);
  const auto& message = status.error().message;
  EXPECT_LT(message.find("agent.toml:2:"), message.find("agent.toml:4:"));
  EXPECT_LT(message.find("agent.toml:4:"), message.find("agent.toml:5:"));
}

TEST(Reader, AMissingFileIsNotFound) {
  const auto reader = Reader::from_file("/nonexistent/agent.toml");
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, base::ErrorCode::not_found);
  EXPECT_THAT(reader.error().message, HasSubstr("/nonexistent/agent.toml"));
}

TEST(Reader, AnEmptyFileSaysNothingAndAFolderIsNone) {
  const auto folder = std::filesystem::path{testing::TempDir()} / "reader_empty";
  std::filesystem::create_directories(folder);
  std::ofstream{folder / "agent.toml", std::ios::trunc}.close();
  auto reader = Reader::from_file(folder / "agent.toml");
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_TRUE(reader->finish());
  EXPECT_FALSE(Reader::from_file(folder));
  std::filesystem::remove_all(folder);
}

}  // namespace
