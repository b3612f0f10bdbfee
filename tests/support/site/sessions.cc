#include "tests/support/site/sessions.h"

#include <algorithm>
#include <fstream>
#include <ostream>
#include <sstream>
#include <stdexcept>

namespace support {

namespace json = boost::json;

namespace {

std::string text_of(const json::object& from, std::string_view name) {
  const auto& value = from.at(name);
  return value.is_string() ? std::string{value.as_string()} : std::string{};
}

Told told_of(const json::object& session) {
  return {.requested = text_of(session, "requested_utc"),
          .remote_id = text_of(session, "remote_id"),
          .kind = text_of(session, "kind"),
          .outcome = text_of(session, "outcome"),
          .started = text_of(session, "started_utc"),
          .ended = text_of(session, "ended_utc"),
          .end_reason = text_of(session, "end_reason")};
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Told& told) {
  return out << told.requested << ' ' << told.remote_id << ' ' << told.kind << ' ' << told.outcome << ' '
             << told.started << ".." << told.ended << " '" << told.end_reason << '\'';
}

std::vector<Told> parsed(const Site& site, const std::string& text) {
  const auto file = site.folder() / "whole.trace";
  std::ofstream{file, std::ios::binary} << text;
  const auto finished = site.agent({"parse", "--format", "jsonl", file});
  if (finished.exit_code != 0) throw std::runtime_error{"parse: " + finished.err};
  std::vector<Told> sessions;
  std::istringstream lines{finished.out};
  for (std::string line; std::getline(lines, line);) {
    sessions.push_back(told_of(json::parse(line).as_object()));
  }
  std::ranges::sort(sessions);
  return sessions;
}

std::vector<Told> arrived(const Site& site) {
  std::vector<Told> sessions;
  const auto list = site.collector_json({"sessions", "--all", "--limit", "1000000"});
  for (const auto& session : list.as_array()) sessions.push_back(told_of(session.as_object()));
  std::ranges::sort(sessions);
  return sessions;
}

}  // namespace support
