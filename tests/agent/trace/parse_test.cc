#include "agent/trace/parse.h"

#include <gtest/gtest.h>

#include <string>

namespace {

using agent::trace::Event;
using agent::trace::EventKind;
using agent::trace::parse;
using agent::trace::Role;
using agent::trace::TraceCounters;

std::string line(const std::string& app, const std::string& module, const std::string& message) {
  return "   info 2026-11-16 08:09:10.123 " + app + " main 1214 1214 61 " + module + " - " + message;
}

struct Row {
  std::string app, module, message;
  EventKind kind;
  std::string text;
  std::uint32_t number = 0;
};

TEST(Parse, KnowsTheLinesThatMatter) {
  const std::vector<Row> rows{
      {"lsvc", "main", "* AnyDesk MAC Startup *", EventKind::startup_block, ""},
      {"ad", "main", "* AnyDesk Linux Startup *", EventKind::startup_block, ""},
      {"front", "main", "* Version 8.1.4 (release/mac_8.1.x 44)", EventKind::version, "8.1.4"},
      {"gsvc", "app.service", "Service startup completed.", EventKind::service_started, ""},
      {"gsvc", "app.service", "Process start: 7919 (frontend).", EventKind::process_start, ""},
      {"lsvc", "main.run_service", "Exiting", EventKind::service_exit, ""},
      {"service", "main", "Exiting normally.", EventKind::service_exit, ""},
      {"service", "app.session", "Session features: filebrowser, chat.", EventKind::session_features,
       " filebrowser, chat"},
      {"service", "app.service", "Creating remote control session.", EventKind::creating_session, ""},
      {"service", "app.session", "1: Connecting to \"1 007 310 192\"", EventKind::connecting_to,
       "1 007 310 192"},
      {"service", "app.session", "1: Connecting to \"a\"b@ad\"", EventKind::connecting_to, "a\"b@ad"},
      {"service", "app.session", "1: Connecting to the backend.", EventKind::incoming_step, ""},
      {"service", "app.session", "2: Requesting a session.", EventKind::outgoing_step, ""},
      {"service", "app.session", "2: Requesting a session at the backend.", EventKind::incoming_step, ""},
      {"service", "app.session", "3: Authentication.", EventKind::other_line, ""},
      {"service", "app.session", "3: Session granted.", EventKind::outgoing_step, ""},
      {"service", "app.session", "4: Frontend ready.", EventKind::outgoing_step, ""},
      {"service", "app.session", "4: Backend ready.", EventKind::incoming_step, ""},
      {"service", "app.session", "5: Entering processing loop.", EventKind::loop_entered, ""},
      {"service", "app.session", "5: Processing done.", EventKind::loop_done, ""},
      {"service", "app.session", "Net socket closed: errno_60.", EventKind::reason,
       "Net socket closed: errno_60"},
      {"service", "app.session", "Net socket error: win32_10060.", EventKind::reason,
       "Net socket error: win32_10060"},
      {"service", "app.session", "IPC socket closed normally.", EventKind::reason,
       "IPC socket closed normally"},
      {"service", "app.session", "Session closed locally: x.", EventKind::reason,
       "Session closed locally: x"},
      {"service", "app.service", "IPC socket closed.", EventKind::other_line, ""},
      {"service", "app.service", "Fiber exit (ipc).", EventKind::fiber_exit_ipc, ""},
      {"service", "app.service", "Fiber exit (net).", EventKind::fiber_exit_net, ""},
      {"service", "fiber.scheduler", "Spawning root fiber 15.", EventKind::root_fiber_spawned, "", 15},
      {"service", "fiber.scheduler", "Spawning root fiber 28 'any_socket_connect'.",
       EventKind::root_fiber_spawned, "", 28},
      {"service", "fiber.scheduler", "Spawning child fiber 7 (parent: 1).", EventKind::other_line, ""},
      {"service", "fiber.scheduler", "Fiber 14 requested quit of fiber 15.", EventKind::fiber_quit_requested,
       "", 15},
      {"service", "fiber.scheduler", "Fiber 22 'ipc_connection' (parent: 1) terminated.",
       EventKind::fiber_terminated, ""},
      {"service", "anynet.any_socket", "Client-ID: 410100201 (FPR: 00).", EventKind::client_id, "410100201"},
      {"service", "anynet.any_socket", "Client-ID: 0 (FPR: 00).", EventKind::other_line, ""},
      {"service", "anynet.connection_mgr", "New user data. Client-ID: 410900001.", EventKind::own_client_id,
       "410900001"},
      {"service", "app.session", "Remote backend restored.", EventKind::backend_restored, ""},
      {"service", "app.session", "Backend was restored. Waiting for the frontend.", EventKind::other_line,
       ""},
      {"service", "app.service", "Connected to 7919 (frontend).", EventKind::window_connected, "", 7919},
      {"service", "app.service", "Connected to 3024 (control:501).", EventKind::other_line, ""},
      {"service", "app.service", "Process stop: 7919.", EventKind::process_stop, "", 7919},
      {"service", "app.service", "Process stop: 7919 (frontend).", EventKind::process_stop, "", 7919},
      {"service", "app.service", "Process stop: 99999999999.", EventKind::other_line, ""},
      {"service", "fiber.ipc_namespace", "Zombie process detected (3248). Fixing the state.",
       EventKind::process_stop, "", 3248},
      {"front", "mac_app.frontend", "Sending a connection request for address 1 007.",
       EventKind::window_request, "1 007"},
      {"frontend", "app.frontend_session", "Requesting session.", EventKind::window_requesting, ""},
      {"frontend", "app.frontend_session", "Starting connect session.", EventKind::other_line, ""},
      {"front", "app.frontend_session", "Session started.", EventKind::window_session_started, ""},
      {"front", "app.frontend_session", "Remote backend restarted. Resuming session.",
       EventKind::window_resumed, ""},
      {"front", "app.frontend_session", "The user has requested a connection quit.", EventKind::window_quit,
       "The user has requested a connection quit"},
      {"front", "app.frontend_session", "The socket was closed remotely.", EventKind::window_socket_closed,
       "The socket was closed remotely"},
      {"front", "app.frontend_session", "Stopping session.", EventKind::window_stopping, ""},
      {"front", "app.frontend_session", "Session stopped.", EventKind::window_session_stopped, ""},
      {"front", "app.frontend_session", "Deleting session.", EventKind::window_deleting, ""},
      {"front", "app.frontend", "Stopping to monitor client 113800597.", EventKind::window_monitor_stopped,
       "113800597"},
      {"front", "app.frontend", "Stopping to monitor client 0.", EventKind::other_line, ""},
      {"front", "mac_app.frontend", "Frontend shutdown.", EventKind::other_line, ""},
      {"front", "mac_app.frontend", "Frontend shutdown complete.", EventKind::window_exit, ""},
      {"frontend", "main", "Exiting normally.", EventKind::window_exit, ""},
  };
  for (const Row& row : rows) {
    TraceCounters counters;
    const std::string text = line(row.app, row.module, row.message);
    const auto event = parse(text, 7, counters);
    ASSERT_TRUE(event) << text;
    EXPECT_EQ(event->kind, row.kind) << text;
    EXPECT_EQ(event->text, row.text) << text;
    EXPECT_EQ(event->number, row.number) << text;
    EXPECT_EQ(event->offset, 7u);
    EXPECT_EQ(event->pid, 1214u);
    EXPECT_EQ(counters.unknown_session, 0u) << text;
  }
}

// The same texts stand in lines of other processes and modules (traces.md §9.14).
TEST(Parse, TestsTheModuleAndTheProcess) {
  TraceCounters counters;
  EXPECT_FALSE(parse(line("back", "app.backend_session", "5: Processing done."), 0, counters));
  EXPECT_FALSE(parse(line("back", "app.frontend_session", "Session started."), 0, counters));
  EXPECT_FALSE(parse(line("tray", "main", "Exiting normally."), 0, counters));
  for (const std::string_view module : {"app.session", "app.backend_session"}) {
    const auto other = parse(line("front", std::string{module}, "Session stopped."), 0, counters);
    ASSERT_TRUE(other) << "it shows the window alive";
    EXPECT_EQ(other->kind, EventKind::other_line);
    EXPECT_EQ(other->role, Role::window);
  }
  const auto event = parse(line("lsvc", "\xE0/\x82", "5: Processing done."), 0, counters);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->kind, EventKind::other_line);
}

TEST(Parse, TakesTheFiberOfSchedulerLinesFromTheMessage) {
  TraceCounters counters;
  const auto event = parse(
      "   info 2026-11-16 08:09:10.123 lsvc main 7 8   fiber.scheduler - Fiber 22 'a' (parent: 1) requested "
      "quit of "
      "fiber 23 'b'.",
      0, counters);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->fiber, 22u);
  EXPECT_EQ(event->number, 23u);
}

TEST(Parse, HandsOnFatalLinesOfAnyProcess) {
  for (const std::string_view app : {"lsvc", "front", "back", "ad"}) {
    TraceCounters counters;
    std::string text = line(std::string{app}, "x.y", "Could not do it.");
    EXPECT_FALSE(parse(text, 0, counters).value_or(Event{}).fatal);
    text.replace(0, 7, "explode");
    const auto event = parse(text, 0, counters);
    ASSERT_TRUE(event) << app;
    EXPECT_TRUE(event->fatal);
    EXPECT_EQ(event->kind, EventKind::other_line);
  }
}

TEST(Parse, CountsWhatNoVersionWritesByStem) {
  TraceCounters counters;
  for (int i = 0; i < 2; ++i) {
    (void)parse(line("lsvc", "app.session", "6: Entering quantum loop " + std::to_string(i) + "."), 0,
                counters);
  }
  (void)parse(line("lsvc", "app.service", "Adopted 12 windows."), 0, counters);
  (void)parse(line("front", "app.frontend_session", "Session frozen."), 0, counters);
  (void)parse(line("back", "app.backend_session", "Session melted."), 0, counters);
  (void)parse(line("lsvc", "anynet.any_socket", "Something else."), 0, counters);
  EXPECT_EQ(counters.unknown_stems.counts(), (std::map<std::string, std::uint64_t>{
                                                 {"#: Entering quantum loop #", 2},
                                                 {"Adopted # windows", 1},
                                                 {"Session frozen", 1},
                                             }));
  EXPECT_EQ(counters.unknown_session, 4u);
}

TEST(Parse, CutsATextThatNoAnyDeskWrites) {
  TraceCounters counters;
  const std::string text =
      line("lsvc", "app.session", "1: Connecting to \"" + std::string(60'000, 'a') + "\"");
  EXPECT_EQ(parse(text, 0, counters)->text.size(), agent::trace::kTextBytesMax);
}

TEST(Parse, CountsWhatItSees) {
  TraceCounters counters;
  for (const std::string& text :
       {std::string{}, std::string{" * * * * *"}, std::string{"end tell"},
        line("lsvc", "app.session", "6: Something new."), line("lsvc", "x", "y"), line("front", "x", "y"),
        line("front", "win_app.frontend", "Sending a connection request for address 1.")}) {
    (void)parse(text, 0, counters);
  }
  EXPECT_EQ(counters.unknown_stems.counts().at("#: Something new"), 1u);
  counters.unknown_stems = {};
  EXPECT_EQ(counters, (TraceCounters{.lines = 7,
                                     .matched = 4,
                                     .blank = 2,
                                     .malformed = 1,
                                     .service_lines = 2,
                                     .events = 1,
                                     .unknown_session = 1,
                                     .window_requests = 1,
                                     .unknown_stems = {}}));
}

}  // namespace
