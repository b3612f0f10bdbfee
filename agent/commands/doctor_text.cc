// doctor_text() and doctor_json(): the same findings for people and for programs.

#include <algorithm>

#include "agent/commands/doctor_examination.h"
#include "agent/commands/json.h"
#include "agent/commands/words.h"
#include "common/base/text_table.h"

namespace agent::commands {

namespace {

constexpr std::size_t kIndent = 11;

std::string finding_text(const Finding& finding) {
  std::string label = "  " + std::string{to_string(finding.level)};
  label.append(kIndent - label.size(), ' ');
  std::string out = label + wrapped(finding.text, kIndent, kIndent) + "\n";
  const std::string indent(kIndent, ' ');
  if (!finding.mend.empty()) out += indent + "-> " + wrapped(finding.mend, kIndent + 3, kIndent + 3) + "\n";
  if (!finding.command.empty()) out += indent + "   " + base::cell_text(finding.command, 500) + "\n";
  return out;
}

std::string summary(const std::vector<Finding>& findings) {
  const auto count = [&](Level level) { return std::ranges::count(findings, level, &Finding::level); };
  const auto plural = [](std::ptrdiff_t number, const std::string& noun) {
    return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
  };
  const auto problems = count(Level::problem);
  const auto hints = count(Level::hint);
  if (problems == 0 && hints == 0) return "All is well.\n";
  if (problems == 0) return "All is well; " + plural(hints, "hint") + ".\n";
  return plural(problems, "problem") + (hints > 0 ? " and " + plural(hints, "hint") : "") +
         ": each says after the arrow what to do.\n";
}

void put(const discovery::FoundFile& file, Json& json) {
  json.begin_object().put("path", file.path).put("access", discovery::to_string(file.access));
  json.put_text("why", file.why).end_object();
}

void put(const discovery::Instance& instance, Json& json) {
  json.begin_object().put("client", discovery::name_of(instance.client));
  json.put_text("custom_prefix", instance.client.prefix).put("msi", instance.client.msi);
  json.put_text("user", instance.owner).put("folder", instance.folder);
  json.put_text("version", instance.conf.version).put_text("anydesk_id", instance.conf.own_id);
  json.put_text("alias", instance.conf.alias).put_text("license", instance.conf.license);
  json.put("closing_comment", discovery::to_string(instance.conf.comment_option));
  json.put_text("service_trace", instance.service_trace).name("traces").begin_array();
  for (const auto& trace : instance.traces) put(trace, json);
  json.end_array().name("connection_trace");
  put(instance.connection_trace, json);
  json.name("system_conf");
  put(instance.system_conf, json);
  json.name("user_conf");
  put(instance.user_conf, json);
  json.end_object();
}

void put(const std::vector<platform::RunningProgram>& programs, Json& json) {
  json.begin_array();
  for (const auto& program : programs) {
    json.begin_object()
        .put("pid", program.pid)
        .put("name", program.name)
        .put_text("role", program.role)
        .end_object();
  }
  json.end_array();
}

void put_agent(const Examination& examination, Json& json) {
  const auto& view = examination.view;
  json.name("agent").begin_object().put("enrolled", view.has_value());
  json.put_text("workstation", view ? view->identity.workstation : "");
  json.put("running", examination.running ? std::optional{*examination.running} : std::nullopt);
  json.name("processes");
  put(examination.agents, json);
  json.put("folder", examination.directory.string());
  json.put("records_pending", view ? std::optional{view->pending} : std::nullopt);
  json.put("free_bytes", examination.free_bytes).name("notes").begin_object();
  if (view) {
    for (const auto& [name, note] : view->notes) {
      json.name(name).begin_object().put("value", note.value).put("at_utc", note.at).end_object();
    }
  }
  json.end_object().end_object();
}

}  // namespace

std::string doctor_text(const Examination& examination, const std::vector<Finding>& findings) {
  std::string out = "deskledger-agent " + examination.agent_version + " on " +
                    base::cell_text(examination.os, 60) + ", asked by '" +
                    base::cell_text(examination.account, 60) + "'\n";
  std::string topic;
  for (const auto& finding : findings) {
    if (finding.topic != topic) out += "\n" + finding.topic + "\n";
    topic = finding.topic;
    out += finding_text(finding);
  }
  return out + "\n" + summary(findings);
}

std::string doctor_json(const Examination& examination, const std::vector<Finding>& findings) {
  Json json;
  json.begin_object().put("version", examination.agent_version).put("system", examination.os);
  json.put("account", examination.account).put("level", to_string(worst(findings)));
  json.name("findings").begin_array();
  for (const auto& finding : findings) {
    json.begin_object().put("level", to_string(finding.level)).put("topic", finding.topic);
    json.put("text", finding.text)
        .put_text("mend", finding.mend)
        .put_text("command", finding.command)
        .end_object();
  }
  json.end_array().name("anydesk").begin_array();
  for (const auto& instance : examination.survey.instances) put(instance, json);
  json.end_array().name("anydesk_processes");
  put(examination.anydesk, json);
  json.name("closed_folders").begin_array();
  for (const auto& folder : examination.survey.closed) json.value(folder);
  json.end_array().name("clock").begin_object().put("now_utc", examination.now);
  json.put("utc_offset_min", examination.utc_offset_min)
      .put_text("boot_id", examination.boot_id)
      .end_object();
  put_agent(examination, json);
  json.end_object();
  return json.text();
}

}  // namespace agent::commands
