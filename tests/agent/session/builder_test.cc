#include "agent/session/builder.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/agent/session/lines.h"

namespace {

using agent::session::Outcome;
using agent::session::Snapshot;
using session_tests::Lines;
using session_tests::sessions_of;
using session_tests::trace_of;

// A whole session in fiber 7 from second 10 to 30, as scripts build on it.
constexpr std::string_view kRequest = R"(
  10 7 app.session: Session features: deskrt, clipboard.
  10 7 app.service: Creating remote control session.
  10 7 app.session: 1: Connecting to "1 007 310 192"
  10 7 fiber.scheduler: Spawning root fiber 8.
)";
constexpr std::string_view kGranted = R"(
  11 8 anynet.any_socket: Client-ID: 410100201 (FPR: 00).
  12 7 app.session: 3: Session granted.
  12 7 app.session: 5: Entering processing loop.
)";
constexpr std::string_view kEnd = R"(
  30 7 app.session: IPC socket closed normally.
  30 7 app.session: 5: Processing done.
  30 7 app.service: Fiber exit (ipc).
)";

std::string join(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) out += std::string{part} + "\n";
  return out;
}

struct Row {
  std::string what;
  std::string script;
  // "remote outcome start end reason" of each session, seconds after eight o'clock.
  std::vector<std::string> want;
};

std::string seconds(const std::optional<timing::UtcMs>& time) {
  const auto eight = timing::from_rfc3339("2026-11-16T08:00:00Z").value();
  return time ? std::to_string((*time - eight).count() / 1000) : "-";
}

std::string shown(const Snapshot& s) {
  std::string out = s.remote_id.value_or("?") + " " + std::string{to_string(s.outcome)} + " " +
                    seconds(s.requested) + " " + seconds(s.started) + " " + seconds(s.ended) + " " +
                    (s.end_reason.empty() ? "-" : s.end_reason);
  if (s.last_seen) out += " seen " + seconds(s.last_seen);
  if (s.clock_went_backwards) out += " clock";
  return out;
}

// The same as sessions_of, by a builder that is stored and loaded after every line.
std::vector<Snapshot> with_restarts(const std::string& text) {
  agent::session::Builder builder{"s"};
  agent::trace::TraceCounters counters;
  std::map<std::string, Snapshot> latest;
  const auto take = [&](const std::vector<Snapshot>& changes) {
    for (const Snapshot& snapshot : changes) latest[snapshot.key] = snapshot;
  };
  for (const Lines::Line& line : Lines{text}.all) {
    if (const auto event = agent::trace::parse(line.text, line.offset, counters)) take(builder.add(*event));
    builder = agent::session::Builder::load(builder.save()).value();
  }
  take(builder.open_sessions());
  std::vector<Snapshot> out;
  for (const auto& [key, snapshot] : latest) out.push_back(snapshot);
  agent::session::sort_by_file(out);
  return out;
}

TEST(Builder, TellsSessionsFromScripts) {
  const std::vector<Row> rows{
      {"a completed session",
       join({kRequest, kGranted, kEnd}),
       {"410100201 completed 10 12 30 IPC socket closed normally"}},
      {"no ID came back: what was typed, without blanks",
       join({kRequest, "11 7 app.service: Fiber exit (ipc)."}),
       {"1007310192 failed 10 - 11 -"}},
      {"still asked for", std::string{kRequest}, {"1007310192 active 10 - - -"}},
      {"still running", join({kRequest, kGranted}), {"410100201 active 10 12 - -"}},
      {"completed does not wait for the exit of the fiber",
       join({kRequest, kGranted, "30 7 app.session: 5: Processing done."}),
       {"410100201 completed 10 12 30 -"}},
      {"the last reason counts",
       join({kRequest, kGranted, "29 7 app.session: Net socket closed: errno_60.", kEnd}),
       {"410100201 completed 10 12 30 IPC socket closed normally"}},
      {"a failed attempt ends with its fiber",
       join({kRequest, "11 7 app.session: Net socket error: result_relay_offline.",
             "13 7 app.service: Fiber exit (ipc)."}),
       {"1007310192 failed 10 - 13 Net socket error: result_relay_offline"}},
      {"quit during authentication",
       join({kRequest, "11 8 anynet.any_socket: Client-ID: 410100201 (FPR: 00).",
             "14 7 app.session: IPC socket closed normally.", "14 7 app.service: Fiber exit (ipc)."}),
       {"410100201 failed 10 - 14 IPC socket closed normally"}},
      {"an ID in a fiber of someone else",
       join({kRequest, "11 9 anynet.any_socket: Client-ID: 5 (FPR: 00)."}),
       {"1007310192 active 10 - - -"}},
      {"only the first root fiber after the request is the connector",
       join({kRequest, "11 7 fiber.scheduler: Spawning root fiber 9.",
             "11 9 anynet.any_socket: Client-ID: 5 (FPR: 00)."}),
       {"1007310192 active 10 - - -"}},
      {"the backend of the far side restarts: one session",
       join({kRequest, kGranted, "20 7 app.session: Remote backend restored.",
             "20 7 app.session: Backend was restored. Waiting for the frontend.",
             "20 7 app.session: Frontend ready.", kEnd}),
       {"410100201 completed 10 12 30 IPC socket closed normally"}},
      {"an incoming session",
       R"(
         10 7 app.service: Creating a ANY accept socket.
         10 7 app.session: Session features: deskrt.
         10 7 app.session: 1: Connecting to the backend.
         12 7 app.session: 5: Entering processing loop.
         20 7 app.session: Session closed by remote side: desk_rt_ipc_error.
         20 7 app.session: 5: Processing done.
         20 7 app.service: Fiber exit (net).)",
       {}},
      {"an incoming session without its head",
       R"(
         12 7 app.session: 5: Entering processing loop.
         20 7 app.session: 5: Processing done.
         20 7 app.service: Fiber exit (net).)",
       {}},
      {"an incoming session without its head that goes on",
       "12 7 app.session: 5: Entering processing loop.",
       {}},
      {"an outgoing one without its head, proved by its exit",
       R"(
         12 7 app.session: 5: Entering processing loop.
         20 7 app.session: 5: Processing done.
         20 7 app.service: Fiber exit (ipc).)",
       {"? partial - 12 20 -"}},
      {"an outgoing one without its head, proved by what it asked for",
       R"(
         10 7 app.session: 1: Connecting to "410100202"
         12 7 app.session: 5: Entering processing loop.)",
       {"410100202 partial - 12 - -"}},
      {"proved by a step only the caller logs",
       R"(
         12 7 app.session: 4: Frontend ready.
         12 7 app.session: 5: Entering processing loop.)",
       {"? partial - 12 - -"}},
      {"its connector is told by the end",
       R"(
         11 8 anynet.any_socket: Client-ID: 410100203 (FPR: 00).
         12 7 app.session: 5: Entering processing loop.
         20 7 app.session: 5: Processing done.
         20 0 fiber.scheduler: Fiber 7 requested quit of fiber 8.
         20 7 app.service: Fiber exit (ipc).)",
       {"410100203 partial - 12 20 -"}},
      {"a window's own connection is no session",
       R"(
         12 7 app.service: Connected to 9 (frontend).
         20 7 app.service: Fiber exit (ipc).)",
       {}},
      {"the service begins anew: abandoned, with its last line",
       join({kRequest, kGranted, "25 3 x.y: noise", "@200:lsvc 40 0 main: * AnyDesk MAC Startup *"}),
       {"410100201 abandoned 10 12 - - seen 25"}},
      {"the same, when only the completed startup is there",
       join({kRequest, kGranted, "@200:lsvc 40 1 app.service: Service startup completed."}),
       {"410100201 abandoned 10 12 - - seen 12"}},
      {"the same, when only a process start is there",
       join({kRequest, kGranted, "@200:lsvc 40 1 app.service: Process start: 5 (frontend)."}),
       {"410100201 abandoned 10 12 - - seen 12"}},
      {"a Linux start block says 'ad'",
       join({kRequest, kGranted, "@200:ad 40 0 main: * AnyDesk Linux Startup *", "@200:lsvc 41 1 a.b: x"}),
       {"410100201 abandoned 10 12 - - seen 12"}},
      {"the pid is used again at once",
       join({kRequest, kGranted, "40 0 main: * AnyDesk MAC Startup *", kEnd}),
       {"410100201 abandoned 10 12 - - seen 12", "? partial - - 30 IPC socket closed normally"}},
      {"the pid is used again and the start block is lost",
       join({kRequest, kGranted, "40 1 app.service: Service startup completed.",
             "50 7 app.service: Fiber exit (ipc)."}),
       {"410100201 abandoned 10 12 - - seen 12"}},
      {"the service says that it exits",
       join({kRequest, kGranted, "40 0 main.run_service: Exiting"}),
       {"410100201 abandoned 10 12 - - seen 40"}},
      {"start blocks of a backend and a window end nothing",
       join({kRequest, kGranted, "@201:back 14 0 main: * AnyDesk MAC Startup *",
             "@202:front 15 0 main: * AnyDesk MAC Startup *", "@203:ad 16 0 main: * AnyDesk Linux Startup *",
             "@203:frontend 16 0 main: x", kEnd}),
       {"410100201 completed 10 12 30 IPC socket closed normally"}},
      {"another kind of service in the same file ends nothing",
       join({kRequest, kGranted, "@201:gsvc 14 0 main: * AnyDesk MAC Startup *", kEnd}),
       {"410100201 completed 10 12 30 IPC socket closed normally"}},
      {"a late end of a service that was thought gone",
       join({kRequest, kGranted, "@200:lsvc 20 0 main: * AnyDesk MAC Startup *", kEnd}),
       {"410100201 completed 10 12 30 IPC socket closed normally"}},
      {"the end was not logged, the exit was",
       join({kRequest, kGranted, "30 7 app.service: Fiber exit (ipc)."}),
       {"410100201 abandoned 10 12 - - seen 30"}},
      {"only the scheduler tells that the fiber is over",
       join({kRequest, "13 0 fiber.scheduler: Fiber 7 'ipc_connection' (parent: 1) terminated."}),
       {"1007310192 failed 10 - 13 -"}},
      {"an end without a start is no whole session",
       join({kRequest, "30 7 app.session: 5: Processing done."}),
       {"1007310192 partial 10 - 30 -"}},
      {"two sessions at once",
       join({kRequest, kGranted, R"(
         15 17 app.service: Creating remote control session.
         15 17 app.session: 1: Connecting to "b@ad"
         16 17 app.session: 5: Entering processing loop.
         20 17 app.session: 5: Processing done.)",
             kEnd}),
       {"410100201 completed 10 12 30 IPC socket closed normally", "b@ad completed 15 16 20 -"}},
      {"the fiber number serves again, its exit lost",
       join({kRequest, kGranted, "30 7 app.session: 5: Processing done.",
             "50 7 app.service: Creating remote control session."}),
       {"410100201 completed 10 12 30 -", "? active 50 - - -"}},
      {"the clock is set back in the session",
       join({kRequest, kGranted, "5 7 x.y: z", kEnd}),
       {"410100201 completed 10 12 30 IPC socket closed normally clock"}},
      {"two lines of the session swap",
       join({kRequest, kGranted, "29.000 7 x.y: z", "28.990 7 x.y: z", kEnd}),
       {"410100201 completed 10 12 30 IPC socket closed normally"}},
      {"one second is a swap",
       join({kRequest, kGranted, "29.000 7 x.y: z", "28.000 7 x.y: z", kEnd}),
       {"410100201 completed 10 12 30 IPC socket closed normally"}},
      {"a millisecond more is a jump",
       join({kRequest, kGranted, "29.000 7 x.y: z", "27.999 7 x.y: z", kEnd}),
       {"410100201 completed 10 12 30 IPC socket closed normally clock"}},
      {"a jump in small steps of other fibers",
       join({kRequest, kGranted, "29.000 7 x.y: z", "28.200 3 x.y: z", "27.400 3 x.y: z", "27.300 7 x.y: z",
             kEnd}),
       {"410100201 completed 10 12 30 IPC socket closed normally clock"}},
      {"an end a little before its start",
       join({kRequest, kGranted, "11.995 7 app.session: 5: Processing done."}),
       {"410100201 completed 10 12 11 - clock"}},
      {"the clock is set back while the session is silent",
       join({kRequest, kGranted, "5 3 x.y: z", kEnd}),
       {"410100201 completed 10 12 30 IPC socket closed normally clock"}},
      {"the clock is set back before the session",
       join({"90 3 x.y: z", kRequest, kGranted, kEnd}),
       {"410100201 completed 10 12 30 IPC socket closed normally"}},
      {"an alias, and the ID of who answers",
       join({R"(
         10 7 app.service: Creating remote control session.
         10 7 app.session: 1: Connecting to "name@ad"
         10 7 fiber.scheduler: Spawning root fiber 8 'any_socket_connect'.
         11 8 anynet.any_socket: Connecting to name@ad.
         12 7 app.session: 5: Entering processing loop.
         13 8 anynet.any_socket: Client-ID: 410100209 (FPR: 00).)",
             kEnd}),
       {"410100209 completed 10 12 30 IPC socket closed normally"}},
      {"an alias that is never resolved",
       "10 7 app.service: Creating remote control session.\n10 7 app.session: 1: Connecting to \"name@ad\"",
       {"name@ad active 10 - - -"}},
      {"sessions to different remotes at once, their children crossed",
       R"(
         10 7 app.service: Creating remote control session.
         10 7 app.session: 1: Connecting to "a@ad"
         10 17 app.service: Creating remote control session.
         10 17 app.session: 1: Connecting to "b@ad"
         10 17 fiber.scheduler: Spawning root fiber 18.
         10 7 fiber.scheduler: Spawning root fiber 8.
         11 18 anynet.any_socket: Client-ID: 22 (FPR: 00).
         11 8 anynet.any_socket: Client-ID: 11 (FPR: 00).
         12 17 app.session: 5: Entering processing loop.
         13 7 app.session: 5: Entering processing loop.
         20 7 app.session: 5: Processing done.
         20 7 app.service: Fiber exit (ipc).
         30 17 app.session: 5: Processing done.)",
       {"11 completed 10 13 20 -", "22 completed 10 12 30 -"}},
      {"sessions to the same remote at once",
       R"(
         10 7 app.service: Creating remote control session.
         10 7 app.session: 1: Connecting to "11"
         12 7 app.session: 5: Entering processing loop.
         13 17 app.service: Creating remote control session.
         13 17 app.session: 1: Connecting to "11"
         14 17 app.session: 5: Entering processing loop.
         20 17 app.session: 5: Processing done.
         30 7 app.session: 5: Processing done.)",
       {"11 completed 10 12 30 -", "11 completed 13 14 20 -"}},
      {"a redial: the new attempt begins 45 ms before the old session stops",
       join({kRequest, kGranted, R"(
         29.960 17 app.service: Creating remote control session.
         29.960 17 app.session: 1: Connecting to "1 007 310 192")",
             kEnd, "35 17 app.session: 5: Entering processing loop.",
             "50 17 app.session: 5: Processing done."}),
       {"410100201 completed 10 12 30 IPC socket closed normally", "1007310192 completed 29 35 50 -"}},
      {"several reconnects are one session",
       join({kRequest, kGranted, "20 7 app.session: Waiting for authentication.",
             "21 7 app.session: Remote backend restored.", "22 7 app.session: Frontend ready.",
             "25 7 app.session: Remote backend restored.", "26 7 app.session: Frontend ready.", kEnd}),
       {"410100201 completed 10 12 30 IPC socket closed normally"}},
      {"the service restarts and its fibers count from the beginning",
       join({kRequest, kGranted, "31 0 main.run_service: Exiting",
             "@200:lsvc 40 0 main: * AnyDesk MAC Startup *",
             R"(
         @200:lsvc 50 7 app.service: Creating remote control session.
         @200:lsvc 50 7 app.session: 1: Connecting to "5"
         @200:lsvc 52 7 app.session: 5: Entering processing loop.
         @200:lsvc 60 7 app.session: 5: Processing done.)"}),
       {"410100201 abandoned 10 12 - - seen 31", "5 completed 50 52 60 -"}},
      {"the pid and the fiber serve again after a restart",
       join({kRequest, kGranted, kEnd, "40 0 main: * AnyDesk MAC Startup *", R"(
         50 7 app.service: Creating remote control session.
         50 7 app.session: 1: Connecting to "5"
         52 7 app.session: 5: Entering processing loop.
         60 7 app.session: 5: Processing done.)"}),
       {"410100201 completed 10 12 30 IPC socket closed normally", "5 completed 50 52 60 -"}},
      {"over midnight",
       R"(
         57590 7 app.service: Creating remote control session.
         57590 7 app.session: 1: Connecting to "5"
         57595 7 app.session: 5: Entering processing loop.
         57660 7 app.session: 5: Processing done.)",
       {"5 completed 57590 57595 57660 -"}},
      {"another process has another idea of the time",
       join({kRequest, kGranted, "@9:front 5 0 x.y: z", kEnd}),
       {"410100201 completed 10 12 30 IPC socket closed normally"}},
  };
  for (const Row& row : rows) {
    std::vector<std::string> got;
    for (const Snapshot& snapshot : sessions_of(trace_of(row.script))) got.push_back(shown(snapshot));
    EXPECT_EQ(got, row.want) << row.what;
    EXPECT_EQ(with_restarts(trace_of(row.script)), sessions_of(trace_of(row.script))) << row.what;
  }
}

TEST(Builder, ReturnsASnapshotForEachChange) {
  agent::session::Builder builder{"file"};
  agent::trace::TraceCounters counters;
  std::vector<std::string> got;
  std::string key;
  for (const Lines::Line& line : Lines{trace_of(join({kRequest, kGranted, kEnd}))}.all) {
    for (const Snapshot& snapshot : builder.add(*agent::trace::parse(line.text, line.offset, counters))) {
      got.push_back(shown(snapshot));
      if (key.empty()) key = snapshot.key;
      EXPECT_EQ(snapshot.key, key);
    }
  }
  EXPECT_EQ(got, (std::vector<std::string>{"? active 10 - - -", "1007310192 active 10 - - -",
                                           "410100201 active 10 - - -", "410100201 active 10 12 - -",
                                           "410100201 active 10 12 - IPC socket closed normally",
                                           "410100201 completed 10 12 30 IPC socket closed normally"}));
  EXPECT_TRUE(builder.open_sessions().empty());
}

TEST(Builder, GivesNoTwoSessionsOneKey) {
  // The same pid and fiber numbers, five boots long.
  std::string text;
  for (int boot = 0; boot < 5; ++boot) {
    std::string once = trace_of(join({"1 0 main: * AnyDesk MAC Startup *", kRequest, kGranted}));
    for (std::size_t at = 0; (at = once.find("08:00:", at)) != std::string::npos; ++at) {
      once[at + 1] = static_cast<char>('0' + boot);
    }
    text += once;
  }
  EXPECT_EQ(sessions_of(text).size(), 5u);
}

TEST(Builder, TellsTheWorkstationAndTheVersion) {
  const auto sessions = sessions_of(
      trace_of(join({"1 0 main: * Version 7.1.0 (x y)",
                     "2 3 anynet.connection_mgr: New user data. Client-ID: 410900001.", kRequest})));
  ASSERT_EQ(sessions.size(), 1u);
  EXPECT_EQ(sessions[0].anydesk_id, "410900001");
  EXPECT_EQ(sessions[0].anydesk_version, "7.1.0");
  EXPECT_EQ(sessions[0].source, "s");
}

TEST(Builder, BoundsWhatItRemembers) {
  agent::session::Builder builder{"s"};
  agent::trace::TraceCounters counters;
  const auto feed = [&](const std::string& text) {
    for (const Lines::Line& line : Lines{text}.all)
      builder.add(*agent::trace::parse(line.text, line.offset, counters));
  };
  feed(trace_of(join({kRequest, kGranted})));
  for (std::uint32_t fiber = 1000; fiber < 11'000; ++fiber) {
    feed(trace_of("20 " + std::to_string(fiber) + " app.session: 5: Entering processing loop."));
    feed(trace_of("20 " + std::to_string(fiber) + " anynet.any_socket: Client-ID: 77 (FPR: 00)."));
  }
  for (std::uint32_t pid = 1000; pid < 2000; ++pid)
    feed(trace_of("@" + std::to_string(pid) + ":lsvc 20 1 a.b: c"));
  EXPECT_LT(builder.save().size(), 64u * 1024u);
  EXPECT_GT(builder.fibers_dropped(), 9000u);
  feed(trace_of(kEnd));
  EXPECT_TRUE(builder.open_sessions().empty()) << "the real session was kept and ended";
}

// AnyDesk is installed while its portable service has a session: the same window goes on with another
// service, whose lines are in another file.
TEST(Builder, FollowsAServiceThatMovesToAnotherFile) {
  const std::string user =
      trace_of(join({kRequest, kGranted, "20 1 app.service: Try to install anydesk.",
                     "30 7 app.session: IPC socket closed normally.", "30 7 app.session: 5: Processing done.",
                     "31 0 main.run_service: Exiting"}));
  const std::string installed = trace_of(R"(
    @500:gsvc 32 0 main: * AnyDesk MAC Startup *
    @500:gsvc 40 7 app.service: Creating remote control session.
    @500:gsvc 40 7 app.session: 1: Connecting to "5"
    @500:gsvc 41 7 app.session: 5: Entering processing loop.
    @500:gsvc 50 7 app.session: 5: Processing done.)");
  const auto merged = agent::session::merge_files({sessions_of(user, "user"), sessions_of(installed, "svc")});
  ASSERT_EQ(merged.size(), 2u);
  EXPECT_EQ(shown(merged[0]), "410100201 completed 10 12 30 IPC socket closed normally");
  EXPECT_EQ(shown(merged[1]), "5 completed 40 41 50 -");

  // The portable service is killed by the installation: its session does not wait for a successor in its
  // file.
  const std::string killed = trace_of(join({kRequest, kGranted}));
  agent::session::Builder builder{"user"};
  agent::trace::TraceCounters counters;
  for (const Lines::Line& line : Lines{killed}.all) {
    builder.add(*agent::trace::parse(line.text, line.offset, counters));
  }
  const auto gone = builder.process_gone(100, {.last_alive = session_tests::at_second(31)});
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_EQ(shown(gone[0]), "410100201 abandoned 10 12 - - seen 31");
}

// A trace is UTC: where clocks are set for the summer the hour that is skipped or comes twice is none here.
TEST(Builder, KnowsNoSummerTime) {
  for (const std::string_view day : {"2026-03-29", "2026-10-25", "2026-11-01", "2028-02-29", "2026-12-31"}) {
    const auto line = [&](std::string_view time, std::string_view rest) {
      return "   info " + std::string{day} + " " + std::string{time} + " lsvc main 100 1 7 " +
             std::string{rest} + "\n";
    };
    const auto sessions = sessions_of(line("00:30:00.000", "app.service - Creating remote control session.") +
                                      line("00:30:00.000", "app.session - 1: Connecting to \"5\"") +
                                      line("00:59:59.999", "app.session - 5: Entering processing loop.") +
                                      line("03:00:00.001", "app.session - 5: Processing done."));
    ASSERT_EQ(sessions.size(), 1u);
    EXPECT_EQ(duration_ms(sessions[0]), 2 * 3'600'000 + 2) << day;
    EXPECT_FALSE(sessions[0].clock_went_backwards);
  }
}

}  // namespace
