// Process life as the second witness: what the system and the service tell of processes that are gone.

#include <gtest/gtest.h>

#include "agent/session/builder.h"
#include "tests/agent/session/lines.h"

namespace {

using agent::session::AbandonCause;
using agent::session::Builder;
using agent::session::Doubt;
using agent::session::LiveProcess;
using agent::session::ProcessEnd;
using agent::session::Snapshot;
using session_tests::at_second;
using session_tests::Lines;
using session_tests::trace_of;

// Service 100 with window 300; started at 12, last line of the fiber at 20, of the service at 25.
constexpr std::string_view kSession = R"(
  10 7 app.service: Connected to 300 (frontend).
  10 7 app.session: Session features: deskrt, clipboard.
  10 7 app.service: Creating remote control session.
  10 7 app.session: 1: Connecting to "410100201"
  10 7 fiber.scheduler: Spawning root fiber 8.
  11 8 anynet.any_socket: Client-ID: 410100201 (FPR: 00).
  12 7 app.session: 5: Entering processing loop.
  20 7 x.y: a line of the session
  25 3 x.y: a line of the service
)";
constexpr std::string_view kEnd = R"(
  30 7 app.session: IPC socket closed normally.
  30 7 app.session: 5: Processing done.
  30 7 app.service: Fiber exit (ipc).
)";

// One step of a story: lines, or what the system tells.
struct Step {
  std::string lines = {};
  std::uint32_t gone = 0;  // This process has ended ...
  ProcessEnd end = {};
  std::uint32_t alive = 0;  // ... or lived at end.last_alive.
};

struct Row {
  std::string what;
  std::vector<Step> steps;
  std::vector<std::string> want;  // The last snapshot of each session.
};

std::string second(timing::UtcMs at) {
  return std::to_string((at - at_second(0)).count() / 1000);
}

std::string shown(const Snapshot& s) {
  std::string out = std::string{to_string(s.outcome)};
  if (s.ended) out += " ended " + second(*s.ended);
  if (s.last_seen) out += " seen " + second(*s.last_seen) + " " + std::string{to_string(s.abandon_cause)};
  return out;
}

// After each step the builder is stored and loaded again.
std::vector<std::string> told(const std::vector<Step>& steps) {
  Builder builder{"s"};
  agent::trace::TraceCounters counters;
  std::map<std::string, Snapshot> latest;
  const auto take = [&](std::vector<Snapshot> changes) {
    for (Snapshot& snapshot : changes) latest[snapshot.key] = snapshot;
  };
  std::uint64_t base = 0;
  for (const Step& step : steps) {
    for (const Lines::Line& line : Lines{trace_of(step.lines)}.all) {
      if (const auto event = agent::trace::parse(line.text, base + line.offset, counters)) {
        take(builder.add(*event));
      }
    }
    base += 10'000;
    if (step.gone != 0) take(builder.process_gone(step.gone, step.end));
    if (step.alive != 0) builder.alive(step.alive, step.end.last_alive);
    const auto loaded = Builder::load(builder.save());
    EXPECT_EQ(*loaded, builder);
    builder = *loaded;
  }
  take(builder.open_sessions());
  std::vector<std::string> out;
  for (const auto& [key, snapshot] : latest) out.push_back(shown(snapshot));
  return out;
}

Step lines(std::string_view text) {
  return {.lines = std::string{text}};
}
Step gone(std::uint32_t pid, double seconds, AbandonCause cause) {
  return {.gone = pid, .end = {.last_alive = at_second(seconds), .cause = cause}};
}
Step alive(std::uint32_t pid, double seconds) {
  return {.end = {.last_alive = at_second(seconds)}, .alive = pid};
}

TEST(ProcessLife, EndsWhatNoLineEnds) {
  using enum AbandonCause;
  const std::string_view other = "@400:lsvc 40 0 main: * AnyDesk MAC Startup *";
  const std::vector<Row> rows{
      {"the service is killed", {lines(kSession), gone(100, 28, kill)}, {"abandoned seen 28 kill"}},
      {"its last line is later than the last proof",
       {lines(kSession), gone(100, 21, power)},
       {"abandoned seen 25 power"}},
      {"the window is killed", {lines(kSession), gone(300, 22, log_off)}, {"abandoned seen 22 log_off"}},
      {"the last line of its session is later",
       {lines(kSession), gone(300, 18, kill)},
       {"abandoned seen 20 kill"}},
      {"another process", {lines(kSession), gone(301, 28, kill)}, {"active"}},
      {"no process", {lines(kSession), gone(0, 28, kill)}, {"active"}},
      {"an end that is read later",
       {lines(kSession), gone(100, 28, kill), lines(kEnd)},
       {"completed ended 30"}},
      {"the same of a window", {lines(kSession), gone(300, 28, kill), lines(kEnd)}, {"completed ended 30"}},
      {"a request that is read after its process has ended",
       {gone(100, 28, kill), lines("1 3 x.y: z"), gone(100, 28, kill), lines(kSession)},
       {"abandoned seen 28 kill"}},
      {"proofs of life of the service",
       {lines(kSession), alive(100, 50), alive(100, 45), gone(100, 40, kill)},
       {"abandoned seen 50 kill"}},
      {"proofs of life of the window",
       {lines(kSession), alive(300, 50), gone(300, 40, kill)},
       {"abandoned seen 50 kill"}},
      {"proofs that come after the end",
       {lines(kSession), gone(300, 40, kill), alive(300, 50)},
       {"abandoned seen 40 kill"}},
      {"a newer service begins", {lines(kSession), lines(other)}, {"abandoned seen 25 replaced"}},
      {"the system tells why, later",
       {lines(kSession), lines(other), gone(100, 28, power)},
       {"abandoned seen 28 power"}},
      {"the system tells why, before",
       {lines(kSession), gone(100, 28, power), lines(other)},
       {"abandoned seen 28 power"}},
      {"the system does not know why",
       {lines(kSession), lines(other), gone(100, 28, unknown)},
       {"abandoned seen 28 replaced"}},
      {"the service exits without ending its session",
       {lines(kSession), lines("26 0 main.run_service: Exiting")},
       {"abandoned seen 26 unknown"}},
      {"a fatal line of the service",
       {lines(kSession), lines("!26 3 x.y: z"), lines(other)},
       {"abandoned seen 26 crash"}},
      {"a fatal line long before the end",
       {lines(kSession), lines("!26 3 x.y: z"), lines("37 3 x.y: z"), lines(other)},
       {"abandoned seen 37 replaced"}},
      {"the system knows better",
       {lines(kSession), lines("!26 3 x.y: z"), gone(100, 27, kill)},
       {"abandoned seen 27 kill"}},
      {"a fatal line of the window",
       {lines(kSession), lines("@300:front !26 0 x.y: z"), gone(300, 26, unknown)},
       {"abandoned seen 26 crash"}},
      {"a fatal line of another process",
       {lines(kSession), lines("@301:back !26 0 x.y: z"), gone(300, 26, unknown)},
       {"abandoned seen 26 unknown"}},
      {"the service notices that the window stopped",
       {lines(kSession), lines("60 1 app.service: Process stop: 300.")},
       {"abandoned seen 60 unknown"}},
      {"it stops and the session is ended properly",
       {lines(kSession), lines("29 1 app.service: Process stop: 300 (frontend)."), lines(kEnd)},
       {"completed ended 30"}},
      {"a zombie",
       {lines(kSession), lines("60 0 fiber.ipc_namespace: Zombie process detected (300). Fixing the state."),
        lines("62 1 app.service: Process stop: 300.")},
       {"abandoned seen 60 unknown"}},
      {"a zombie that nobody waits for",
       {lines(kSession), lines("60 0 fiber.ipc_namespace: Zombie process detected (301). Fixing the state.")},
       {"active"}},
      {"the system told before the service noticed",
       {lines(kSession), gone(300, 22, kill), lines("60 1 app.service: Process stop: 300.")},
       {"abandoned seen 22 kill"}},
      {"the service noticed before the system told why",
       {lines(kSession), lines("23 1 app.service: Process stop: 300."), gone(300, 70, kill)},
       {"abandoned seen 23 kill"}},
      {"first the window, then the service",
       {lines(kSession), gone(300, 22, kill), gone(100, 50, power)},
       {"abandoned seen 22 kill"}},
      {"first the service, then the window",
       {lines(kSession), gone(100, 26, power), gone(300, 50, kill)},
       {"abandoned seen 26 power"}},
      {"an attempt",
       {lines("10 7 app.service: Creating remote control session."), gone(100, 12, kill)},
       {"abandoned seen 12 kill"}},
      {"what ended before is not touched",
       {lines(kSession), lines(kEnd), gone(100, 40, kill)},
       {"completed ended 30"}},
      {"another window has the same pid later",
       {lines(kSession), gone(300, 22, kill), lines(R"(
          50 17 app.service: Connected to 300 (frontend).
          50 17 app.service: Creating remote control session.
          50 17 app.session: 1: Connecting to "5")")},
       {"active", "abandoned seen 22 kill"}},
      {"the fiber number serves another window",
       {lines(kSession), lines("30 7 app.session: 5: Processing done."), lines(R"(
          50 7 app.service: Connected to 301 (frontend).
          50 7 app.service: Creating remote control session.
          50 7 app.session: 1: Connecting to "5")"),
        gone(301, 55, kill)},
       {"completed ended 30", "abandoned seen 55 kill"}},
  };
  for (const Row& row : rows) {
    auto got = told(row.steps);
    auto want = row.want;
    std::ranges::sort(got);
    std::ranges::sort(want);
    EXPECT_EQ(got, want) << row.what;
  }
}

Builder after(std::string_view text) {
  Builder builder{"s"};
  agent::trace::TraceCounters counters;
  for (const Lines::Line& line : Lines{trace_of(text)}.all) {
    if (const auto event = agent::trace::parse(line.text, line.offset, counters)) builder.add(*event);
  }
  return builder;
}

TEST(ProcessLife, TellsEachEndOnce) {
  Builder builder = after(kSession);
  const ProcessEnd end{.last_alive = at_second(28), .cause = AbandonCause::kill};
  EXPECT_EQ(builder.process_gone(100, end).size(), 1u);
  EXPECT_TRUE(builder.process_gone(100, end).empty());
  EXPECT_TRUE(builder.process_gone(300, end).empty()) << "its sessions ended with the service";
}

TEST(ProcessLife, NamesTheProcessesToWatch) {
  EXPECT_TRUE(after("25 3 x.y: z").processes_of_open_sessions().empty());
  Builder builder = after(kSession);
  const LiveProcess service{.pid = 100, .service = true, .last_line = at_second(25)};
  const LiveProcess window{.pid = 300, .service = false, .last_line = at_second(10)};
  EXPECT_EQ(builder.processes_of_open_sessions(), (std::vector{service, window}));
  builder.process_gone(300, {.last_alive = at_second(28)});
  EXPECT_TRUE(builder.processes_of_open_sessions().empty()) << "no session depends on the service any more";
  EXPECT_TRUE(after(std::string{kSession} + std::string{kEnd}).processes_of_open_sessions().empty());

  // Two sessions of one window, and one whose window was not told.
  const auto found = after(std::string{kSession} + R"(
    40 17 app.service: Connected to 300 (frontend).
    41 17 app.service: Creating remote control session.
    42 27 app.service: Connected to 301 (control:5).
    43 27 app.service: Creating remote control session.)")
                         .processes_of_open_sessions();
  EXPECT_EQ(found, (std::vector{LiveProcess{.pid = 100, .service = true, .last_line = at_second(43)},
                                LiveProcess{.pid = 300, .service = false, .last_line = at_second(41)}}));
}

TEST(ProcessLife, TheSnapshotTellsWindowReconnectsAndDoubts) {
  auto open = after("10 7 app.session: 1: Connecting to \"name@ad\"").open_sessions();
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0].doubts, (std::vector{Doubt::remote_id_typed, Doubt::kind}));
  EXPECT_EQ(open[0].window_pid, 0u);
  open = after(std::string{kSession} + R"(
    26 7 app.session: Remote backend restored.
    26 7 app.session: Backend was restored. Waiting for the frontend.
    27 7 app.session: Remote backend restored.)")
             .open_sessions();
  ASSERT_EQ(open.size(), 1u);
  EXPECT_TRUE(open[0].doubts.empty());
  EXPECT_EQ(open[0].window_pid, 300u);
  EXPECT_EQ(open[0].reconnects, 2u);
  EXPECT_EQ(open[0].witness, agent::session::Witness::service);
}

}  // namespace
