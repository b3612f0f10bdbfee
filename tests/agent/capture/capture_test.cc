// However a trace grows and whenever the agent restarts: what is sealed is what `parse` says of the whole.

#include "agent/capture/capture.h"

#include <array>

#include "tests/agent/capture/world.h"
#include "tests/support/trace/scripts.h"

namespace {

using namespace capture_tests;

class CaptureTest : public World {
 protected:
  struct Way {
    std::size_t piece_max = 3000;
    std::size_t cut_at = 0, cut_keep = 0;  // 0: the file is never cut.
    bool restart = false;
  };

  // Lets `text` grow as `way` says and reads along.
  void live_through(const std::string& text, const Way& way, unsigned seed) {
    std::mt19937 random{seed};
    files.at.clear();
    const auto file = files.create(kTrace);
    auto running = capture();
    for (std::size_t at = 0; at < text.size();) {
      const auto piece =
          std::min(std::uniform_int_distribution<std::size_t>{1, way.piece_max}(random), text.size() - at);
      file->bytes += text.substr(at, piece);
      at += piece;
      if (way.cut_at > 0 && file->bytes.size() > way.cut_at) {
        file->bytes.erase(0, file->bytes.size() - way.cut_keep);
      }
      settle(running, way.restart);
      if (HasFatalFailure()) return;
    }
  }
};

TEST_F(CaptureTest, SealsWhatParseSays) {
  for (const auto& [name, text] : shipped_traces()) {
    const auto want = parsed(text);
    for (unsigned seed = 0; seed < 3; ++seed) {
      fresh_outbox();
      live_through(text, {}, seed);
      EXPECT_EQ(sealed(), want) << name << ' ' << seed;
      EXPECT_TRUE(gaps().empty());
      EXPECT_EQ(counter("lines"), std::count(text.begin(), text.end(), '\n'));
      EXPECT_EQ(counter("bytes"), static_cast<std::int64_t>(text.size()));
      outbox_tests::expect_sound(*outbox);
    }
  }
}

TEST_F(CaptureTest, SurvivesARestartAtEveryStep) {
#ifdef _WIN32  // Files are slow under wine; what is cut where is the same on every system.
  constexpr std::array<std::size_t, 2> pieces{400, 2000};
#else
  constexpr std::array<std::size_t, 2> pieces{60, 2000};
#endif
  for (const auto& [name, text] : shipped_traces()) {
    for (const std::size_t piece_max : pieces) {
      fresh_outbox();
      live_through(text, {.piece_max = piece_max, .restart = true}, 7);
      EXPECT_EQ(sealed(), parsed(text)) << name;
      EXPECT_TRUE(gaps().empty()) << name;
      EXPECT_EQ(counter("lines"), std::count(text.begin(), text.end(), '\n')) << name;
      EXPECT_EQ(counter("states_unreadable"), 0);
    }
  }
}

TEST_F(CaptureTest, SurvivesSmallCuts) {
  for (const auto& [name, text] : shipped_traces()) {
    for (const bool restart : {false, true}) {
      fresh_outbox();
      live_through(text, {.piece_max = 700, .cut_at = 6000, .cut_keep = 4000, .restart = restart}, 11);
      EXPECT_EQ(sealed(), parsed(text)) << name << restart;
      EXPECT_TRUE(gaps().empty()) << name << restart;
      EXPECT_EQ(counter("lines"), std::count(text.begin(), text.end(), '\n')) << name << restart;
      EXPECT_TRUE(text.size() < 7000 || counter("cuts_survived") > 0) << name;
    }
  }
}

TEST_F(CaptureTest, SurvivesAnyDesksOwnCuts) {
  const std::string text = support::trace::make_large(3'200'000);
  const auto want = parsed(text);
  for (const bool restart : {false, true}) {
    fresh_outbox();
    live_through(text, {.piece_max = 100'000, .cut_at = 1'048'576, .cut_keep = 943'719, .restart = restart},
                 3);
    EXPECT_EQ(sealed(), want);
    EXPECT_TRUE(gaps().empty());
    EXPECT_GT(counter("cuts_survived"), 10);
  }
}

// Reading the same trace again, as after a lost outbox, gives the same keys and the same last states.
TEST_F(CaptureTest, TellsTheSameTwice) {
  for (const auto& [name, text] : shipped_traces()) {
    fresh_outbox();
    live_through(text, {.piece_max = 500}, 1);
    const auto first = sealed();
    fresh_outbox();
    live_through(text, {.piece_max = 100'000}, 2);
    EXPECT_EQ(sealed(), first) << name;
  }
}

TEST_F(CaptureTest, FollowsSeveralFilesAndFindsNewOnes) {
  const auto traces = shipped_traces();
  std::map<std::string, std::string> want;
  auto running = capture();
  EXPECT_TRUE(running->refresh().value().empty());
  std::size_t known = 0;
  for (const auto& [name, text] : traces) {
    const std::string trace = "/var/log/" + name + ".trace";
    files.create(trace, text);
    EXPECT_EQ(running->refresh().value(), std::vector<std::string>{trace});
    EXPECT_EQ(running->sources(), ++known);
    settle(running);
    want.merge(parsed(text, trace));
  }
  EXPECT_TRUE(running->refresh().value().empty());
  EXPECT_EQ(sealed(), want);
  EXPECT_EQ(outbox->sources().value().size(), traces.size());
}

TEST_F(CaptureTest, AFileThatIsRenamedAndBegunAnewIsReadToItsEnd) {
  const std::string text = shipped_traces().at("linux-7.1-service");
  for (std::size_t cut = 100; cut < text.size(); cut += 1777) {
    const std::size_t line = text.find('\n', cut);
    if (line == std::string::npos) break;
    fresh_outbox();
    files.at.clear();
    auto file = files.create(kTrace, text.substr(0, cut));
    auto running = capture();
    settle(running);
    file->bytes = text.substr(0, line + 1);
    files.rename(kTrace, "/var/log/old");
    files.create(kTrace, text.substr(line + 1));
    settle(running);
    EXPECT_TRUE(gaps().empty()) << cut;
    EXPECT_EQ(counter("lines"), std::count(text.begin(), text.end(), '\n')) << cut;
    EXPECT_EQ(sealed().size(), parsed(text).size()) << cut;
  }
}

// The old file was read to its end and deleted; only then did the agent restart.
TEST_F(CaptureTest, ARestartAfterADrainedFileIsNoGap) {
  const std::string first = shipped_traces().at("linux-7.1-service");
  const std::string second = shipped_traces().at("linux-6.3-service");
  files.create(kTrace, first);
  auto running = capture();
  settle(running);
  files.at.clear();
  settle(running);
  running = capture();
  files.create(kTrace, second);
  settle(running);
  EXPECT_TRUE(gaps().empty());
  const std::string both = first + second;
  EXPECT_EQ(counter("lines"), std::count(both.begin(), both.end(), '\n'));
  EXPECT_EQ(sealed().size(), parsed(first).size() + parsed(second).size());
}

TEST_F(CaptureTest, NothingNewIsNothingWritten) {
  files.create(kTrace, shipped_traces().at("linux-7.1-service"));
  auto running = capture();
  settle(running);
  CommitFaults faults;
  outbox = std::make_unique<agent::outbox::Outbox>(open());
  faults.arm();
  running = capture();
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(running->refresh());
    ASSERT_EQ(running->step().value().records, 0u);
  }
  EXPECT_EQ(faults.commits, 0);
}

}  // namespace
