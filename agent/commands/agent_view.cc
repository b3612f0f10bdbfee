#include "agent/commands/agent_view.h"

#include <algorithm>
#include <utility>

#include "agent/session/builder.h"
#include "agent/tail/position.h"

namespace agent::commands {

namespace {

// A session has about five records, so that some dozen sessions are among them.
constexpr std::size_t kRecordsShown = 200;

void split_counters(std::map<std::string, std::int64_t> counters, AgentView& view) {
  for (const auto& known : kCounters) view.counters[known.name] = 0;
  for (auto& [name, value] : counters) {
    if (name.starts_with(kUnknownPrefix)) {
      view.unknown_messages[name.substr(kUnknownPrefix.size())] = value;
    } else {
      view.counters[name] = value;
    }
  }
}

bool is_open(const SessionView& session) {
  return !session.ended && (session.outcome == "active" || session.outcome == "partial");
}

void add_traces(const std::vector<outbox::SourceState>& sources, AgentView& view) {
  for (const auto& source : sources) {
    const auto position = tail::decode(source.position);
    view.traces.push_back({.path = source.name, .read_bytes = position ? position->logical() : 0});
    const auto builder = session::Builder::load(source.builder);
    if (!builder) continue;  // The agent will say so when it next starts: states_unreadable.
    for (const auto& snapshot : builder->open_sessions()) {
      auto session = view_of(snapshot);
      if (is_open(session)) view.open.push_back(std::move(session));
    }
  }
  // What only a window tells of is in the records alone.
  for (const auto& session : view.told.sessions) {
    if (session.from_window && is_open(session)) view.open.push_back(session);
  }
}

base::Status read(outbox::Outbox& outbox, AgentView& view) {
  view.has_outbox = true;
  view.chain = outbox.chain();
  view.pending = outbox.pending();
  auto counters = outbox.counters();
  if (!counters) return std::unexpected{counters.error()};
  auto notes = outbox.status();
  if (!notes) return std::unexpected{notes.error()};
  const auto bodies = outbox.newest_bodies(kRecordsShown);
  if (!bodies) return std::unexpected{bodies.error()};
  const auto sources = outbox.sources();
  if (!sources) return std::unexpected{sources.error()};
  split_counters(std::move(*counters), view);
  view.notes = std::move(*notes);
  view.told = told_by(*bodies);
  add_traces(*sources, view);
  return {};
}

}  // namespace

base::Result<AgentView> load_view(const std::filesystem::path& directory) {
  const auto identity = identity::load(directory);
  if (!identity) return std::unexpected{identity.error()};
  AgentView view{.identity = *identity};
  split_counters({}, view);
  auto outbox = outbox::Outbox::open_to_read(directory / "outbox.db");
  if (!outbox && outbox.error().code == base::ErrorCode::not_found) return view;
  if (!outbox) return std::unexpected{outbox.error()};
  if (auto done = read(*outbox, view); !done) return std::unexpected{done.error()};
  return view;
}

}  // namespace agent::commands
