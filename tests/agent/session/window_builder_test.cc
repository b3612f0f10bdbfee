#include "agent/session/window_builder.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/agent/session/lines.h"

namespace {

using agent::session::AbandonCause;
using agent::session::LiveProcess;
using agent::session::Snapshot;
using agent::session::WindowBuilder;
using session_tests::at_second;
using session_tests::Lines;
using session_tests::trace_of;
using session_tests::window_trace_of;

std::string second(const std::optional<timing::UtcMs>& at) {
  return at ? std::to_string((*at - at_second(0)).count() / 1000) : "-";
}

std::string shown(const Snapshot& s) {
  std::string out = s.remote_id.value_or("?") + " " + std::string{to_string(s.outcome)} + " " +
                    second(s.requested) + " " + second(s.started) + " " + second(s.ended);
  if (!s.end_reason.empty()) out += s.end_reason.contains("closed remotely") ? " remote" : " user";
  if (s.last_seen) out += " seen " + second(s.last_seen) + " " + std::string{to_string(s.abandon_cause)};
  for (const auto doubt : s.doubts) {
    if (doubt == agent::session::Doubt::remote_id_typed) out += " typed";
    if (doubt == agent::session::Doubt::pairing) out += " pairing";
  }
  if (s.clock_went_backwards) out += " clock";
  return out;
}

// The sessions of a file, each as it was last told, in order of the file. After every line the builder is
// stored, loaded and goes on.
struct Told {
  WindowBuilder builder{"s"};
  agent::trace::TraceCounters counters;
  std::map<std::string, Snapshot> latest;

  void take(const std::vector<Snapshot>& changes) {
    for (const Snapshot& snapshot : changes) latest[snapshot.key] = snapshot;
  }
  void feed(std::string_view text) {
    for (const Lines::Line& line : Lines{text}.all) {
      const auto event = agent::trace::parse(line.text, line.offset, counters);
      if (!event) continue;
      take(builder.add(*event));
      auto loaded = WindowBuilder::load(builder.save());
      ASSERT_TRUE(loaded);
      ASSERT_EQ(*loaded, builder);
      builder = std::move(*loaded);
    }
  }
  std::vector<Snapshot> sessions() {
    take(builder.open_sessions());
    std::vector<Snapshot> out;
    for (const auto& [key, snapshot] : latest) out.push_back(snapshot);
    agent::session::sort_by_file(out);
    return out;
  }
  std::vector<std::string> lines() {
    std::vector<std::string> out;
    for (const Snapshot& snapshot : sessions()) out.push_back(shown(snapshot));
    return out;
  }
};

// Window 300, second by second:
//   ask X, req, start, resume, quit, closed, stopping, stopped, deleting, monitor N, exit, noise
TEST(WindowBuilder, TellsSessionsFromScripts) {
  struct Row {
    std::string what, script;
    std::vector<std::string> want;
  };
  const std::vector<Row> rows{
      {"a session that the user ends",
       "10 ask 1 007 310 192|10 req|15 start|30 quit|30 stopping|30.1 stopped|30.2 deleting",
       {"1007310192 completed 10 15 30 user typed"}},
      {"a session that the other side ends",
       "10 ask 5|10 req|15 start|30 closed|30 stopping|30.1 stopped|90 quit|90 deleting",
       {"5 completed 10 15 30 remote typed"}},
      {"a session that ends without a reason",
       "10 ask 5|10 req|15 start|30 stopping|30.1 stopped",
       {"5 completed 10 15 30 typed"}},
      {"a refused attempt",
       "10 ask 5|10 req|12 closed|12 stopping|12 stopped|20 quit|20 deleting",
       {"5 failed 10 - 12 remote typed"}},
      {"a quit while it waits", "10 ask 5|10 req|12 quit|12 stopped", {"5 failed 10 - 12 user typed"}},
      {"it waits", "10 ask 5|10 req", {"5 active 10 - - typed"}},
      {"it runs", "10 ask 5|10 req|15 start", {"5 active 10 15 - typed"}},
      {"the start and the end are those of the session, not of a tab",
       "10 ask 5|11 req|15 start|30 quit|31 stopping|32 stopped|33 monitor 5|34 deleting",
       {"5 completed 11 15 32 user"}},
      {"the window tells the ID of an alias",
       "10 ask name@ad|10 req|15 start|30 stopping|30 stopped|30 monitor 77",
       {"77 completed 10 15 30"}},
      {"an ID of another session",
       "10 ask 5|10 req|15 start|30 stopping|30 stopped|30 monitor 77",
       {"5 completed 10 15 30 typed"}},
      {"no ID", "10 ask 5|10 req|12 stopping|12 stopped|30 monitor 0", {"5 failed 10 - 12 typed"}},
      {"the far backend restarts",
       "10 ask 5|10 req|15 start|20 resume|30 stopping|30 stopped",
       {"5 completed 10 15 30 typed"}},
      {"a quit of a dead tab is no reason for the next session",
       "10 ask 5|10 req|12 closed|12 stopping|12 stopped|20 ask 6|20 req|22 start|22 quit|22 deleting|24 "
       "stopping|24 stopped",
       {"5 failed 10 - 12 remote typed", "6 completed 20 22 24 typed"}},
      {"a reason long before is none",
       "10 ask 5|10 req|15 start|20 quit|30 stopping|30 stopped",
       {"5 completed 10 15 30 typed"}},
      {"one after the other",
       "10 ask 5|10 req|11 start|12 stopping|12 stopped|13 ask 6|13 req|14 start|15 "
       "stopping|15 stopped",
       {"5 completed 10 11 12 typed", "6 completed 13 14 15 typed"}},
      {"a redial: the new attempt is there before the old one stops",
       "10 ask 5|10 req|15 start|30 ask 5|30 req|30.045 quit|30.045 stopping|30.050 stopped|30.1 deleting|35 "
       "start|50 stopping|50 stopped",
       {"5 completed 10 15 30 user typed pairing", "5 completed 30 35 50 typed pairing"}},
      {"a redial of an attempt",
       "10 ask 5|10 req|30 ask 5|30 req|30.045 stopping|30.050 stopped|35 start|50 stopping|50 stopped",
       {"5 failed 10 - 30 typed pairing", "5 completed 30 35 50 typed pairing"}},
      {"two tabs, and the attempt is refused",
       "10 ask 5|10 req|15 start|30 ask 6|30 req|40 closed|40 stopping|40 stopped|60 quit|60 stopping|60 "
       "stopped",
       {"5 completed 10 15 60 user typed pairing", "6 failed 30 - 40 remote typed pairing"}},
      {"two sessions at once: first in, first out",
       "10 ask 5|10 req|15 start|20 ask 6|20 req|25 start|30 stopping|30 stopped|40 stopping|40 stopped",
       {"5 completed 10 15 30 typed pairing", "6 completed 20 25 40 typed pairing"}},
      {"two sessions to the same remote",
       "10 ask 5|10 req|15 start|20 ask 5|20 req|25 start|30 stopping|30 stopped|40 stopping|40 stopped",
       {"5 completed 10 15 30 typed pairing", "5 completed 20 25 40 typed pairing"}},
      {"the window closes with two tabs",
       "10 ask 5|10 req|15 start|20 ask 6|20 req|25 start|30 quit|30 quit|30 stopping|30 stopping|31 "
       "stopped|31 "
       "stopped|32 exit",
       {"5 completed 10 15 31 user typed pairing", "6 completed 20 25 31 user typed pairing"}},
      {"two tabs of two windows are never mixed up",
       "10 ask 5|10 req|@301 11 ask 6|@301 11 req|@301 12 start|15 start|20 stopping|20 stopped|@301 30 "
       "stopping|@301 30 stopped",
       {"5 completed 10 15 20 typed", "6 completed 11 12 30 typed"}},
      {"a dead tab is no second tab",
       "10 ask 5|10 req|12 closed|12 stopping|12 stopped|20 ask 6|20 req|22 start|24 stopping|24 stopped",
       {"5 failed 10 - 12 remote typed", "6 completed 20 22 24 typed"}},
      {"a request that comes to nothing",
       "10 ask x|20 ask 5|20 req|22 start|24 stopping|24 stopped|90 ask 6|90 req",
       {"x failed 10 - 90 typed", "5 completed 20 22 24 typed", "6 active 90 - - typed"}},
      {"the request line is lost", "10 req|15 start|30 stopping|30 stopped", {"? completed 10 15 30"}},
      {"the head is cut before the start", "15 start|30 stopping|30 stopped", {"? partial - 15 30"}},
      {"the head is cut behind the start", "30 stopping|30 stopped", {"? partial - - 30"}},
      {"the line of the end is lost, the one before it was read",
       "10 ask 5|10 req|15 start|30 stopping|40 exit",
       {"5 completed 10 15 30 typed"}},
      {"the same, and a later session ends",
       "10 ask 5|10 req|15 start|30 stopping|100 ask 6|100 req|105 start|120 stopping|120 stopped",
       {"5 completed 10 15 30 typed pairing", "6 completed 100 105 120 typed pairing"}},
      {"the window exits in mid-session",
       "10 ask 5|10 req|15 start|40 exit",
       {"5 abandoned 10 15 - seen 40 unknown typed"}},
      {"the window exits while an attempt waits", "10 ask 5|10 req|40 exit", {"5 failed 10 - 40 typed"}},
      {"lines behind the exit",
       "10 ask 5|10 req|15 start|40 exit|40 stopping|41 stopped",
       {"5 completed 10 15 41 typed"}},
      {"lines behind the exit that end nothing",
       "10 ask 5|10 req|40 exit|40 stopping|41 stopped",
       {"5 failed 10 - 40 typed"}},
      {"the pid is used again",
       "10 ask 5|10 req|15 start|20 noise|60 boot|61 ask 6|61 req",
       {"5 abandoned 10 15 - seen 20 unknown typed", "6 active 61 - - typed"}},
      {"a window of another pid begins",
       "10 ask 5|10 req|15 start|@301 60 boot|@301 61 noise",
       {"5 active 10 15 - typed"}},
      {"a fatal line",
       "10 ask 5|10 req|15 start|!20 noise|60 boot",
       {"5 abandoned 10 15 - seen 20 crash typed"}},
      {"the clock is set back in the session",
       "10 ask 5|10 req|15 start|30 noise|25 noise|40 stopping|40 stopped",
       {"5 completed 10 15 40 typed clock"}},
      {"an end before its start",
       "10 ask 5|10 req|15 start|14.5 stopping|14.5 stopped",
       {"5 completed 10 15 14 typed clock"}},
      {"over midnight",
       "57590 ask 5|57590 req|57595 start|57660 stopping|57660 stopped",
       {"5 completed 57590 57595 57660 typed"}},
  };
  for (const Row& row : rows) {
    Told told;
    told.feed(window_trace_of(row.script));
    EXPECT_EQ(told.lines(), row.want) << row.what;
  }
}

TEST(WindowBuilder, TellsWhatItIs) {
  Told told;
  told.feed(window_trace_of("1 version|10 ask 5|10 req|15 start|20 resume|21 resume"));
  const auto sessions = told.sessions();
  ASSERT_EQ(sessions.size(), 1u);
  EXPECT_EQ(sessions[0].witness, agent::session::Witness::window);
  EXPECT_EQ(sessions[0].pid, 300u);
  EXPECT_EQ(sessions[0].window_pid, 300u);
  EXPECT_EQ(sessions[0].reconnects, 2u);
  EXPECT_FALSE(sessions[0].kind_known);
  EXPECT_EQ(sessions[0].doubts.back(), agent::session::Doubt::kind);
  EXPECT_EQ(sessions[0].anydesk_version, "7.1.0");
  EXPECT_EQ(sessions[0].key, "s/300/window/1794816010000");
}

TEST(WindowBuilder, LearnsOfEndsFromTheSystem) {
  Told told;
  told.feed(window_trace_of(
      "10 ask 5|10 req|15 start|16 ask 6|16 req|17 start|18 noise|@301 19 ask 7|@301 19 req|@302 20 noise"));
  EXPECT_EQ(told.builder.processes_of_open_sessions(),
            (std::vector{LiveProcess{.pid = 300, .service = false, .last_line = at_second(18)},
                         LiveProcess{.pid = 301, .service = false, .last_line = at_second(19)}}));
  told.builder.alive(300, at_second(25));
  const agent::session::ProcessEnd end{.last_alive = at_second(22), .cause = AbandonCause::log_off};
  const auto changes = told.builder.process_gone(300, end);
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(shown(changes[0]), "5 abandoned 10 15 - seen 25 log_off typed pairing");
  EXPECT_EQ(shown(changes[1]), "6 abandoned 16 17 - seen 25 log_off typed pairing");
  EXPECT_TRUE(told.builder.process_gone(300, end).empty());
  EXPECT_TRUE(told.builder.process_gone(999, end).empty());
  EXPECT_EQ(told.builder.processes_of_open_sessions().size(), 1u);
  told.take(changes);
  told.feed(window_trace_of("30 stopping|30 stopped"));
  EXPECT_EQ(told.lines()[0], "5 completed 10 15 30 typed pairing")
      << "an end that was read is better than none";
}

TEST(WindowBuilder, BoundsWhatItRemembers) {
  WindowBuilder builder{"s"};
  agent::trace::TraceCounters counters;
  for (int pid = 1000; pid < 1100; ++pid) {
    const std::string at = "@" + std::to_string(pid) + " 20 ";
    std::string script;
    for (int i = 0; i < 60; ++i) script += at + "ask 123456789|" + at + "req|" + at + "start|" + at + "quit|";
    for (const Lines::Line& line : Lines{window_trace_of(script + at + "noise")}.all) {
      if (const auto event = agent::trace::parse(line.text, line.offset, counters)) builder.add(*event);
    }
  }
  EXPECT_LT(builder.save().size(), 96u * 1024u);
  EXPECT_EQ(builder.tabs_dropped() + builder.open_sessions().size(), 6000u) << "none is forgotten uncounted";
}

TEST(WindowBuilder, RefusesOtherBytes) {
  EXPECT_TRUE(WindowBuilder::load(WindowBuilder{"s"}.save()));
  for (const std::string_view bytes : {"\xFF\xFF\xFF", "\x0A\x7F", "plain text"}) {
    const auto loaded = WindowBuilder::load(bytes);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, base::ErrorCode::corrupt);
  }
}

}  // namespace
