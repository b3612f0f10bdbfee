// The outbox fails, a file cannot be read, lines are really lost: each is told once, and nothing else
// suffers.

#include "tests/agent/capture/world.h"

namespace {

using namespace capture_tests;

class CaptureFaults : public World {
 protected:
  // The trace grows in pieces of `piece` bytes; the commits that `fail` names do not succeed.
  void live_with(CommitFaults& faults, const std::string& text, std::size_t piece, bool restart) {
    fresh_outbox();
    faults.arm();
    faults.commits = 0;
    files.at.clear();
    const auto file = files.create(kTrace);
    auto running = capture();
    for (std::size_t at = 0; at < text.size(); at += piece) {
      file->bytes += text.substr(at, piece);
      settle(running, restart);
      if (HasFatalFailure()) return;
    }
  }
};

TEST_F(CaptureFaults, ACommitThatFailsIsMadeUpFor) {
  CommitFaults faults;
  const std::string text = shipped_traces().at("linux-7.1-service");
  const auto want = parsed(text);
  for (const bool restart : {false, true}) {
    for (int n = 1;; ++n) {
      faults.fail = [n](int commit) { return commit == n; };
      live_with(faults, text, 1500, restart);
      EXPECT_EQ(sealed(), want) << n;
      EXPECT_TRUE(gaps().empty());
      EXPECT_EQ(counter("lines"), std::count(text.begin(), text.end(), '\n')) << n;
      outbox_tests::expect_sound(*outbox);
      if (faults.commits < n) break;
      ASSERT_LT(n, 200);
    }
  }
}

TEST_F(CaptureFaults, ManyCommitsThatFailAreMadeUpFor) {
  CommitFaults faults;
  for (const auto& [name, text] : shipped_traces()) {
    std::mt19937 random{5};
    faults.fail = [&random](int) { return random() % 3 == 0; };
    live_with(faults, text, 400, false);
    EXPECT_EQ(sealed(), parsed(text)) << name;
    EXPECT_EQ(counter("lines"), std::count(text.begin(), text.end(), '\n')) << name;
  }
}

TEST_F(CaptureFaults, ReadsNoFurtherWhileTheOutboxTakesNothing) {
  CommitFaults faults;
  fresh_outbox();
  faults.arm();
  faults.fail = [](int) { return true; };
  const std::string text = shipped_traces().at("linux-7.1-service");
  const auto file = files.create(kTrace, text);
  auto running = capture();
  ASSERT_TRUE(running->refresh());
  ASSERT_FALSE(running->step());
  const int read = files.operations;
  for (int i = 0; i < 5; ++i) ASSERT_FALSE(running->step());
  EXPECT_EQ(files.operations, read);
  faults.fail = nullptr;
  settle(running);
  EXPECT_EQ(sealed(), parsed(text));
}

// Lines that mean nothing move the position, too.
TEST_F(CaptureFaults, ReadsNoFurtherEvenIfTheLinesMeanNothing) {
  CommitFaults faults;
  fresh_outbox();
  faults.arm();
  const auto file = files.create(kTrace, "no trace line\n");
  auto running = capture();
  faults.fail = [](int) { return true; };
  ASSERT_TRUE(running->refresh());
  EXPECT_FALSE(running->step());
  const int operations = files.operations;
  for (int i = 0; i < 5; ++i) {
    file->bytes += "no trace line either\n";
    EXPECT_FALSE(running->step());
  }
  EXPECT_EQ(files.operations, operations) << "the file was not touched";
  faults.fail = nullptr;
  settle(running);
  EXPECT_EQ(counter("lines"), 6);
}

TEST_F(CaptureFaults, ASourceThatCannotBeReadDoesNotStopTheOthers) {
  const auto traces = shipped_traces();
  files.create("/var/log/a.trace", traces.at("macos-5.4-mixed"));
  files.create("/var/log/b.trace", traces.at("linux-7.1-service"));
  files.create("/var/log/c.trace", traces.at("linux-6.3-service"));
  locked.locked = {"/var/log/b.trace"};
  auto running = capture();
  ASSERT_TRUE(running->refresh());
  const auto step = running->step();
  ASSERT_TRUE(step) << step.error().message;
  EXPECT_GT(step->records, 0u) << "what was read is told although something was not";
  ASSERT_TRUE(step->unreadable);
  EXPECT_EQ(step->unreadable->code, base::ErrorCode::permission_denied);
  EXPECT_EQ(step->unreadable->message, "/var/log/b.trace: opening /var/log/b.trace");
  settle(running);
  auto want = parsed(traces.at("macos-5.4-mixed"), "/var/log/a.trace");
  want.merge(parsed(traces.at("linux-6.3-service"), "/var/log/c.trace"));
  EXPECT_EQ(sealed(), want);
  locked.locked.clear();
  settle(running);
  EXPECT_FALSE(running->step().value().unreadable);
  want.merge(parsed(traces.at("linux-7.1-service"), "/var/log/b.trace"));
  EXPECT_EQ(sealed(), want);
}

TEST_F(CaptureFaults, AnOperationOnTheFileThatFailsChangesNothing) {
  const std::string text = shipped_traces().at("macos-5.4-mixed");
  for (int n = 0; n < 25; ++n) {
    fresh_outbox();
    files.at.clear();
    const auto file = files.create(kTrace, text.substr(0, text.size() / 2));
    files.operations = 0;
    files.hook = [n](int operation) -> base::Status {
      if (operation != n) return {};
      return base::fail(base::ErrorCode::unavailable, "as planned");
    };
    auto running = capture();
    settle(running);
    file->bytes = text;
    for (int i = 0; i < 3; ++i) settle(running);
    files.hook = nullptr;
    EXPECT_EQ(sealed(), parsed(text)) << n;
    EXPECT_EQ(counter("lines"), std::count(text.begin(), text.end(), '\n')) << n;
  }
}

TEST_F(CaptureFaults, ARealGapIsToldOnce) {
  const auto traces = shipped_traces();
  const std::string& before = traces.at("macos-5.4-mixed");
  const std::string& after = traces.at("linux-6.3-service");
  const auto file = files.create(kTrace, before);
  auto running = capture();
  settle(running);
  file->bytes = after;
  settle(running);
  for (int i = 0; i < 3; ++i) {
    running = capture();
    settle(running);
  }
  ASSERT_EQ(gaps().size(), 1u);
  const auto gap = gaps().front();
  EXPECT_EQ(gap.source(), kTrace);
  EXPECT_EQ(gap.after_offset(), before.size());
  EXPECT_EQ(gap.cause(), "anchor_not_found");
  EXPECT_EQ(counter("gaps"), 1);
  EXPECT_EQ(sealed().size(), parsed(before).size() + parsed(after).size());
}

TEST_F(CaptureFaults, AStateThatCannotBeReadMeansReadingAgain) {
  const std::string text = shipped_traces().at("linux-7.1-service");
  const struct {
    const char* what;
    std::string change;
  } rows[] = {
      {"the position", "UPDATE source SET position = x'0102'"},
      {"the builder", "UPDATE source SET builder = x'ff'"},
      {"both", "UPDATE source SET position = x'00', builder = x'ff'"},
  };
  for (const auto& row : rows) {
    fresh_outbox();
    files.at.clear();
    const auto file = files.create(kTrace, text.substr(0, text.size() / 2));
    auto running = capture();
    settle(running);
    sql(row.change);
    running = capture();
    settle(running);
    EXPECT_EQ(counter("states_unreadable"), 1) << row.what;
    file->bytes = text;
    settle(running, true);
    EXPECT_EQ(sealed(), parsed(text)) << row.what;
    EXPECT_EQ(counter("states_unreadable"), 1) << row.what;
    EXPECT_TRUE(gaps().empty()) << row.what;
  }
}

TEST_F(CaptureFaults, TellsWhenItWasObserved) {
  files.create(kTrace, shipped_traces().at("macos-5.4-mixed"));
  auto running = capture();
  settle(running);
  for (const auto& fact : facts()) {
    EXPECT_EQ(fact.observed_utc_ms(), timing::to_ms(clock.utc()));
    EXPECT_EQ(fact.observed_boot_ms(), clock.boot_ms());
    EXPECT_EQ(fact.utc_offset_min(), 120);
  }
}

}  // namespace
