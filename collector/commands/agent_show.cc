#include "collector/commands/agent_show.h"

#include <boost/json.hpp>
#include <iomanip>
#include <optional>
#include <ostream>

#include "collector/commands/named_agent.h"
#include "collector/commands/workspace.h"
#include "collector/identity/rotation.h"
#include "common/base/hex.h"
#include "common/base/text_table.h"
#include "common/crypto/digest.h"
#include "common/timing/clock.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

constexpr std::int64_t kAlarmsMax = 100;

struct Story {
  store::AgentRow agent;
  std::vector<store::AgentStreamRow> streams;
  std::vector<store::AlarmRow> alarms;
  std::vector<store::CounterRow> counters;  // Of the fleet.
  std::string trust;
};

std::string trust_words(const std::filesystem::path& folder, const store::AgentRow& agent) {
  const auto pki = identity::read_pki(folder);
  if (!pki) return "cannot be told: " + pki.error().message;
  switch (identity::knowledge_of(*pki, agent)) {
    case identity::Knowledge::current: return "all CAs that are trusted now";
    case identity::Knowledge::issuing: return "the issuing CA alone";
    case identity::Knowledge::outdated: return "other CAs than those trusted now";
    case identity::Knowledge::unknown: return "not told yet";
  }
  return "";
}

base::Result<Story> load(Workspace& workspace, const std::string& name) {
  Story story;
  const auto read = workspace.database.read([&](store::Transaction& tx) -> base::Status {
    auto agent = named_agent(tx, name);
    if (!agent) return std::unexpected{agent.error()};
    auto streams = store::list_streams_of(tx, agent->agent_id);
    if (!streams) return std::unexpected{streams.error()};
    auto alarms = store::list_alarms_of(tx, agent->agent_id, kAlarmsMax);
    if (!alarms) return std::unexpected{alarms.error()};
    auto counters = store::list_counters(tx);
    if (!counters) return std::unexpected{counters.error()};
    story = {.agent = *std::move(agent),
             .streams = *std::move(streams),
             .alarms = *std::move(alarms),
             .counters = *std::move(counters),
             .trust = {}};
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  std::erase_if(story.counters, [&](const auto& c) { return c.agent_id != story.agent.agent_id; });
  story.trust = trust_words(workspace.config.pki_directory, story.agent);
  return story;
}

// As the wire names the key (crypto::PublicKey::id).
std::string key_id_of(const store::AgentRow& agent) {
  return crypto::sha256(agent.record_key).hex();
}

json::value time_or_null(const std::optional<timing::UtcMs>& t) {
  return t ? json::value(timing::to_rfc3339(*t)) : json::value(nullptr);
}

void print_json(const Story& story, std::ostream& out) {
  const auto& agent = story.agent;
  json::array streams, alarms;
  for (const auto& one : story.streams) {
    streams.push_back(json::object{
        {"epoch", one.epoch}, {"committed_seq", one.committed_seq}, {"head", base::to_hex(one.head)}});
  }
  for (const auto& one : story.alarms) {
    alarms.push_back(json::object{{"id", one.id},
                                  {"kind", one.kind},
                                  {"epoch", one.epoch},
                                  {"seq", one.seq},
                                  {"detail", one.detail},
                                  {"evidence", base::to_hex(one.evidence)},
                                  {"raised_utc", timing::to_rfc3339(one.raised)}});
  }
  json::object outcomes;
  for (const auto& counter : story.counters) {
    outcomes[counter.outcome] = json::object{{"n", counter.n},
                                             {"last_utc", timing::to_rfc3339(counter.last)},
                                             {"last_detail", counter.last_detail}};
  }
  out << json::serialize(
             json::object{{"agent", base::to_hex(agent.agent_id)},
                          {"workstation", agent.workstation},
                          {"hostname", agent.hostname},
                          {"os", agent.os},
                          {"version", agent.version},
                          {"token", agent.token_id},
                          {"replaces_agent", agent.replaces ? json::value(base::to_hex(*agent.replaces))
                                                            : json::value(nullptr)},
                          {"record_key", base::to_hex(agent.record_key)},
                          {"record_key_id", key_id_of(agent)},
                          {"certificate_until_utc", time_or_null(agent.certificate_until)},
                          {"certificate_held_until_utc", time_or_null(agent.held_until)},
                          {"trust", story.trust},
                          {"enrolled_utc", timing::to_rfc3339(agent.enrolled)},
                          {"last_seen_utc", time_or_null(agent.last_seen)},
                          {"revoked_utc", time_or_null(agent.revoked)},
                          {"quarantined_utc", time_or_null(agent.quarantined)},
                          {"quarantine_reason", agent.quarantine_reason},
                          {"streams", std::move(streams)},
                          {"alarms", std::move(alarms)},
                          {"outcomes", std::move(outcomes)}})
      << '\n';
}

std::string state_words(const store::AgentRow& agent) {
  if (agent.revoked) return "revoked at " + timing::to_rfc3339(*agent.revoked);
  if (agent.quarantined) {
    return "quarantine since " + timing::to_rfc3339(*agent.quarantined) + ": " + agent.quarantine_reason;
  }
  return "enrolled";
}

std::string certificate_words(const store::AgentRow& agent) {
  if (!agent.certificate_until) return "given before this was noted";
  const bool expired = timing::system_clock().utc() > *agent.certificate_until;
  return (expired ? "expired at " : "until ") + timing::to_rfc3339(*agent.certificate_until) +
         (expired ? "; it renews when it connects" : "");
}

void print_text(const Story& story, std::ostream& out) {
  const auto& agent = story.agent;
  const auto line = [&](const std::string& what, const std::string& value) {
    out << std::left << std::setw(14) << what << base::cell_text(value, 400) << '\n';
  };
  line("Workstation", agent.workstation);
  line("Agent", base::to_hex(agent.agent_id));
  line("State", state_words(agent));
  line("Host name", agent.hostname);
  line("System", agent.os);
  line("Version", agent.version);
  line("Enrolled", timing::to_rfc3339(agent.enrolled) + " with token " + std::to_string(agent.token_id));
  if (agent.replaces) line("Replaces", base::to_hex(*agent.replaces));
  line("Last seen", agent.last_seen ? timing::to_rfc3339(*agent.last_seen) : "never");
  line("Record key", key_id_of(agent));
  line("Certificate", certificate_words(agent));
  line("Trusts", story.trust);
  for (const auto& one : story.streams) {
    line("Epoch " + std::to_string(one.epoch),
         "stored up to record " + std::to_string(one.committed_seq) + ", head " + base::to_hex(one.head));
  }
  for (const auto& one : story.alarms) {
    line("Alarm " + std::to_string(one.id), timing::to_rfc3339(one.raised) + " " + one.kind + " at epoch " +
                                                std::to_string(one.epoch) + ", record " +
                                                std::to_string(one.seq) + ": " + one.detail);
  }
  for (const auto& counter : story.counters) {
    line("Counted", counter.outcome + " " + std::to_string(counter.n) + ", last " +
                        timing::to_rfc3339(counter.last) +
                        (counter.last_detail.empty() ? "" : ": " + counter.last_detail));
  }
}

}  // namespace

int run_agent_show(const AgentShowOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto story = load(*workspace, options.agent);
  if (!story) return report(err, story.error());
  options.json ? print_json(*story, out) : print_text(*story, out);
  return 0;
}

}  // namespace collector::commands
