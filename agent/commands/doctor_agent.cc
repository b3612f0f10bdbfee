// diagnose_agent(): the clock, the agent itself, its collector, its spool.

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "agent/commands/doctor_examination.h"
#include "agent/commands/words.h"
#include "common/base/text_table.h"

namespace agent::commands {

namespace {

constexpr const char* kClock = "Clock";
constexpr const char* kAgent = "Agent";
constexpr const char* kCollector = "Collector";
constexpr const char* kSpool = "Spool";

constexpr std::uint64_t kFreeBytesLow = std::uint64_t{500} << 20;
constexpr std::uint64_t kFreeBytesNone = std::uint64_t{64} << 20;
// Mails tell minutes; a certificate's dates bear less than an hour.
constexpr std::chrono::seconds kClockNoticeable{30};
constexpr std::chrono::seconds kClockWrong{300};

using Findings = std::vector<Finding>;

std::string shown(const std::string& foreign) {
  return base::cell_text(foreign, 400);
}

const outbox::StatusRow* note(const Examination& examination, const char* name) {
  if (!examination.view) return nullptr;
  const auto found = examination.view->notes.find(name);
  return found == examination.view->notes.end() ? nullptr : &found->second;
}

std::string offset_text(std::int32_t minutes) {
  char text[32];
  std::snprintf(text, sizeof text, "UTC%c%02d:%02d", minutes < 0 ? '-' : '+', std::abs(minutes) / 60,
                std::abs(minutes) % 60);
  return text;
}

void add_clock(const Examination& examination, Findings& findings) {
  findings.push_back({.topic = kClock,
                      .text = "It is " + time_text(examination.now) + " UTC; local time is " +
                              offset_text(examination.utc_offset_min) + "."});
  if (examination.boot_id.empty()) {
    findings.push_back({.level = Level::hint,
                        .topic = kClock,
                        .text =
                            "The system does not tell one run of the machine from the next: a session during "
                            "which it restarts has AnyDesk's times only."});
  }
  const auto* server = note(examination, "server_time");
  const auto told = server ? timing::from_rfc3339(server->value) : base::fail(base::ErrorCode::not_found, "");
  if (!told) {
    findings.push_back({.topic = kClock, .text = "It was not compared with the collector's clock yet."});
    return;
  }
  const auto ahead = server->at - *told;
  const auto apart = std::chrono::abs(ahead);
  if (apart < kClockNoticeable) {
    findings.push_back({.topic = kClock, .text = "It agrees with the collector's clock."});
    return;
  }
  findings.push_back({.level = apart < kClockWrong ? Level::hint : Level::problem,
                      .topic = kClock,
                      .text = "It was " + span_text(apart) + (ahead.count() > 0 ? " ahead of" : " behind") +
                              " the collector's clock when they last spoke, " +
                              span_text(examination.now - server->at) + " ago.",
                      .mend = "Let the system set its clock by the network:",
                      .command = examination.system == tail::System::windows ? "w32tm /resync"
                                 : examination.system == tail::System::macos
                                     ? "sudo systemsetup -setusingnetworktime on"
                                     : "sudo timedatectl set-ntp true"});
}

bool is_enrolled(const Examination& examination) {
  return examination.view || examination.view.error().code != base::ErrorCode::not_found;
}

void add_enrolment(const Examination& examination, Findings& findings) {
  if (!examination.config_error.empty()) {
    findings.push_back(
        {.level = Level::problem,
         .topic = kAgent,
         .text = "The configuration is not sound: " + shown(examination.config_error) + ".",
         .mend = "The agent does not start before that is right. agent.full.toml explains all options."});
  }
  if (examination.view) {
    findings.push_back(
        {.topic = kAgent,
         .text = "This workstation is enrolled as '" + shown(examination.view->identity.workstation) + "'."});
  } else if (examination.view.error().code == base::ErrorCode::permission_denied ||
             !examination.other_directory.empty()) {
    const auto folder =
        examination.other_directory.empty() ? examination.directory : examination.other_directory;
    findings.push_back({.level = Level::hint,
                        .topic = kAgent,
                        .text = "The agent's folder " + shown(folder.string()) +
                                " belongs to another account. What is said here of rights is meant for '" +
                                shown(examination.account) + "', not for the agent.",
                        .mend = "Ask again as that account:",
                        .command = examination.system == tail::System::windows
                                       ? "deskledger-agent doctor   (in a console of the administrator)"
                                       : "sudo deskledger-agent doctor"});
  } else if (!is_enrolled(examination)) {
    findings.push_back({.level = Level::problem,
                        .topic = kAgent,
                        .text = "This workstation is not enrolled.",
                        .mend = "Ask the collector's administrator for a token, then:",
                        .command = "deskledger-agent enroll --collector HOST --token dlt1_..."});
  } else {
    findings.push_back(
        {.level = Level::problem,
         .topic = kAgent,
         .text = "The agent's folder cannot be read: " + shown(examination.view.error().message) + ".",
         .mend = "If it is damaged: the agent sets a damaged outbox aside by itself when it starts; "
                 "without its identity it must be enrolled again."});
  }
}

void add_running(const Examination& examination, Findings& findings) {
  const auto runs = [](const platform::RunningProgram& program) { return program.role == "run"; };
  const auto count = std::ranges::count_if(examination.agents, runs);
  if (count > 1) {
    std::string pids;
    for (const auto& program : examination.agents) {
      if (runs(program)) pids += (pids.empty() ? "" : ", ") + std::to_string(program.pid);
    }
    findings.push_back({.level = Level::problem,
                        .topic = kAgent,
                        .text = std::to_string(count) + " agents run on this machine (" + pids +
                                "): each tells its collector of the same sessions.",
                        .mend = "Stop all but one, most likely those that were started by hand."});
  }
  if (examination.running && *examination.running) {
    findings.push_back({.topic = kAgent, .text = "The agent runs."});
  } else if (examination.view) {
    const bool known = examination.running.has_value();
    findings.push_back({.level = known ? Level::problem : Level::hint,
                        .topic = kAgent,
                        .text = known ? "The agent does not run."
                                      : "Whether the agent runs is not known: " +
                                            shown(examination.running.error().message) + ".",
                        .mend = known ? "Start it; what AnyDesk writes meanwhile is read later:" : "",
                        .command = !known ? ""
                                   : examination.system == tail::System::windows
                                       ? "deskledger-agent service start"
                                   : examination.administrator ? "systemctl start deskledger-agent"
                                                               : "deskledger-agent run"});
  }
}

void add_capture(const Examination& examination, Findings& findings) {
  if (!examination.view) return;
  if (const auto* capture = note(examination, "capture"); capture != nullptr && capture->value != "ok") {
    findings.push_back(
        {.level = Level::problem,
         .topic = kAgent,
         .text = "Since " + time_text(capture->at) +
                 " UTC capture is not complete: " + shown(capture->value) + ".",
         .mend = "The agent tries again by itself; nothing is lost as long as AnyDesk keeps its file."});
  }
  const auto count = [&](const char* name) {
    const auto found = examination.view->counters.find(name);
    return found == examination.view->counters.end() ? 0 : found->second;
  };
  if (count("gaps") > 0) {
    findings.push_back(
        {.level = Level::hint,
         .topic = kAgent,
         .text = "Lines of a trace were lost before they were read, " + grouped(count("gaps")) +
                 " time(s) in all; the collector was told.",
         .mend = "Keep the agent running: AnyDesk drops its oldest lines when a trace reaches 1 MiB."});
  }
  if (count("connection_unmatched") > 0) {
    findings.push_back(
        {.level = Level::hint,
         .topic = kAgent,
         .text = "AnyDesk's connection_trace.txt names outgoing connections of which no trace told, " +
                 grouped(count("connection_unmatched")) + " in all.",
         .mend = "If a trace above may not be read, that is why; else compare them with "
                 "`deskledger-agent status`."});
  }
  if (!examination.view->unknown_messages.empty()) {
    findings.push_back(
        {.level = Level::hint,
         .topic = kAgent,
         .text = "AnyDesk writes session messages that this version does not know (" +
                 grouped(static_cast<std::int64_t>(examination.view->unknown_messages.size())) +
                 " kinds): perhaps it was updated.",
         .mend = "See whether there is a newer agent; these are the messages:",
         .command = "deskledger-agent status"});
  }
}

void add_connection(const Examination& examination, Findings& findings) {
  if (!examination.view) return;
  const auto& identity = examination.view->identity;
  const std::string where = shown(identity.collector_host) + ":" + std::to_string(identity.collector_port);
  const auto* connection = note(examination, "connection");
  if (connection == nullptr) {
    findings.push_back({.level = Level::hint,
                        .topic = kCollector,
                        .text = "The agent has not spoken with its collector at " + where + " yet.",
                        .mend = "It does so as soon as it runs."});
    return;
  }
  const bool runs = examination.running && *examination.running;
  if (connection->value.starts_with("connected") && runs) {
    findings.push_back(
        {.topic = kCollector,
         .text = "It is " + shown(connection->value) + ", since " + time_text(connection->at) + " UTC."});
  } else if (!runs) {
    findings.push_back({.level = Level::hint,
                        .topic = kCollector,
                        .text = "The last the agent said of " + where + ", at " + time_text(connection->at) +
                                " UTC: " + shown(connection->value) + "."});
  } else {
    findings.push_back(
        {.level = Level::problem,
         .topic = kCollector,
         .text = "Since " + time_text(connection->at) + " UTC: " + shown(connection->value) + ".",
         .mend = "docs/operating/agent.md, \"When it does not connect\". Records are kept meanwhile."});
  }
}

void add_spool(const Examination& examination, Findings& findings) {
  const std::string path = shown((examination.directory / "outbox.db").string());
  const std::string folder = shown(examination.directory.string());
  if (examination.view && examination.view->has_outbox) {
    const auto pending = static_cast<std::int64_t>(examination.view->pending);
    std::string text = path + " holds " + (pending == 0 ? "nothing" : grouped(pending) + " records") +
                       " that the collector has not acknowledged.";
    if (const auto* ack = note(examination, "acknowledged")) {
      text += " Last acknowledgement: " + span_text(examination.now - ack->at) + " ago.";
    }
    findings.push_back({.topic = kSpool, .text = text});
  } else if (examination.view) {
    findings.push_back({.topic = kSpool, .text = path + " is made when the agent runs for the first time."});
  }
  if (!examination.outbox_damage.empty()) {
    findings.push_back({.level = Level::problem,
                        .topic = kSpool,
                        .text = shown(examination.outbox_damage) + ".",
                        .mend =
                            "Start the agent anew: it sets the file aside, begins another one and reads the "
                            "traces again. Then look at the disk."});
  }
  for (const auto& file : examination.set_aside) {
    findings.push_back(
        {.level = Level::hint,
         .topic = kSpool,
         .text = "A damaged outbox was set aside as " + shown(file.string()) + ".",
         .mend = "Look at the disk. Once nobody asks about it any more the file can be removed."});
  }
  if (!examination.free_bytes) {
    findings.push_back({.level = Level::hint,
                        .topic = kSpool,
                        .text = "How much space the disk of " + folder + " has is not known."});
    return;
  }
  const bool none = *examination.free_bytes < kFreeBytesNone;
  const bool low = *examination.free_bytes < kFreeBytesLow;
  findings.push_back(
      {.level = none  ? Level::problem
                : low ? Level::hint
                      : Level::ok,
       .topic = kSpool,
       .text = "The disk of " + folder + " has " + size_text(*examination.free_bytes) + " left.",
       .mend = low ? "Make space: without any the agent stops reading until there is some again." : ""});
}

}  // namespace

std::vector<Finding> diagnose_agent(const Examination& examination) {
  Findings findings;
  add_clock(examination, findings);
  add_enrolment(examination, findings);
  add_running(examination, findings);
  add_capture(examination, findings);
  add_connection(examination, findings);
  add_spool(examination, findings);
  return findings;
}

std::vector<Finding> diagnose(const Examination& examination) {
  auto findings = diagnose_anydesk(examination);
  for (auto& finding : diagnose_agent(examination)) findings.push_back(std::move(finding));
  return findings;
}

Level worst(const std::vector<Finding>& findings) {
  Level level = Level::ok;
  for (const auto& finding : findings) level = std::max(level, finding.level);
  return level;
}

std::string_view to_string(Level level) {
  switch (level) {
    case Level::ok: return "ok";
    case Level::hint: return "hint";
    case Level::problem: break;
  }
  return "problem";
}

}  // namespace agent::commands
