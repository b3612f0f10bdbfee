#include "collector/commands/agents.h"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <ostream>

#include "collector/commands/gap_text.h"
#include "collector/commands/workspace.h"
#include "collector/store/agents.h"
#include "collector/store/sessions.h"
#include "common/base/hex.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

struct Fleet {
  std::vector<store::AgentRow> agents;
  std::vector<store::CounterRow> counters;
  std::vector<store::OdditiesRow> oddities;
  std::vector<store::GapRow> gaps;  // The newest kGapsMax of the fleet, newest first.
};

constexpr std::int64_t kGapsMax = 1'000;
// Of one trace, in what people read.
constexpr int kGapsShownMax = 5;

base::Result<Fleet> load(store::Connection& database) {
  Fleet fleet;
  const auto read = database.read([&](store::Transaction& tx) -> base::Status {
    auto agents = store::list_agents(tx);
    if (!agents) return std::unexpected{agents.error()};
    auto counters = store::list_counters(tx);
    if (!counters) return std::unexpected{counters.error()};
    auto oddities = store::count_oddities(tx);
    if (!oddities) return std::unexpected{oddities.error()};
    auto gaps = store::list_gaps(tx, kGapsMax);
    if (!gaps) return std::unexpected{gaps.error()};
    fleet = {.agents = std::move(*agents),
             .counters = std::move(*counters),
             .oddities = std::move(*oddities),
             .gaps = std::move(*gaps)};
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  return fleet;
}

json::object counters_of(const Fleet& fleet, const std::string& agent_id) {
  json::object counts;
  for (const auto& counter : fleet.counters) {
    if (counter.agent_id == agent_id) counts[counter.outcome] = counter.n;
  }
  return counts;
}

store::OdditiesRow oddities_of(const Fleet& fleet, const std::string& agent_id) {
  const auto found = std::ranges::find(fleet.oddities, agent_id, &store::OdditiesRow::agent_id);
  return found == fleet.oddities.end() ? store::OdditiesRow{} : *found;
}

json::value time_or_null(const std::optional<timing::UtcMs>& t) {
  return t ? json::value(timing::to_rfc3339(*t)) : json::value(nullptr);
}

json::array gaps_of(const Fleet& fleet, const std::string& agent_id) {
  json::array list;
  for (const auto& gap : fleet.gaps) {
    if (gap.agent_id != agent_id) continue;
    list.push_back(json::object{{"source", gap.source},
                                {"from_utc", time_or_null(gap.from)},
                                {"to_utc", time_or_null(gap.to)},
                                {"after_offset", gap.after_offset},
                                {"bytes_lost_min", gap.bytes_lost_min},
                                {"cause", gap.cause},
                                {"observed_utc", timing::to_rfc3339(gap.observed)},
                                {"text", gap_text(gap)}});
  }
  return list;
}

const char* state_of(const store::AgentRow& agent) {
  if (agent.revoked) return "revoked";
  return agent.quarantined ? "quarantine" : "enrolled";
}

void print_json(const Fleet& fleet, std::ostream& out) {
  json::array list;
  for (const auto& agent : fleet.agents) {
    const auto oddities = oddities_of(fleet, agent.agent_id);
    list.push_back(json::object{{"agent", base::to_hex(agent.agent_id)},
                                {"workstation", agent.workstation},
                                {"hostname", agent.hostname},
                                {"os", agent.os},
                                {"version", agent.version},
                                {"enrolled_utc", timing::to_rfc3339(agent.enrolled)},
                                {"last_seen_utc", time_or_null(agent.last_seen)},
                                {"revoked_utc", time_or_null(agent.revoked)},
                                {"state", state_of(agent)},
                                {"quarantined_utc", time_or_null(agent.quarantined)},
                                {"quarantine_reason", agent.quarantine_reason},
                                {"certificate_until_utc", time_or_null(agent.certificate_until)},
                                {"certificate_held_until_utc", time_or_null(agent.held_until)},
                                {"gaps", oddities.gaps},
                                {"newest_gaps", gaps_of(fleet, agent.agent_id)},
                                {"undecoded", oddities.undecoded},
                                {"outcomes", counters_of(fleet, agent.agent_id)}});
  }
  out << json::serialize(json::object{{"agents", std::move(list)}, {"unknown", counters_of(fleet, "")}})
      << '\n';
}

// "anna-pc, ad_svc.trace:" and what is missing there, newest first.
void print_gaps(const Fleet& fleet, const store::AgentRow& agent, std::ostream& out) {
  std::map<std::string, std::vector<const store::GapRow*>> traces;
  for (const auto& gap : fleet.gaps) {
    if (gap.agent_id == agent.agent_id) traces[gap.source].push_back(&gap);
  }
  for (const auto& [source, gaps] : traces) {
    out << '\n' << base::cell_text(agent.workstation, 80) << ", " << base::cell_text(source, 200) << ":\n";
    int shown = 0;
    for (const auto* gap : gaps) {
      if (++shown > kGapsShownMax) break;
      out << "  " << base::cell_text(gap_text(*gap), 300) << '\n';
    }
    if (std::ssize(gaps) > kGapsShownMax) {
      out << "  and " << std::ssize(gaps) - kGapsShownMax
          << " earlier; see: deskledger-collector agents --json\n";
    }
  }
}

void print_quarantine(const store::AgentRow& agent, std::ostream& out) {
  if (!agent.quarantined || agent.revoked) return;
  out << '\n'
      << base::cell_text(agent.workstation, 80)
      << " is in quarantine, nothing is taken from it: " << base::cell_text(agent.quarantine_reason, 300)
      << "\n  see: deskledger-collector agents show " << base::to_hex(agent.agent_id) << '\n';
}

void print_table(const Fleet& fleet, std::ostream& out) {
  if (fleet.agents.empty()) {
    out << "No agent is enrolled. Make a token: deskledger-collector token create\n";
  }
  base::TextTable table{{{.heading = "WORKSTATION"},
                         {.heading = "AGENT"},
                         {.heading = "OS", .width_max = 28},
                         {.heading = "VERSION"},
                         {.heading = "LAST SEEN (UTC)"},
                         {.heading = "STATE"},
                         {.heading = "GAPS", .align = base::TextTable::Align::right},
                         {.heading = "UNDECODED", .align = base::TextTable::Align::right},
                         {.heading = "OUTCOMES", .width_max = 60}}};
  for (const auto& agent : fleet.agents) {
    std::string outcomes;
    for (const auto& [name, count] : counters_of(fleet, agent.agent_id)) {
      outcomes += std::string{outcomes.empty() ? "" : ", "} + std::string{name} + " " +
                  std::to_string(count.as_int64());
    }
    const auto oddities = oddities_of(fleet, agent.agent_id);
    table.add({agent.workstation, base::to_hex(agent.agent_id), agent.os, agent.version,
               agent.last_seen ? timing::to_rfc3339(*agent.last_seen).substr(0, 19) : "never",
               state_of(agent), std::to_string(oddities.gaps), std::to_string(oddities.undecoded), outcomes});
  }
  if (!table.empty()) out << table.text();
  for (const auto& agent : fleet.agents) print_quarantine(agent, out);
  for (const auto& agent : fleet.agents) print_gaps(fleet, agent, out);
  for (const auto& [name, count] : counters_of(fleet, ""))
    out << "From nobody we know: " << std::string{name} << ' ' << count.as_int64() << '\n';
}

}  // namespace

int run_agents(const AgentsOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto fleet = load(workspace->database);
  if (!fleet) return report(err, fleet.error());
  options.json ? print_json(*fleet, out) : print_table(*fleet, out);
  return 0;
}

}  // namespace collector::commands
