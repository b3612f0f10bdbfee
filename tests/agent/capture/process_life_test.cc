// What besides the trace's own lines ends or flags a session: processes, restarts of the machine, time, and
// which of AnyDesk's two traces can be read.

#include <array>
#include <cstdio>

#include "common/record/terminal_digest.h"
#include "tests/agent/capture/world.h"

namespace {

using namespace capture_tests;
using namespace std::chrono_literals;
using agent::process::EndCause;
using agent::process::Identity;
using agent::process::Look;
using agent::process::Seen;

constexpr const char* kWindowTrace = "/home/anna/.anydesk/anydesk.trace";
constexpr std::uint32_t kService = 700, kWindow = 800;

// Processes as a test wants them.
class Processes final : public agent::process::ProcessWatch {
 public:
  std::map<std::uint32_t, std::uint64_t> alive;  // pid and birth.
  std::set<std::uint32_t> watched;
  std::vector<agent::process::End> ends;

  void end(std::uint32_t pid, EndCause cause) {
    if (watched.contains(pid)) ends.push_back({.who = {.pid = pid, .born = alive.at(pid)}, .cause = cause});
    alive.erase(pid);
  }

  base::Waitable waitable() const override { return base::kNotWaitable; }
  Look watch(std::uint32_t pid) override {
    if (!alive.contains(pid)) return {.seen = Seen::gone, .who = {}};
    watched.insert(pid);
    return {.seen = Seen::alive, .who = Identity{.pid = pid, .born = alive.at(pid)}};
  }
  void forget(std::uint32_t pid) override { watched.erase(pid); }
  std::vector<agent::process::End> drain() override { return std::exchange(ends, {}); }
};

class SecondWitness : public World {
 protected:
  SecondWitness() {
    processes.alive = {{kService, 11}, {kWindow, 12}};
    service = files.create(kTrace);
    window = files.create(kWindowTrace);
    begin();
  }

  // A new agent on the same outbox.
  void begin() {
    running.reset();
    running = std::make_unique<Capture>(
        locked, *outbox, clock, std::vector<std::string>{"/var/log/*.trace", kWindowTrace},
        agent::tail::LetterCase::sensitive, agent::tail::CutShape{}, options, &processes);
    step();
  }
  void step() { settle(running); }
  void wait(std::chrono::milliseconds time) {
    clock.advance(time);
    step();
  }

  void log(std::string& into, const char* app, std::uint32_t pid, int fiber, const char* module,
           const std::string& message) {
    const std::string at = timing::to_rfc3339(clock.utc());  // 2026-11-16T08:00:00.000Z
    std::array<char, 400> line{};
    std::snprintf(line.data(), line.size(), "   info %s %s %10s   main %6u %6u %4s %32s - %s\n",
                  at.substr(0, 10).c_str(), at.substr(11, 12).c_str(), app, pid, pid + 1,
                  fiber == 0 ? "" : std::to_string(fiber).c_str(), module, message.c_str());
    into += line.data();
  }
  void service_line(const char* module, const std::string& message, int fiber = 7) {
    log(service->bytes, "service", kService, fiber, module, message);
  }
  void window_line(const char* module, const std::string& message) {
    log(window->bytes, "frontend", kWindow, 0, module, message);
  }

  // A session begins in both traces, and the agent reads it at once.
  void session_begins(bool service_logs = true) {
    window_line("unix_app.frontend", "Sending a connection request for address 410100201.");
    window_line("app.frontend_session", "Requesting session.");
    clock.advance(100ms);
    if (service_logs) {
      service_line("app.service", "Connected to 800 (frontend).");
      service_line("app.session", "Session features: deskrt, clipboard.");
      service_line("app.service", "Creating remote control session.");
      service_line("app.session", "1: Connecting to \"410100201\"");
    }
    wait(8s);
    if (service_logs) service_line("app.session", "5: Entering processing loop.");
    window_line("app.frontend_session", "Session started.");
    step();
  }
  void session_ends() {
    service_line("app.session", "IPC socket closed normally.");
    service_line("app.session", "5: Processing done.");
    service_line("app.service", "Fiber exit (ipc).");
    step();
  }

  std::map<std::string, wire::SessionFact> sessions() {
    std::map<std::string, wire::SessionFact> last;
    for (const auto& fact : facts()) {
      if (fact.has_session()) last[fact.session().session_key()] = fact.session();
    }
    return last;
  }
  wire::SessionFact only() {
    const auto all = sessions();
    EXPECT_EQ(all.size(), 1u);
    return all.empty() ? wire::SessionFact{} : all.begin()->second;
  }

  agent::capture::Options options;
  Processes processes;
  std::shared_ptr<agent::tail::testing::MemoryFile> service, window;
  std::unique_ptr<Capture> running;
};

TEST_F(SecondWitness, AServiceThatEndsWithoutALastLineEndsItsSessions) {
  const struct {
    EndCause how;
    wire::AbandonCause want;
  } rows[] = {{EndCause::kill, wire::ABANDON_CAUSE_KILL},
              {EndCause::crash, wire::ABANDON_CAUSE_CRASH},
              {EndCause::log_off, wire::ABANDON_CAUSE_LOG_OFF},
              {EndCause::unknown, wire::ABANDON_CAUSE_UNSPECIFIED},
              {EndCause::normal, wire::ABANDON_CAUSE_UNSPECIFIED}};
  for (const auto& row : rows) {
    fresh_outbox();
    service->bytes.clear();
    window->bytes.clear();
    processes.alive = {{kService, 11}, {kWindow, 12}};
    begin();
    session_begins();
    EXPECT_EQ(only().outcome(), wire::OUTCOME_ACTIVE);
    EXPECT_TRUE(processes.watched.contains(kService));
    wait(600s);
    processes.end(kService, row.how);
    step();
    EXPECT_EQ(only().outcome(), wire::OUTCOME_ABANDONED);
    EXPECT_EQ(only().abandon_cause(), row.want);
    EXPECT_EQ(only().last_seen_utc_ms(), timing::to_ms(clock.utc()));
    EXPECT_FALSE(only().has_ended_utc_ms()) << "an end is never made up";
    EXPECT_EQ(counter("process_ends"), 1);
    step();
    EXPECT_FALSE(processes.watched.contains(kService));
  }
}

TEST_F(SecondWitness, WhatAProcessWroteBeforeItsEndCounts) {
  session_begins();
  clock.advance(60s);
  service_line("app.session", "IPC socket closed normally.");
  service_line("app.session", "5: Processing done.");
  processes.end(kService, EndCause::kill);
  step();
  EXPECT_EQ(only().outcome(), wire::OUTCOME_COMPLETED);
  EXPECT_EQ(only().ended_utc_ms(), timing::to_ms(clock.utc()));
}

TEST_F(SecondWitness, AVanishedWindowWaitsForTheServicesWord) {
  for (const bool service_speaks : {true, false}) {
    fresh_outbox();
    service->bytes.clear();
    window->bytes.clear();
    processes.alive = {{kService, 11}, {kWindow, 12}};
    begin();
    session_begins();
    wait(60s);
    const auto end = timing::to_ms(clock.utc());
    processes.end(kWindow, EndCause::crash);
    step();
    EXPECT_EQ(only().outcome(), wire::OUTCOME_ACTIVE);
    wait(59s);
    if (service_speaks) session_ends();
    wait(60s);
    EXPECT_EQ(only().outcome(), service_speaks ? wire::OUTCOME_COMPLETED : wire::OUTCOME_ABANDONED);
    if (service_speaks) continue;
    EXPECT_EQ(only().abandon_cause(), wire::ABANDON_CAUSE_CRASH);
    EXPECT_EQ(only().last_seen_utc_ms(), end);
  }
}

TEST_F(SecondWitness, AProcessThatWasNeverSeenProvesNothing) {
  processes.alive.clear();  // Another pid namespace, perhaps.
  session_begins();
  wait(600s);
  EXPECT_EQ(only().outcome(), wire::OUTCOME_ACTIVE);
}

TEST_F(SecondWitness, AnAgentThatWasAwayWhenTheProcessEndedFindsOut) {
  session_begins();
  wait(70s);
  const auto seen = timing::to_ms(clock.utc());
  running.reset();
  clock.advance(600s);
  processes.alive.erase(kService);
  begin();
  EXPECT_EQ(only().outcome(), wire::OUTCOME_ABANDONED);
  EXPECT_EQ(only().last_seen_utc_ms(), seen) << "when it was last seen alive, not when it was missed";
}

TEST_F(SecondWitness, ARestartOfTheMachineEndsWhatItHeld) {
  session_begins();
  wait(70s);
  const auto seen = timing::to_ms(clock.utc());
  running.reset();
  processes.alive.clear();
  clock.advance(600s);
  clock.restart("boot-2");
  begin();
  EXPECT_EQ(only().outcome(), wire::OUTCOME_ABANDONED);
  EXPECT_EQ(only().abandon_cause(), wire::ABANDON_CAUSE_POWER);
  EXPECT_EQ(only().last_seen_utc_ms(), seen);
}

TEST_F(SecondWitness, ARestartOfTheAgentAloneEndsNothing) {
  session_begins();
  for (int i = 0; i < 3; ++i) {
    clock.advance(30s);
    begin();
    EXPECT_EQ(only().outcome(), wire::OUTCOME_ACTIVE);
  }
  clock.advance(30s);
  session_ends();
  EXPECT_EQ(only().outcome(), wire::OUTCOME_COMPLETED);
  EXPECT_EQ(only().duration_boot_ms(), 120'000) << "each agent reads as it is written";
}

TEST_F(SecondWitness, ASecondDurationThatNoClockSettingTouches) {
  session_begins();
  clock.advance(300s);
  clock.set_utc(clock.utc() + 1h);
  wait(300s);
  session_ends();
  EXPECT_EQ(only().ended_utc_ms() - only().started_utc_ms(), 600'000 + 3'600'000);
  EXPECT_NEAR(static_cast<double>(only().duration_boot_ms()), 600'000, only().duration_boot_uncertainty_ms());
  EXPECT_TRUE(only().clock_jumped());
}

TEST_F(SecondWitness, WithoutASettingBothDurationsAgree) {
  session_begins();
  clock.set_utc_offset_min(60);  // The clocks go back: local time only.
  wait(600s);
  session_ends();
  EXPECT_EQ(only().ended_utc_ms() - only().started_utc_ms(), 600'000);
  EXPECT_EQ(only().duration_boot_ms(), 600'000);
  EXPECT_FALSE(only().clock_jumped());
}

TEST_F(SecondWitness, AForgottenSessionIsFlaggedWhileItRuns) {
  session_begins();
  for (int hours = 0; hours < 13; ++hours) wait(1h);
  EXPECT_EQ(only().outcome(), wire::OUTCOME_ACTIVE);
  EXPECT_TRUE(only().over_length());
  std::size_t told = facts().size();
  wait(1h);
  EXPECT_EQ(facts().size(), told) << "once";
  session_ends();
  EXPECT_TRUE(only().over_length());
}

TEST_F(SecondWitness, TheWindowIsBelievedWhereTheServiceCannotBeRead) {
  locked.locked.insert(kTrace);
  begin();
  session_begins();
  EXPECT_TRUE(sessions().empty()) << "it waits for the service";
  wait(10s);
  EXPECT_EQ(only().witness(), wire::WITNESS_WINDOW);
  EXPECT_EQ(only().remote_id(), "410100201");
  EXPECT_EQ(only().outcome(), wire::OUTCOME_ACTIVE);
  EXPECT_GT(only().doubts_size(), 0);
  EXPECT_EQ(counter("sessions_by_window"), 1);
  const std::string key = only().session_key();

  // Somebody mends the rights: the same session, by the better witness, under the same key.
  locked.locked.clear();
  step();
  EXPECT_EQ(only().session_key(), key);
  EXPECT_EQ(only().witness(), wire::WITNESS_SERVICE);
  clock.advance(50s);
  window_line("app.frontend_session", "Session stopped.");
  session_ends();
  wait(20s);
  EXPECT_EQ(only().outcome(), wire::OUTCOME_COMPLETED);
  EXPECT_EQ(only().witness(), wire::WITNESS_SERVICE);
}

TEST_F(SecondWitness, TheWindowIsSilentWhereTheServiceTells) {
  session_begins();
  wait(60s);
  window_line("app.frontend_session", "Stopping session.");
  window_line("app.frontend_session", "Session stopped.");
  session_ends();
  wait(60s);
  EXPECT_EQ(only().witness(), wire::WITNESS_SERVICE);
  EXPECT_EQ(counter("sessions_by_window"), 0);
}

TEST_F(SecondWitness, AGapHasATimeSpan) {
  service_line("app.service", "Waiting for messages.", 0);
  step();
  const auto from = timing::to_ms(clock.utc());
  clock.advance(1h);
  service->bytes.clear();
  for (int i = 0; i < 200; ++i)
    service_line("app.service", "Waiting for messages, number " + std::to_string(i), 0);
  const auto to = timing::to_ms(clock.utc());
  step();
  ASSERT_EQ(gaps().size(), 1u);
  EXPECT_EQ(gaps()[0].from_utc_ms(), from);
  EXPECT_EQ(gaps()[0].to_utc_ms(), to);
}

TEST_F(SecondWitness, SessionsOfUnregisteredTerminalsStayHereUntilTheyAreRegistered) {
  options.unregistered = agent::capture::Unregistered::ignore;
  begin();
  session_begins();
  wait(60s);
  session_ends();
  EXPECT_TRUE(sessions().empty());
  EXPECT_GT(counter("facts_withheld"), 0);
  begin();
  running->set_terminals(3, {record::terminal_digest("410100201")});
  step();
  EXPECT_EQ(only().outcome(), wire::OUTCOME_COMPLETED);
  EXPECT_EQ(only().remote_id(), "410100201");
  begin();
  EXPECT_EQ(running->terminals_version(), 3u);
}

}  // namespace
