// Reads the stories of tests/cases (README.md there says how they are written).

#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "collector/attribution/attribute.h"
#include "collector/directory/nouns.h"

namespace cases {

struct Story {
  std::string file;  // Without folder and ending.
  int line = 0;
  std::string title;
  collector::directory::Directory directory;
  collector::attribution::SessionView session;
  std::optional<std::string> comment;
  collector::attribution::Settings settings;
  std::int64_t asked_min = 10'000;  // After the session's end.
  std::string work_type = "remote";
  std::vector<std::string> because;             // Steps of attribution or rating, word for word.
  std::map<std::string, std::string> expected;  // "Result", "Reasons", ... as written.
};

// Every story below `folder`, by file and line. Throws std::runtime_error with
// file and line when something cannot be read: a broken story must not pass as
// an absent one.
std::vector<Story> read_stories(const std::filesystem::path& folder);

}  // namespace cases
