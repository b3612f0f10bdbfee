// status_text(): what people read.

#include <algorithm>
#include <iterator>

#include "agent/commands/status.h"
#include "agent/commands/words.h"
#include "common/base/text_table.h"

namespace agent::commands {

namespace {

using base::TextTable;

constexpr std::size_t kSessionsShown = 5;
constexpr std::size_t kStemsShown = 5;
constexpr std::size_t kLabelWidth = 14;

// The moment of `at`, as far as `now` allows.
std::string when(timing::UtcMs at, std::optional<timing::UtcMs> now) {
  return now ? span_text(*now - at) + " ago" : time_text(at) + " UTC";
}

std::string label(std::string_view name) {
  std::string text = "  " + std::string{name};
  text.append(text.size() < kLabelWidth ? kLabelWidth - text.size() : 1, ' ');
  return text;
}

std::string sentence(std::string_view name, const std::string& text) {
  return label(name) + wrapped(text, kLabelWidth, kLabelWidth) + "\n";
}

std::string indented(const std::string& block) {
  std::string out;
  for (std::size_t at = 0; at < block.size();) {
    const auto end = std::min(block.find('\n', at), block.size());
    out += "  " + block.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return out;
}

// Other notes come from parts of the agent this page need not know.
std::string note_texts(const AgentView& view, std::optional<timing::UtcMs> now) {
  std::string out;
  for (const auto& [name, note] : view.notes) {
    if (name == "acknowledged" || name == "server_time" || name == "proof") continue;
    // The value may quote the collector or a file name.
    out += sentence(base::cell_text(name, 30),
                    base::cell_text(note.value, 400) + " (" + when(note.at, now) + ")");
  }
  if (view.notes.empty()) out += sentence("connection", "never run: deskledger-agent run");
  return out;
}

std::string record_text(const AgentView& view, std::optional<timing::UtcMs> now) {
  const auto sealed = static_cast<std::int64_t>(view.chain.next_seq) - 1;
  std::string text = grouped(sealed) + " sealed, " + grouped(static_cast<std::int64_t>(view.pending)) +
                     " not acknowledged yet";
  const auto note = view.notes.find("acknowledged");
  if (note != view.notes.end()) text += "; last acknowledgement " + when(note->second.at, now);
  if (view.notes.contains("proof")) text += ", signed by the collector (--json has it)";
  return text;
}

std::string remote(const SessionView& session) {
  if (!session.remote_id.empty()) return id_text(session.remote_id);
  return session.withheld ? "withheld" : "?";
}

std::string open_sessions(const AgentView& view, std::optional<timing::UtcMs> now) {
  if (view.open.empty()) return "  none\n";
  TextTable table{{{.heading = "SINCE (UTC)"},
                   {.heading = "REMOTE", .width_max = 24},
                   {.heading = "KIND", .width_max = 14},
                   {.heading = now ? "FOR" : "STATE", .align = TextTable::Align::right}}};
  for (const auto& session : view.open) {
    const auto since = session.started ? session.started : session.requested;
    std::string state = session.started ? "open" : "connecting";
    if (now && session.started) state = duration_text(*now - *session.started);
    table.add({since ? time_text(*since) : "?", remote(session), session.kind, state});
  }
  return indented(table.text());
}

std::string last_sessions(const AgentView& view) {
  std::vector<const SessionView*> ended;
  for (const auto& session : view.told.sessions) {
    const bool open =
        std::ranges::any_of(view.open, [&](const auto& other) { return other.key == session.key; });
    if (!open) ended.push_back(&session);
  }
  if (ended.empty()) return "  none\n";
  TextTable table{{{.heading = "REQUESTED (UTC)"},
                   {.heading = "REMOTE", .width_max = 24},
                   {.heading = "OUTCOME"},
                   {.heading = "DURATION", .align = TextTable::Align::right},
                   {.heading = "", .width_max = 12}}};
  const auto count = std::min(kSessionsShown, ended.size());
  for (const auto* session : std::vector(ended.end() - static_cast<std::ptrdiff_t>(count), ended.end())) {
    const auto duration = session->duration();
    const auto since = session->requested ? session->requested : session->started;
    table.add({since ? time_text(*since) : "?", remote(*session), session->outcome,
               duration ? duration_text(*duration) : "-", session->from_window ? "window only" : ""});
  }
  return indented(table.text());
}

std::string traces(const AgentView& view) {
  if (view.traces.empty()) return "  none found yet\n";
  std::string out;
  for (const auto& trace : view.traces) {
    std::string size = grouped(static_cast<std::int64_t>(trace.read_bytes));
    size.insert(0, size.size() < 13 ? 13 - size.size() : 0, ' ');
    out += "  " + size + " bytes read  " + base::cell_text(trace.path, 300) + "\n";
  }
  return out;
}

std::string unknown_messages(const AgentView& view) {
  if (view.unknown_messages.empty()) return "";
  std::vector<std::pair<std::int64_t, std::string>> most;
  for (const auto& [stem, count] : view.unknown_messages) most.emplace_back(-count, stem);
  std::ranges::sort(most);
  std::string out = "\nAnyDesk's session messages that this version does not know\n";
  for (std::size_t i = 0; i < most.size() && i < kStemsShown; ++i) {
    std::string count = grouped(-most[i].first);
    count.insert(0, count.size() < 7 ? 7 - count.size() : 0, ' ');
    out += "  " + count + "  " + base::cell_text(most[i].second, 68) + "\n";
  }
  if (most.size() > kStemsShown)
    out += "  and " + std::to_string(most.size() - kStemsShown) + " more: --json\n";
  return out;
}

// What is 0 says nothing here; --json has all of them.
std::string counters(const AgentView& view) {
  std::string out;
  const auto line = [&out](std::int64_t value, const std::string& meaning) {
    std::string number = grouped(value);
    number.insert(0, number.size() < 13 ? 13 - number.size() : 0, ' ');
    out += "  " + number + "  " + wrapped(meaning, 17, 17) + "\n";
  };
  auto rest = view.counters;
  for (const auto& known : kCounters) {
    const auto value = rest[known.name];
    rest.erase(known.name);
    if (value != 0 || std::string_view{known.name} == "gaps") line(value, known.meaning);
  }
  for (const auto& [name, value] : rest) {
    if (value != 0) line(value, base::cell_text(name, 60));
  }
  return out;
}

std::string gaps(const AgentView& view, std::optional<timing::UtcMs> now) {
  std::string out;
  for (const auto& gap : view.told.gaps) {
    if (out.empty()) out = "\nLost before they were read; the collector was told\n";
    out += "  lines of " + base::cell_text(gap.source, 300) + " (" + base::cell_text(gap.cause, 40) + ", " +
           when(gap.observed, now) + ")\n";
    if (gap.from && gap.to) {
      out += "    between " + time_text(*gap.from) + " and " + time_text(*gap.to) + " UTC\n";
    }
  }
  return out;
}

}  // namespace

std::string status_text(const AgentView& view, std::optional<timing::UtcMs> now) {
  std::string out = "Agent of '" + base::cell_text(view.identity.workstation, 60) + "'\n";
  out += sentence("id", view.identity.agent_id.hex());
  out += sentence("collector", base::cell_text(view.identity.collector_host, 200) + ":" +
                                   std::to_string(view.identity.collector_port));
  out += note_texts(view, now);
  out += sentence("records", record_text(view, now));
  out += "\nOpen sessions\n" + open_sessions(view, now);
  out += "\nLast sessions\n" + last_sessions(view);
  out += "\nTraces\n" + traces(view);
  out += unknown_messages(view);
  out += "\nCounted so far\n" + counters(view) + gaps(view, now);
  return out;
}

}  // namespace agent::commands
