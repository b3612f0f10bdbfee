// Whether the stories of tests/cases show what the requirements ask for: each criterion has a story, or a
// reason in the README why it has none.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/source_root.h"
#include "tests/support/story/case_lines.h"

namespace {

using Ids = std::set<std::string>;

// A part of the requirements: "N", 9, 26 is N9 to N26.
struct Range {
  const char* prefix;
  int first;
  int last;
};
constexpr Range kAsked[] = {
    {"N", 9, 33},   {"N", 35, 39},   {"E", 1, 28},   {"E", 32, 32},   {"g-A", 1, 9},  {"g-A", 13, 14},
    {"g-R", 1, 11}, {"g-R", 14, 16}, {"g-K", 1, 12}, {"g-K", 14, 15}, {"g-M", 1, 13},
};
// The test vectors of the requirements' section 1.2.
constexpr const char* kVectors = "1.2";

Ids asked() {
  Ids ids{kVectors};
  for (const auto& [prefix, first, last] : kAsked) {
    for (int n = first; n <= last; ++n) ids.insert(prefix + std::to_string(n));
  }
  return ids;
}

struct Told {
  std::string where;  // "rating.case:14".
  Ids shows;
};

std::vector<Told> stories() {
  std::vector<Told> all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{SOURCE_ROOT "/tests/cases"}) {
    if (entry.path().extension() != ".case") continue;
    const auto file = entry.path().filename().string();
    support::story::each_line(entry.path(), [&](int number, const std::string& line) {
      const auto text = line.substr(line.find_first_not_of(' '));
      if (line.starts_with("Story: ")) {
        all.push_back({.where = file + ":" + std::to_string(number), .shows = {}});
      } else if (text.starts_with("Shows: ")) {
        if (all.empty()) throw std::runtime_error("it shows something before any story");
        std::istringstream words{text.substr(7)};
        for (std::string id; words >> id;) {
          if (id.ends_with(',')) id.pop_back();
          all.back().shows.insert(id);
        }
      }
    });
  }
  return all;
}

Ids shown() {
  Ids ids;
  for (const auto& story : stories()) ids.insert(story.shows.begin(), story.shows.end());
  return ids;
}

// The rows "| N10 | why |" below the heading of that name in tests/cases/README.md.
std::map<std::string, std::string> rows_of(const std::string& heading) {
  std::ifstream in{SOURCE_ROOT "/tests/cases/README.md"};
  std::map<std::string, std::string> rows;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("## ")) inside = line == "## " + heading;
    if (!inside || !line.starts_with("| ") || line.starts_with("| criterion")) continue;
    const auto bar = line.find(" | ");
    std::istringstream ids{line.substr(2, bar - 2)};
    for (std::string id; ids >> id;) {
      if (id.ends_with(',')) id.pop_back();
      rows[id] = line.substr(bar + 3);
    }
  }
  return rows;
}

constexpr const char* kNotYet = "What no story shows yet";
constexpr const char* kInPart = "What stories show in part";

Ids ids_of(const std::map<std::string, std::string>& rows) {
  Ids ids;
  for (const auto& [id, why] : rows) ids.insert(id);
  return ids;
}

TEST(Criteria, EachHasAStoryOrAReason) {
  const auto have = shown();
  const auto not_yet = ids_of(rows_of(kNotYet));
  for (const auto& id : asked()) {
    EXPECT_NE(have.contains(id), not_yet.contains(id))
        << id << (have.contains(id) ? " has a story: take it out of '" : " has no story, and no reason in '")
        << kNotYet << "' of tests/cases/README.md";
  }
}

TEST(Criteria, StoriesShowOnlyWhatIsAskedFor) {
  const auto known = asked();
  for (const auto& story : stories()) {
    for (const auto& id : story.shows) EXPECT_TRUE(known.contains(id)) << story.where << " shows " << id;
  }
}

TEST(Criteria, ReasonsAreThoseOfCriteria) {
  const auto known = asked();
  const auto have = shown();
  EXPECT_THAT(rows_of(kNotYet), testing::Not(testing::IsEmpty()));
  for (const auto& [id, why] : rows_of(kNotYet)) {
    EXPECT_TRUE(known.contains(id)) << id;
    EXPECT_GT(why.size(), 2U) << id;
  }
  for (const auto& [id, why] : rows_of(kInPart)) {
    EXPECT_TRUE(have.contains(id)) << id << " is said to be shown in part, and no story shows it";
    EXPECT_GT(why.size(), 2U) << id;
  }
}

TEST(Criteria, ThereAreAtLeastAHundredAndFiftyStories) {
  EXPECT_GE(stories().size(), 150U);
}

}  // namespace
