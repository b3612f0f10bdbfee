#include "collector/commands/agent_change.h"

#include <boost/json.hpp>
#include <ostream>

#include "collector/actions/agents.h"
#include "collector/commands/named_agent.h"
#include "collector/commands/person.h"
#include "collector/commands/token.h"
#include "collector/commands/workspace.h"
#include "common/base/hex.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

constexpr std::int64_t kAlarmsMax = 20;

std::string words_of(const store::AgentRow& agent) {
  return base::cell_text(agent.workstation, 80) + " (" + base::to_hex(agent.agent_id) + ")";
}

json::object to_json(const store::AgentRow& agent, const char* state) {
  return {{"agent", base::to_hex(agent.agent_id)}, {"workstation", agent.workstation}, {"state", state}};
}

base::Result<store::AgentRow> look_up(Workspace& workspace, const std::string& name) {
  store::AgentRow row;
  const auto read = workspace.database.read([&](store::Transaction& tx) -> base::Status {
    auto agent = named_agent(tx, name);
    if (!agent) return std::unexpected{agent.error()};
    row = *std::move(agent);
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  return row;
}

json::array alarms_json(const std::vector<store::AlarmRow>& alarms) {
  json::array list;
  for (const auto& alarm : alarms) {
    list.push_back(json::object{{"id", alarm.id},
                                {"kind", alarm.kind},
                                {"epoch", alarm.epoch},
                                {"seq", alarm.seq},
                                {"detail", alarm.detail},
                                {"raised_utc", timing::to_rfc3339(alarm.raised)}});
  }
  return list;
}

void print_quarantine(const store::AgentRow& agent, const std::vector<store::AlarmRow>& alarms,
                      std::ostream& out) {
  out << words_of(agent) << " is in quarantine since " << timing::to_rfc3339(*agent.quarantined) << ": "
      << base::cell_text(agent.quarantine_reason, 300) << '\n';
  for (const auto& alarm : alarms) {
    out << "  alarm " << alarm.id << ", " << timing::to_rfc3339(alarm.raised) << ", " << alarm.kind
        << " at epoch " << alarm.epoch << ", record " << alarm.seq << ": "
        << base::cell_text(alarm.detail, 300) << '\n';
  }
}

}  // namespace

int run_revoke(const RevokeOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  store::AgentRow agent;
  const auto done = workspace->database.transaction([&](store::Transaction& tx) -> base::Status {
    auto named = named_agent(tx, options.agent);
    if (!named) return std::unexpected{named.error()};
    agent = *std::move(named);
    return actions::revoke_agent(tx, this_actor(options.reason), agent.agent_id);
  });
  if (!done) return report(err, done.error());
  if (options.json) {
    out << to_json(agent, "revoked") << '\n';
    return 0;
  }
  out << words_of(agent) << " is revoked: nothing more is taken from it. Its records stay.\n"
      << "Should it come back: deskledger-collector agents re-enrol " << base::to_hex(agent.agent_id) << '\n';
  return 0;
}

int run_release(const ReleaseOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  store::AgentRow agent;
  std::vector<store::AlarmRow> alarms;
  const auto done = workspace->database.transaction([&](store::Transaction& tx) -> base::Status {
    auto named = named_agent(tx, options.agent);
    if (!named) return std::unexpected{named.error()};
    agent = *std::move(named);
    auto found = store::list_alarms_of(tx, agent.agent_id, kAlarmsMax);
    if (!found) return std::unexpected{found.error()};
    alarms = *std::move(found);
    if (!agent.quarantined) {
      return base::fail(base::ErrorCode::conflict, words_of(agent) + " is in no quarantine");
    }
    if (!options.yes) return {};
    return actions::release_agent(tx, this_actor(options.reason), agent.agent_id);
  });
  if (!done) return report(err, done.error());
  if (options.json) {
    auto value = to_json(agent, options.yes ? "enrolled" : "quarantine");
    value["quarantine_reason"] = agent.quarantine_reason;
    value["alarms"] = alarms_json(alarms);
    out << json::serialize(value) << '\n';
  } else {
    print_quarantine(agent, alarms, out);
  }
  if (options.yes) {
    if (!options.json) out << "Released: its batches are taken again. The alarms stay on record.\n";
    return 0;
  }
  err << "Nothing was changed. A workstation that was copied or restored must be enrolled again instead "
         "(agents re-enrol); if you know that this one's history is the right one, give --yes.\n";
  return 1;
}

int run_re_enrol(const ReEnrolOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto agent = look_up(*workspace, options.agent);
  if (!agent) return report(err, agent.error());
  const auto made = make_token(*workspace, {.ttl = options.ttl,
                                            .uses = 1,
                                            .label = "re-enrols " + base::to_hex(agent->agent_id),
                                            .workstation = agent->workstation,
                                            .replaces = agent->agent_id,
                                            .reason = options.reason});
  if (!made) return report(err, made.error());
  if (options.json) {
    auto value = to_json(*agent, agent->revoked ? "revoked" : "enrolled");
    value["id"] = made->id;
    value["token"] = made->text;
    value["collector"] = made->collector;
    value["expires_utc"] = timing::to_rfc3339(made->expires);
    out << json::serialize(value) << '\n';
    return 0;
  }
  out << made->text << '\n' << std::flush;
  err << "Token " << made->id << " enrols " << words_of(*agent) << " again, once, until "
      << timing::to_rfc3339(made->expires)
      << ". Its use revokes the present agent; until then that one goes on.\n"
      << "There: deskledger-agent enroll --replace --collector " << made->collector
      << " --token THE-LINE-ABOVE\n";
  return 0;
}

}  // namespace collector::commands
