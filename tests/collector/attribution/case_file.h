// Reads the stories of tests/cases (README.md there says how they are written).

#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "collector/attribution/attribute.h"
#include "collector/directory/nouns.h"

namespace cases {

// One decision: it leaves what the ones before said, and changes this.
struct DecisionLine {
  std::string who;
  std::string why;
  std::function<void(collector::attribution::Decision&)> change;
  bool releases_all = false;  // Every reason that stands at that moment.
};

// What the story's session would cost if it had lasted so long.
struct Vector {
  std::chrono::seconds length;
  std::int64_t minutes = 0;
};

struct Story {
  std::string file;  // Without folder and ending.
  int line = 0;
  std::string title;
  collector::directory::Directory directory;
  collector::attribution::SessionView session;
  std::optional<std::string> comment;
  std::vector<DecisionLine> decisions;
  std::optional<std::int64_t> series;
  collector::attribution::Settings settings;
  std::int64_t asked_min = 10'000;  // After the session's end.
  std::string work_type = "remote";
  std::vector<std::string> because;  // Steps of attribution or rating, word for word.
  std::vector<Vector> vectors;
  std::map<std::string, std::string> expected;  // "Result", "Reasons", ... as written.
};

// `mary charged 25 min (agreed on the phone)`: README.md has all forms. Throws std::runtime_error.
DecisionLine read_decision(const std::string& value, const collector::directory::Directory& directory);

// 2026-11-16, 2026-11-16 09:05 or 2026-11-16 09:05:00, UTC. Throws std::runtime_error.
timing::UtcMs moment(const std::string& text);

// The id of the row of that name. Throws std::runtime_error.
template <class Row>
std::int64_t id_of(const std::vector<Row>& rows, const std::string& name) {
  for (const auto& row : rows) {
    if (row.name == name) return row.id;
  }
  throw std::runtime_error{"nobody is called '" + name + "'"};
}

// Every story below `folder`, by file and line. Throws std::runtime_error with
// file and line when something cannot be read: a broken story must not pass as
// an absent one.
std::vector<Story> read_stories(const std::filesystem::path& folder);

}  // namespace cases
