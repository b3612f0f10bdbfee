// What `doctor` makes of what it looked at.

#include "agent/commands/doctor.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "agent/commands/doctor_examination.h"
#include "agent/commands/single.h"

namespace {

using namespace agent::commands;
using agent::discovery::Access;
using agent::discovery::CommentOption;
using agent::discovery::Instance;
using agent::tail::System;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const timing::UtcMs kNow = timing::from_rfc3339("2026-11-21T10:00:00Z").value();

agent::discovery::FoundFile file(const std::string& path, Access access = Access::readable) {
  return {.path = path, .access = access, .why = access == Access::unusable ? "no regular file" : ""};
}

Instance installed(Access access = Access::readable) {
  return {.client = {},
          .owner = "",
          .folder = "/etc/anydesk",
          .traces = {file("/var/log/anydesk.trace", access)},
          .service_trace = "/var/log/anydesk.trace",
          .connection_trace = file("/etc/anydesk/connection_trace.txt", Access::missing),
          .system_conf = file("/etc/anydesk/system.conf"),
          .user_conf = file("/etc/anydesk/user.conf", Access::missing),
          .conf = {.own_id = "123456789",
                   .alias = "office@ad",
                   .version = "7.1.0",
                   .license = "free-1",
                   .comment_option = CommentOption::off}};
}

AgentView running_view() {
  AgentView view;
  view.identity.workstation = "WS-07";
  view.identity.collector_host = "collector.example.com";
  view.has_outbox = true;
  view.notes["connection"] = {.value = "connected to collector.example.com:7443",
                              .at = kNow - std::chrono::hours{3}};
  view.notes["acknowledged"] = {.value = "12", .at = kNow - std::chrono::seconds{12}};
  view.notes["server_time"] = {.value = timing::to_rfc3339(kNow - std::chrono::seconds{2}), .at = kNow};
  return view;
}

// A machine on which all is well.
Examination well() {
  Examination e;
  e.system = System::gnu_linux;
  e.os = "Debian GNU/Linux 12 (bookworm)";
  e.agent_version = "0.2.0";
  e.account = "eleni";
  e.survey.instances = {installed()};
  e.anydesk = {{.pid = 30, .name = "anydesk", .role = "--tray"},
               {.pid = 200, .name = "anydesk", .role = "--service"}};
  e.now = kNow;
  e.utc_offset_min = 120;
  e.boot_id = "boot-1";
  e.directory = "/home/eleni/.local/share/deskledger-agent";
  e.view = running_view();
  e.running = true;
  e.agents = {{.pid = 300, .name = "deskledger-agen", .role = "run"}};
  e.free_bytes = std::uint64_t{34} << 30;
  return e;
}

// As this system writes it.
std::string with_own_separator(std::string text) {
  const std::string folder = well().directory.string();
  text.replace(text.find(folder + "/outbox.db"), folder.size() + 10,
               (well().directory / "outbox.db").string());
  return text;
}

TEST(Doctor, AllIsWell) {
  EXPECT_EQ(doctor_text(well(), diagnose(well())),
            with_own_separator(R"(deskledger-agent 0.2.0 on Debian GNU/Linux 12 (bookworm), asked by 'eleni'

AnyDesk
  ok       AnyDesk 7.1.0 is installed; its own ID is 123 456 789 (office@ad).
  ok       AnyDesk runs: anydesk --tray (30), anydesk --service (200).
  ok       AnyDesk asks for no closing comment: its licence 'free-1' does not
           have that option.

Traces
  ok       /var/log/anydesk.trace may be read.

Clock
  ok       It is 2026-11-21 10:00:00 UTC; local time is UTC+02:00.
  ok       It agrees with the collector's clock.

Agent
  ok       This workstation is enrolled as 'WS-07'.
  ok       The agent runs.

Collector
  ok       It is connected to collector.example.com:7443, since 2026-11-21
           07:00:00 UTC.

Spool
  ok       /home/eleni/.local/share/deskledger-agent/outbox.db holds nothing
           that the collector has not acknowledged. Last acknowledgement: 12 s
           ago.
  ok       The disk of /home/eleni/.local/share/deskledger-agent has 34 GB left.

All is well.
)"));
}

struct Row {
  const char* what;
  std::function<void(Examination&)> change;
  Level level;
  const char* text;
  const char* mend;
};

TEST(Doctor, Findings) {
  const std::vector<Row> rows = {
      {"no AnyDesk", [](auto& e) { e.survey.instances.clear(); }, Level::hint, "No AnyDesk was found",
       "Start AnyDesk"},
      {"nor may one look", [](auto& e) { e.survey = {.instances = {}, .closed = {"/home/nikos"}}; },
       Level::problem, "may not look into /home/nikos", "root"},
      {"root's home", [](auto& e) { e.survey.closed = {"/root"}; }, Level::ok, "may be read", ""},
      {"another's home", [](auto& e) { e.survey.closed = {"/home/nikos"}; }, Level::hint,
       "may not look into /home/nikos", "root"},
      {"does not run", [](auto& e) { e.anydesk.clear(); }, Level::hint, "AnyDesk does not run", "Start it"},
      {"service trace closed", [](auto& e) { e.survey.instances = {installed(Access::not_permitted)}; },
       Level::problem, "'eleni' may not read /var/log/anydesk.trace.",
       "sudo setfacl -m 'u:eleni:r' '/var/log/anydesk.trace'"},
      {"a group may read it",
       [](auto& e) {
         e.survey.instances = {installed(Access::not_permitted)};
         e.reading_groups = {{"/var/log/anydesk.trace", "adm"}};
       },
       Level::problem, "may not read", "sudo usermod -aG 'adm' 'eleni'"},
      {"only root's group may",
       [](auto& e) {
         e.survey.instances = {installed(Access::not_permitted)};
         e.reading_groups = {{"/var/log/anydesk.trace", "root"}};
       },
       Level::problem, "may not read", "setfacl"},
      {"macOS",
       [](auto& e) {
         e.system = System::macos;
         e.survey.instances = {installed(Access::not_permitted)};
       },
       Level::problem, "may not read", "chmod +a 'eleni allow read'"},
      {"Windows",
       [](auto& e) {
         e.system = System::windows;
         e.survey.instances = {installed(Access::not_permitted)};
       },
       Level::problem, "may not read", "LocalSystem"},
      {"no trace yet", [](auto& e) { e.survey.instances = {installed(Access::missing)}; }, Level::hint,
       "has not written", "Start AnyDesk's service"},
      {"no plain file", [](auto& e) { e.survey.instances = {installed(Access::unusable)}; }, Level::problem,
       "no regular file", "See what stands"},
      {"places are off", [](auto& e) { e.default_places = false; }, Level::hint,
       "capture.default_places is off", ""},
      {"comment allowed", [](auto& e) { e.survey.instances[0].conf.comment_option = CommentOption::allowed; },
       Level::ok, "may ask for a closing comment", ""},
      {"comment unknown", [](auto& e) { e.survey.instances[0].conf.comment_option = CommentOption::unknown; },
       Level::ok, "closing comment is not known", ""},
      {"clock not compared", [](auto& e) { e.view->notes.erase("server_time"); }, Level::ok, "not compared",
       ""},
      {"clock off",
       [](auto& e) {
         e.view->notes["server_time"].value = timing::to_rfc3339(kNow + std::chrono::seconds{90});
       },
       Level::hint, "1 min behind", "timedatectl"},
      {"clock wrong",
       [](auto& e) { e.view->notes["server_time"].value = timing::to_rfc3339(kNow - std::chrono::hours{2}); },
       Level::problem, "2 h ahead of", "timedatectl"},
      {"clock note odd", [](auto& e) { e.view->notes["server_time"].value = "x"; }, Level::ok, "not compared",
       ""},
      {"no boot id", [](auto& e) { e.boot_id.clear(); }, Level::hint, "does not tell one run", ""},
      {"not enrolled", [](auto& e) { e.view = base::fail(base::ErrorCode::not_found, "not enrolled"); },
       Level::problem, "is not enrolled", "deskledger-agent enroll"},
      {"another's folder", [](auto& e) { e.view = base::fail(base::ErrorCode::permission_denied, "no"); },
       Level::hint, "belongs to another account", "sudo deskledger-agent doctor"},
      {"the service's folder",
       [](auto& e) {
         e.view = base::fail(base::ErrorCode::not_found, "not enrolled");
         e.other_directory = "/var/lib/deskledger-agent";
       },
       Level::hint, "/var/lib/deskledger-agent belongs", "sudo deskledger-agent doctor"},
      {"damaged", [](auto& e) { e.view = base::fail(base::ErrorCode::corrupt, "identity.toml: line 3"); },
       Level::problem, "identity.toml: line 3", "damaged"},
      {"configuration", [](auto& e) { e.config_error = "agent.toml:3: no such option"; }, Level::problem,
       "agent.toml:3", "does not start"},
      {"agent stopped", [](auto& e) { e.running = false; }, Level::problem, "The agent does not run.",
       "deskledger-agent run"},
      {"not known", [](auto& e) { e.running = base::fail(base::ErrorCode::permission_denied, "no"); },
       Level::hint, "is not known", ""},
      {"two agents", [](auto& e) { e.agents.push_back({.pid = 301, .name = "x", .role = "run"}); },
       Level::problem, "2 agents run on this machine (300, 301)", "Stop all but one"},
      {"a watcher is no agent",
       [](auto& e) { e.agents.push_back({.pid = 301, .name = "x", .role = "status"}); }, Level::ok,
       "The agent runs.", ""},
      {"capture", [](auto& e) { e.view->notes["capture"] = {.value = "disk full", .at = kNow}; },
       Level::problem, "disk full", "tries again"},
      {"capture ok", [](auto& e) { e.view->notes["capture"] = {.value = "ok", .at = kNow}; }, Level::ok,
       "The agent runs.", ""},
      {"gaps", [](auto& e) { e.view->counters["gaps"] = 2; }, Level::hint, "2 time(s)",
       "Keep the agent running"},
      {"unmatched", [](auto& e) { e.view->counters["connection_unmatched"] = 2; }, Level::hint,
       "of which no trace told, 2 in all", "may not be read"},
      {"damaged outbox", [](auto& e) { e.outbox_damage = "the outbox x was found damaged: record 7"; },
       Level::problem, "was found damaged: record 7.", "Start the agent anew"},
      {"set aside", [](auto& e) { e.set_aside = {"/x/outbox.db.damaged-1"}; }, Level::hint,
       "set aside as /x/outbox.db.damaged-1", "Look at the disk"},
      {"unknown", [](auto& e) { e.view->unknown_messages["6: X"] = 1; }, Level::hint, "(1 kinds)",
       "newer agent"},
      {"no connection",
       [](auto& e) { e.view->notes["connection"].value = "not connected: connection refused"; },
       Level::problem, "connection refused", "agent.md"},
      {"never spoke", [](auto& e) { e.view->notes.erase("connection"); }, Level::hint, "has not spoken", ""},
      {"disk low", [](auto& e) { e.free_bytes = 200U << 20U; }, Level::hint, "200 MB left", "Make space"},
      {"disk full", [](auto& e) { e.free_bytes = 1000; }, Level::problem, "1000 B left", "Make space"},
      {"disk unknown", [](auto& e) { e.free_bytes.reset(); }, Level::hint, "is not known", ""},
      {"pending", [](auto& e) { e.view->pending = 1234; }, Level::ok, "1,234 records", ""},
  };
  for (const auto& row : rows) {
    Examination e = well();
    row.change(e);
    const auto findings = diagnose(e);
    EXPECT_EQ(worst(findings), row.level) << row.what;
    const bool found = std::ranges::any_of(findings, [&](const Finding& f) {
      return f.level == row.level && f.text.find(row.text) != std::string::npos &&
             (f.mend + " " + f.command).find(row.mend) != std::string::npos;
    });
    EXPECT_TRUE(found) << row.what << "\n" << doctor_text(e, findings);
    for (const auto& f : findings) {
      EXPECT_TRUE(f.level == Level::ok || f.text.ends_with('.')) << f.text;
      EXPECT_TRUE(f.level != Level::problem || !f.mend.empty()) << "a problem without a way out: " << f.text;
    }
    EXPECT_THAT(doctor_json(e, findings),
                HasSubstr("\"level\":\"" + std::string{to_string(row.level)} + "\""))
        << row.what;
  }
}

TEST(Doctor, SeveralInstances) {
  Examination e = well();
  Instance custom = installed();
  custom.client = {.prefix = "acme", .msi = true};
  custom.owner = "nikos";
  custom.folder = "C:\\Users\\nikos\\AppData\\Roaming\\AnyDesk\\ad_acme_msi";
  custom.conf = {};
  e.survey.instances.push_back(custom);
  EXPECT_THAT(doctor_text(e, diagnose(e)), AllOf(HasSubstr("AnyDesk 7.1.0 is installed"),
                                                 HasSubstr("acme (MSI) is in the profile of 'nikos'.")));
}

TEST(Doctor, APathWithAQuoteStaysOneWord) {
  Examination e = well();
  e.survey.instances[0].traces = {file("/home/o'neil; rm x/anydesk.trace", Access::not_permitted)};
  EXPECT_THAT(doctor_text(e, diagnose(e)), HasSubstr(R"('/home/o'\''neil; rm x/anydesk.trace')"));
}

TEST(Doctor, TheNewestSessionTellsWhatTheConfigurationDoesNot) {
  Examination e = well();
  e.survey.instances[0].conf = {};
  SessionView session;
  session.source = "/var/log/anydesk.trace";
  session.anydesk_id = "987654321";
  session.anydesk_version = "7.0.1";
  e.view->told.sessions = {session};
  EXPECT_THAT(doctor_text(e, diagnose(e)),
              HasSubstr("AnyDesk 7.0.1 is installed; its own ID is 987 654 321."));
}

TEST(Doctor, NothingForeignReachesTheTerminal) {
  Examination e = well();
  const std::string evil = "a\x1b[2Jb\nc\xff";
  e.account = evil;
  e.os = evil;
  e.config_error = evil;
  e.survey.closed = {evil};
  e.survey.instances[0].owner = evil;
  e.survey.instances[0].client.prefix = evil;
  e.survey.instances[0].conf = {.own_id = evil, .alias = evil, .version = evil, .license = evil};
  e.survey.instances[0].traces = {file(evil, Access::not_permitted), file(evil, Access::unusable)};
  e.anydesk = {{.pid = 1, .name = evil, .role = evil}};
  e.view->identity.workstation = evil;
  e.view->identity.collector_host = evil;
  for (const char* name : {"connection", "capture", "server_time"}) e.view->notes[name].value = evil;
  EXPECT_THAT(doctor_text(e, diagnose(e)), AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\xff"))));
  EXPECT_THAT(doctor_json(e, diagnose(e)), AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\xff"))));
}

TEST(Doctor, ForPrograms) {
  const auto json = doctor_json(well(), diagnose(well()));
  EXPECT_THAT(
      json,
      HasSubstr(
          R"x("version":"0.2.0","system":"Debian GNU/Linux 12 (bookworm)","account":"eleni","level":"ok")x"));
  EXPECT_THAT(
      json,
      HasSubstr(R"("client":"AnyDesk","custom_prefix":null,"msi":false,"user":null,"folder":"/etc/anydesk",)"
                R"("version":"7.1.0","anydesk_id":"123456789","alias":"office@ad","license":"free-1",)"
                R"("closing_comment":"off")"));
  EXPECT_THAT(
      json,
      HasSubstr(R"("clock":{"now_utc":"2026-11-21T10:00:00.000Z","utc_offset_min":120,"boot_id":"boot-1"})"));
  EXPECT_THAT(json, HasSubstr(R"("enrolled":true,"workstation":"WS-07","running":true)"));
}

class DoctorFolder : public ::testing::Test {
 protected:
  DoctorFolder() {
    folder = std::filesystem::path{::testing::TempDir()} /
             ("doctor_" + std::string{::testing::UnitTest::GetInstance()->current_test_info()->name()});
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
  }
  ~DoctorFolder() override { std::filesystem::remove_all(folder); }
  std::filesystem::path folder;
};

TEST_F(DoctorFolder, BeforeEnrolmentItWorksOnThisMachine) {
  std::ostringstream text;
  EXPECT_EQ(
      run_doctor({.config = std::nullopt, .data_directory = folder / "none" / "yet", .json = false}, text),
      1);
  EXPECT_THAT(text.str(), HasSubstr("deskledger-agent"));
  EXPECT_THAT(text.str(), HasSubstr("left."));
  std::ostringstream json;
  EXPECT_EQ(run_doctor({.config = std::nullopt, .data_directory = folder, .json = true}, json), 1);
  EXPECT_TRUE(json.str().ends_with("}}\n")) << json.str();
  EXPECT_TRUE(std::filesystem::is_empty(folder)) << "it changes nothing";
}

TEST_F(DoctorFolder, ABrokenConfigurationIsAFinding) {
  std::ofstream{folder / "agent.toml"} << "[nonsense\n";
  std::ostringstream text;
  EXPECT_EQ(run_doctor({.config = folder / "agent.toml", .data_directory = folder, .json = false}, text), 1);
  EXPECT_THAT(text.str(), HasSubstr("The configuration is not sound"));
}

TEST_F(DoctorFolder, ADamagedOutboxAndOneOfBefore) {
  for (const char* name :
       {"outbox.db", "outbox.db.damaged", "outbox.db.damaged-17", "outbox.db.damaged-17-wal"}) {
    std::ofstream{folder / name} << "record 7 is missing";
  }
  std::ostringstream text;
  EXPECT_EQ(run_doctor({.config = std::nullopt, .data_directory = folder, .json = true}, text), 1);
  EXPECT_THAT(text.str(), HasSubstr("was found damaged: record 7 is missing."));
  EXPECT_THAT(text.str(), HasSubstr("outbox.db.damaged-17."));
  EXPECT_THAT(text.str(), Not(HasSubstr("damaged-17-wal")));
}

TEST_F(DoctorFolder, WhetherAnAgentHoldsTheFolder) {
  EXPECT_EQ(is_taken(folder).value(), false);
  {
    const auto single = Single::take(folder);
    ASSERT_TRUE(single);
    EXPECT_EQ(is_taken(folder).value(), true);
  }
  EXPECT_EQ(is_taken(folder).value(), false);
  EXPECT_TRUE(Single::take(folder)) << "asking does not hold it";
}

}  // namespace
