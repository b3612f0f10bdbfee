#include "agent/commands/parse.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "agent/commands/session_text.h"
#include "tests/source_root.h"
#include "tests/support/trace/scripts.h"

namespace {

using agent::commands::ParseFormat;
using agent::commands::ParseOptions;
using agent::commands::run_parse;
using agent::session::Snapshot;

const std::filesystem::path kData = std::filesystem::path{SOURCE_ROOT} / "tests" / "data";

std::string read(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

struct Ran {
  int code = 0;
  std::string out, err;
};

Ran run(const std::vector<std::string>& files, ParseFormat format = ParseFormat::jsonl,
        const std::string& input = {}) {
  std::istringstream in{input};
  std::ostringstream out, err;
  const int code = run_parse(ParseOptions{.format = format, .files = files}, in, out, err);
  return {code, out.str(), err.str()};
}

// The last field differs with the folder the file lies in.
std::string without_source(const std::string& jsonl) {
  std::istringstream in{jsonl};
  std::string out;
  for (std::string line; std::getline(in, line);) out += line.substr(0, line.rfind(",\"source\"")) + "}\n";
  return out;
}

class ParseFiles : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path{testing::TempDir()} /
              ("parse_" + std::string{testing::UnitTest::GetInstance()->current_test_info()->name()});
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream{folder_ / name, std::ios::binary} << text;
    return (folder_ / name).string();
  }

  std::filesystem::path folder_;
};

TEST(ShippedTraces, AreWhatTheGeneratorMakes) {
  for (const auto& script : support::trace::scripts()) {
    const auto path = kData / script.folder / (std::string{script.name} + ".trace");
    EXPECT_EQ(read(path), support::trace::make(script.name).trace)
        << path << " differs; run trace_generate tests/data and look at what changed";
  }
}

TEST(ShippedTraces, AreParsedAsExpected) {
  for (const auto& script : support::trace::scripts()) {
    const auto stem = kData / script.folder / script.name;
    const Ran ran = run({stem.string() + ".trace"});
    EXPECT_EQ(ran.code, 0);
    EXPECT_EQ(without_source(ran.out), read(stem.string() + ".expected.jsonl")) << script.name;
  }
}

TEST_F(ParseFiles, GivesTheSameThroughABlockBorderAtAnyPlace) {
  const std::string text = support::trace::make("linux-7.1-service").trace;
  const std::string want = without_source(run({"-"}, ParseFormat::jsonl, text).out);
  for (const std::size_t shift : {1u, 2u, 50u, 131u, 1000u, 20'000u}) {
    // Blank lines in front push the lines over the border between two blocks.
    const std::string padded = std::string(256 * 1024 - shift, '\n') + text;
    EXPECT_EQ(without_source(run({file("padded.trace", padded)}).out), want) << shift;
  }
}

TEST_F(ParseFiles, TakesAllFilesAsOneMachine) {
  const std::string service = file("service.trace", support::trace::make("linux-7.1-service").trace);
  const std::string user = file("user.trace", support::trace::make("linux-7.1-user").trace);
  const Ran both = run({user, service, service});
  EXPECT_EQ(both.code, 0);
  EXPECT_EQ(both.err, "");
  EXPECT_EQ(std::ranges::count(both.out, '\n'), 4);
  const Ran window_only = run({user});
  EXPECT_EQ(window_only.code, 0);
  EXPECT_EQ(window_only.out, "");
  EXPECT_NE(window_only.err.find("name it too"), std::string::npos);
}

TEST_F(ParseFiles, ReadsUtf16Too) {
  const std::string text = support::trace::make("windows-9.0-service").trace;
  std::string wide = "\xFF\xFE";
  for (const char c : text) wide += {c, '\0'};
  EXPECT_EQ(without_source(run({file("wide.trace", wide)}).out),
            without_source(run({file("narrow.trace", text)}).out));
}

TEST_F(ParseFiles, NamesWhatIsWrongAndParsesTheRest) {
  const std::string good = file("good.trace", support::trace::make("macos-5.4-mixed").trace);
  struct Row {
    std::string what, name, message;
  };
  const std::vector<Row> rows{
      {"no such file", (folder_ / "none.trace").string(), "there is no such file"},
      {"a folder", folder_.string(), "is a folder"},
      {"another file", file("other.txt", "Incoming    2026-11-16, 16:03    User    1    1\n"),
       "is no AnyDesk trace"},
      {"binary data",
       file("noise.bin", std::string("\x7F"
                                     "ELF\x01\n\xFF\xFE",
                                     7)),
       "is no AnyDesk trace"},
  };
  for (const Row& row : rows) {
    const Ran ran = run({row.name, good});
    EXPECT_EQ(ran.code, 1) << row.what;
    EXPECT_TRUE(ran.err.starts_with(row.name + ": ")) << ran.err;
    EXPECT_NE(ran.err.find(row.message), std::string::npos) << ran.err;
    EXPECT_EQ(std::ranges::count(ran.err, '\n'), 1) << ran.err;
    EXPECT_EQ(std::ranges::count(ran.out, '\n'), 1) << row.what;
  }
}

TEST_F(ParseFiles, AnEmptyFileIsFine) {
  for (const std::string& text : {std::string{}, std::string(4096, '\0'), std::string{"\n\n * * * *\n"}}) {
    const Ran ran = run({file("empty.trace", text)});
    EXPECT_EQ(ran.code, 0);
    EXPECT_EQ(ran.out + ran.err, "");
  }
}

TEST(Parse, NeedsAFile) {
  EXPECT_EQ(run({}).code, 2);
}

TEST(Parse, ReportsThatNobodyReadsItsOutput) {
  std::istringstream in{support::trace::make("macos-5.4-mixed").trace};
  std::ostringstream out, err;
  out.setstate(std::ios::badbit);
  EXPECT_EQ(run_parse(ParseOptions{.format = ParseFormat::jsonl, .files = {"-"}}, in, out, err), 2);
  EXPECT_NE(err.str().find("output"), std::string::npos);
}

TEST(Parse, WritesATable) {
  const Ran ran = run({"-"}, ParseFormat::text, support::trace::make("linux-7.1-service").trace);
  EXPECT_EQ(ran.code, 0);
  EXPECT_TRUE(ran.out.starts_with(
      "REQUESTED (UTC)      REMOTE     KIND     OUTCOME    STARTED (UTC)        DURATION"));
  EXPECT_NE(
      ran.out.find(
          "2026-10-07 07:06:00  410100207  desktop  completed  2026-10-07 07:06:08  0:20:00   Net socket"),
      std::string::npos);
  EXPECT_NE(ran.out.find("last seen 2026-10-07 08:31:00"), std::string::npos);
  EXPECT_EQ(run({"-"}, ParseFormat::text).out, "No outgoing session.\n");
}

TEST(SessionText, WritesEveryFieldAsJson) {
  Snapshot snapshot;
  snapshot.end_reason = "a \"b\"\xFF";
  snapshot.pid = 12;
  snapshot.fiber = 3;
  snapshot.source = "C:\\x";
  EXPECT_EQ(agent::commands::to_json(snapshot),
            "{\"remote_id\":null,\"kind\":\"desktop\",\"outcome\":\"active\",\"requested_utc\":null,"
            "\"started_utc\":null,"
            "\"ended_utc\":null,\"duration_ms\":null,\"end_reason\":\"a "
            "\\\"b\\\"\xEF\xBF\xBD\",\"pid\":12,\"fiber\":3,"
            "\"last_seen_utc\":null,\"kind_known\":true,\"clock_went_backwards\":false,\"anydesk_id\":null,"
            "\"anydesk_version\":null,\"source\":\"C:\\\\x\"}");
}

}  // namespace
