// diagnose_anydesk(): the instances, their traces, and what may not be read.

#include <algorithm>

#include "agent/commands/doctor_examination.h"
#include "agent/commands/words.h"
#include "common/base/text_table.h"

namespace agent::commands {

namespace {

using discovery::Access;
using discovery::CommentOption;
using discovery::Instance;

constexpr const char* kAnyDesk = "AnyDesk";
constexpr const char* kTraces = "Traces";

std::string shown(const std::string& foreign) {
  return base::cell_text(foreign, 300);
}

// One word of a command line, whatever it holds.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return out + "'";
}

std::string as_service(const Examination& examination) {
  return examination.system == tail::System::windows
             ? "Let the agent run as a service of Windows (LocalSystem), which may read every profile:"
             : "Let the agent run as a service of the system (root), which may read every home.";
}

std::string service_command(const Examination& examination) {
  return examination.system == tail::System::windows ? "deskledger-agent service install" : "";
}

// What the newest session says of the client, where its configuration may not be read.
const SessionView* newest_session_of(const Instance& instance, const Examination& examination) {
  if (!examination.view) return nullptr;
  const auto& sessions = examination.view->told.sessions;
  const auto found = std::find_if(sessions.rbegin(), sessions.rend(), [&](const SessionView& session) {
    return std::ranges::any_of(instance.traces,
                               [&](const auto& trace) { return trace.path == session.source; });
  });
  return found == sessions.rend() ? nullptr : &*found;
}

std::string instance_text(const Instance& instance, const Examination& examination) {
  const auto* session = newest_session_of(instance, examination);
  const auto& conf = instance.conf;
  const std::string version = !conf.version.empty() ? conf.version : session ? session->anydesk_version : "";
  const std::string id = !conf.own_id.empty() ? conf.own_id : session ? session->anydesk_id : "";
  std::string text = shown(discovery::name_of(instance.client));
  if (!version.empty()) text += " " + shown(version);
  text += instance.owner.empty() ? " is installed" : " is in the profile of '" + shown(instance.owner) + "'";
  if (!id.empty()) text += "; its own ID is " + id_text(shown(id));
  if (!conf.alias.empty()) text += " (" + shown(conf.alias) + ")";
  return text + ".";
}

Finding comment_finding(const Instance& instance) {
  const auto& conf = instance.conf;
  const std::string of = conf.license.empty() ? "its licence" : "its licence '" + shown(conf.license) + "'";
  const std::string client = shown(discovery::name_of(instance.client));
  if (conf.comment_option == CommentOption::off) {
    return {.level = Level::ok,
            .topic = kAnyDesk,
            .text = client + " asks for no closing comment: " + of + " does not have that option."};
  }
  return {
      .level = Level::ok,
      .topic = kAnyDesk,
      .text = client + " may ask for a closing comment: " + of +
              " has that option. Whether it is switched on is written nowhere; look into AnyDesk's settings, "
              "General, Miscellaneous."};
}

void add_comment_findings(const Examination& examination, std::vector<Finding>& findings) {
  bool known = false;
  for (const auto& instance : examination.survey.instances) {
    if (instance.conf.comment_option == CommentOption::unknown) continue;
    known = true;
    auto finding = comment_finding(instance);
    const bool told = std::ranges::any_of(findings, [&](const Finding& f) { return f.text == finding.text; });
    if (!told) findings.push_back(std::move(finding));
  }
  if (!known && !examination.survey.instances.empty()) {
    findings.push_back({.level = Level::ok,
                        .topic = kAnyDesk,
                        .text = "Whether AnyDesk asks for a closing comment is not known from its files."});
  }
}

Finding running_finding(const Examination& examination) {
  if (examination.anydesk.empty()) {
    return {.level = Level::hint,
            .topic = kAnyDesk,
            .text = "AnyDesk does not run now.",
            .mend = "Start it, if this workstation is to connect to others."};
  }
  std::string text = "AnyDesk runs: ";
  for (const auto& program : examination.anydesk) {
    text += (&program == &examination.anydesk.front() ? "" : ", ") + shown(program.name);
    if (!program.role.empty()) text += " " + shown(program.role);
    text += " (" + std::to_string(program.pid) + ")";
  }
  return {.level = Level::ok, .topic = kAnyDesk, .text = text + "."};
}

void mend_reading(const discovery::FoundFile& trace, const Examination& examination, Finding& finding) {
  if (examination.system == tail::System::windows) {
    finding.mend = as_service(examination);
    finding.command = service_command(examination);
    return;
  }
  const auto group = examination.reading_groups.find(trace.path);
  if (group != examination.reading_groups.end() && group->second != "root") {
    finding.mend = "Let the agent run as a service (root), or add its account to the group '" +
                   group->second + "', which may read the file, and start the agent anew:";
    finding.command = "sudo usermod -aG " + quoted(group->second) + " " + quoted(examination.account);
  } else if (examination.system == tail::System::macos) {
    finding.mend = "Let the agent run as a service (root), or give its account the right to read the file:";
    finding.command =
        "sudo chmod +a " + quoted(examination.account + " allow read") + " " + quoted(trace.path);
  } else {
    finding.mend = "Let the agent run as a service (root), or give its account the right to read the file:";
    finding.command =
        "sudo setfacl -m " + quoted("u:" + examination.account + ":r") + " " + quoted(trace.path);
  }
}

Finding trace_finding(const discovery::FoundFile& trace, const Examination& examination) {
  Finding finding{.topic = kTraces, .text = {}};
  const std::string path = shown(trace.path);
  switch (trace.access) {
    case Access::readable: finding.text = path + " may be read."; break;
    case Access::missing:
      finding.level = Level::hint;
      finding.text = "AnyDesk's service has not written " + path + " yet.";
      finding.mend = "Start AnyDesk's service; the agent finds the file within seconds.";
      break;
    case Access::not_permitted:
      finding.level = Level::problem;
      finding.text = "'" + shown(examination.account) + "' may not read " + path + ".";
      mend_reading(trace, examination, finding);
      break;
    case Access::unusable:
      finding.level = Level::problem;
      finding.text = path + " cannot be read: " + shown(trace.why) + ".";
      finding.mend = "See what stands at that path; AnyDesk writes a plain file there.";
      break;
  }
  return finding;
}

// The administrator's own home is closed to everybody else, and hardly anybody has AnyDesk in it.
std::vector<std::string> closed_folders(const Examination& examination) {
  auto closed = examination.survey.closed;
  std::erase_if(closed, [](const std::string& folder) { return folder == "/root" || folder == "/var/root"; });
  return closed;
}

Finding closed_finding(const Examination& examination, const std::vector<std::string>& closed) {
  std::string text = "'" + shown(examination.account) + "' may not look into ";
  constexpr std::size_t kShown = 4;
  for (std::size_t i = 0; i < closed.size() && i < kShown; ++i)
    text += (i == 0 ? "" : ", ") + shown(closed[i]);
  if (closed.size() > kShown) text += " and " + std::to_string(closed.size() - kShown) + " more folders";
  text += ": an AnyDesk there is not followed.";
  // Other people's homes are closed to a plain account as they should be.
  return {.level = examination.survey.instances.empty() ? Level::problem : Level::hint,
          .topic = kTraces,
          .text = text,
          .mend = "Others work there, too? " + as_service(examination),
          .command = service_command(examination)};
}

}  // namespace

std::vector<Finding> diagnose_anydesk(const Examination& examination) {
  const auto& survey = examination.survey;
  std::vector<Finding> findings;
  for (const auto& instance : survey.instances) {
    findings.push_back({.topic = kAnyDesk, .text = instance_text(instance, examination)});
  }
  if (survey.instances.empty()) {
    findings.push_back(
        {.level = Level::hint,
         .topic = kAnyDesk,
         .text = "No AnyDesk was found in its usual places.",
         .mend = "Start AnyDesk once. If its files are elsewhere, name them in capture.traces of the "
                 "agent's configuration."});
  }
  findings.push_back(running_finding(examination));
  add_comment_findings(examination, findings);
  if (!examination.default_places) {
    findings.push_back(
        {.level = Level::hint,
         .topic = kTraces,
         .text = "capture.default_places is off: the agent follows only what capture.traces names, "
                 "and not the files below."});
  }
  for (const auto& instance : survey.instances) {
    for (const auto& trace : instance.traces) findings.push_back(trace_finding(trace, examination));
  }
  if (const auto closed = closed_folders(examination); !closed.empty()) {
    findings.push_back(closed_finding(examination, closed));
  }
  return findings;
}

}  // namespace agent::commands
