// connection_trace.txt as a cross-check: every outgoing line must be an attempt that the trace told of.

#include "agent/capture/connection_source.h"

#include "tests/agent/capture/world.h"
#include "tests/support/trace/machine.h"

namespace {

using namespace capture_tests;
using namespace std::chrono_literals;
using support::trace::Machine;

constexpr const char* kConnections = "/var/log/connection_trace.txt";

class Connections : public World {
 protected:
  Connections() {
    const auto morning = timing::from_rfc3339("2026-11-16T08:00:00Z").value();
    Machine machine{{.system = support::trace::System::linux_deb}, "410900001", 1};
    machine.start(morning);
    for (int i = 0; i < 3; ++i) {
      machine.outgoing({.at = morning + 10min * (i + 1),
                        .typed = "41010020" + std::to_string(i),
                        .id = "41010020" + std::to_string(i),
                        .duration_ms = 60'000});
    }
    trace = machine.service_trace();
    clock.set_utc(morning + 12h);
  }
  static std::string line(const std::string& local, const std::string& id) {
    return "Outgoing    2026-11-16, " + local + "    User                              " + id + "    " + id +
           "\r\n";
  }

  std::string trace;
};

TEST_F(Connections, MatchTheAttemptsOfTheTraceInAnyZone) {
  for (const char* hour : {"08", "10"}) {
    fresh_outbox();
    files.at.clear();
    files.create(kTrace, trace);
    std::string text;
    for (int i = 0; i < 3; ++i) {
      text += line(std::string{hour} + ":" + std::to_string(i + 1) + "0", "41010020" + std::to_string(i));
    }
    files.create(kConnections, text);
    auto running = capture();
    for (int i = 0; i < 3; ++i) settle(running);
    EXPECT_EQ(counter("connection_lines"), 3) << hour;
    EXPECT_EQ(counter("connection_matched"), 3) << hour;
    EXPECT_EQ(counter("connection_unmatched"), 0) << hour;
    EXPECT_EQ(sealed(), parsed(trace)) << "a cross-check makes no sessions";
  }
}

TEST_F(Connections, AnAttemptThatTheTraceDoesNotTellOfIsCounted) {
  files.create(kTrace, trace);
  auto running = capture();
  settle(running);
  const auto file = files.create(kConnections, line("10:10", "410100200") + line("10:20", "410100201"));
  settle(running);
  running = capture();
  file->bytes += line("10:25", "999888777");
  for (int i = 0; i < 3; ++i) settle(running);
  EXPECT_EQ(counter("connection_matched"), 2);
  EXPECT_EQ(counter("connection_unmatched"), 1);
  EXPECT_EQ(counter("connection_lines"), 3) << "a restart counts nothing twice";
  EXPECT_EQ(counter("states_unreadable"), 0);
}

TEST(ConnectionTraceBeside, StandsInTheSameFolder) {
  EXPECT_EQ(agent::capture::connection_trace_beside("/a/b/anydesk.trace"), "/a/b/connection_trace.txt");
  EXPECT_EQ(agent::capture::connection_trace_beside("C:\\AnyDesk\\ad_svc.trace"),
            "C:\\AnyDesk\\connection_trace.txt");
}

}  // namespace
