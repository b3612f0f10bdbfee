// status_json(): what programs read. Fields are added, never renamed.

#include <algorithm>
#include <charconv>
#include <sstream>

#include "agent/commands/json.h"
#include "agent/commands/status.h"

namespace agent::commands {

namespace {

void put(const SessionView& session, Json& json) {
  const auto duration = session.duration();
  json.begin_object();
  json.put_text("remote_id", session.remote_id).put("remote_id_withheld", session.withheld);
  json.put("kind", session.kind).put("outcome", session.outcome);
  json.put("requested_utc", session.requested).put("started_utc", session.started);
  json.put("ended_utc", session.ended);
  json.put("duration_ms", duration ? std::optional{duration->count()} : std::nullopt);
  json.put_text("end_reason", session.end_reason).put("source", session.source);
  json.put("witness", session.from_window ? "window" : "service").put("session_key", session.key);
  json.end_object();
}

void put(const GapView& gap, Json& json) {
  json.begin_object();
  json.put("observed_utc", gap.observed).put("source", gap.source).put("cause", gap.cause);
  json.put("bytes_lost_min", gap.bytes_lost_min).put("from_utc", gap.from).put("to_utc", gap.to);
  json.end_object();
}

template <class T>
void put_all(std::string_view name, const std::vector<T>& all, Json& json) {
  json.name(name).begin_array();
  for (const auto& one : all) put(one, json);
  json.end_array();
}

// "epoch=1 seq=10 head=..." as uplink wrote it: the collector's signed word that it has these records.
void put_proof(const AgentView& view, Json& json) {
  const auto note = view.notes.find("proof");
  json.name("proof").begin_object();
  if (note != view.notes.end()) {
    std::istringstream words{note->second.value};
    for (std::string word; words >> word;) {
      const auto equals = std::min(word.find('='), word.size() - 1);
      const auto value = word.substr(equals + 1);
      std::int64_t number = 0;
      const char* const last = value.data() + value.size();
      const auto [rest, error] = std::from_chars(value.data(), last, number);
      if (error == std::errc{} && rest == last) {
        json.put(word.substr(0, equals), number);
      } else {
        json.put(word.substr(0, equals), value);
      }
    }
  }
  json.end_object();
}

void put_numbers(std::string_view name, const std::map<std::string, std::int64_t>& numbers, Json& json) {
  json.name(name).begin_object();
  for (const auto& [field, value] : numbers) json.put(field, value);
  json.end_object();
}

}  // namespace

std::string status_json(const AgentView& view) {
  Json json;
  json.begin_object();
  json.put("agent", view.identity.agent_id.hex()).put("workstation", view.identity.workstation);
  json.put("collector", view.identity.collector_host + ":" + std::to_string(view.identity.collector_port));
  json.put("epoch", view.chain.epoch).put("records_sealed", view.chain.next_seq - 1);
  json.put("records_acknowledged", view.chain.acked_seq).put("records_pending", view.pending);
  put_numbers("counters", view.counters, json);
  put_numbers("unknown_messages", view.unknown_messages, json);
  json.name("notes").begin_object();
  for (const auto& [name, note] : view.notes) {
    if (name == "proof") continue;
    json.name(name).begin_object().put("value", note.value).put("at_utc", note.at).end_object();
  }
  json.end_object();
  put_proof(view, json);
  json.name("sources").begin_array();
  for (const auto& trace : view.traces) {
    json.begin_object().put("trace", trace.path).put("read_bytes", trace.read_bytes).end_object();
  }
  json.end_array();
  put_all("open_sessions", view.open, json);
  put_all("last_sessions", view.told.sessions, json);
  put_all("last_gaps", view.told.gaps, json);
  json.end_object();
  return json.text();
}

}  // namespace agent::commands
