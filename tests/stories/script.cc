#include "tests/stories/script.h"

#include <algorithm>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "tests/support/story/case_lines.h"

namespace stories {

namespace {

// Without blanks at its ends, and with one for each run of them.
std::string squeezed(const std::string& line) {
  std::istringstream in{line};
  std::string text;
  for (std::string word; in >> word;) text += (text.empty() ? "" : " ") + word;
  return text;
}

constexpr std::string_view kNever = "never ";
constexpr std::string_view kRefused = "refused: ";

bool tells(const std::string& line, const std::string& expected) {
  if (line.find(expected) != std::string::npos) return true;
  std::istringstream wanted{expected}, said{line};
  for (std::string word, next; wanted >> word;) {
    do {
      if (!(said >> next)) return false;
    } while (next != word);
  }
  return true;
}

void check(const Story& story) {
  const bool asks = std::ranges::any_of(story.steps, &Step::asked);
  if (!asks) throw std::runtime_error("the story before asks nothing");
  for (const auto& step : story.steps) {
    if (step.asked && step.told.empty())
      throw std::runtime_error("line " + std::to_string(step.line) + " is asked, and nothing is expected");
  }
}

struct Reader {
  std::vector<Step> common;
  std::vector<Story> stories;
  bool in_story = false;
  bool below = false;

  void read(const std::string& line, int number, const std::string& file) {
    const auto first = line.find_first_not_of(' ');
    const auto text = line.substr(first);
    if (line.starts_with("Story: ")) {
      if (in_story) check(stories.back());
      in_story = true;
      below = false;
      stories.push_back({.file = file, .line = number, .title = line.substr(7), .steps = common});
    } else if (!in_story) {
      common.push_back({.line = number, .text = text, .asked = false, .told = {}});
    } else if (text.find_first_not_of('-') == std::string::npos) {
      below = true;
    } else if (text == "Then") {
      below = false;
    } else if (text.starts_with("Shows: ")) {
      // Read by criteria_test.cc.
    } else if (below && first >= 4) {
      if (!stories.back().steps.back().asked) throw std::runtime_error("nobody was asked");
      stories.back().steps.back().told.push_back(squeezed(text));
    } else {
      stories.back().steps.push_back({.line = number, .text = text, .asked = below, .told = {}});
    }
  }
};

void read_file(const std::filesystem::path& path, std::vector<Story>& stories) {
  Reader reader;
  support::story::each_line(
      path, [&](int number, const std::string& line) { reader.read(line, number, path.stem().string()); });
  if (reader.in_story) check(reader.stories.back());
  std::ranges::move(reader.stories, std::back_inserter(stories));
}

}  // namespace

std::vector<Story> read_stories(const std::filesystem::path& folder) {
  std::vector<Story> stories;
  for (const auto& file : support::story::case_files(folder)) read_file(file, stories);
  return stories;
}

void PrintTo(const Story& story, std::ostream* out) {
  *out << story.file << ".case:" << story.line;
}

std::string untold(const std::vector<std::string>& expected, const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) lines.push_back(squeezed(line));
  const auto is_part = [&](const std::string& part) {
    return std::ranges::any_of(lines, [&](const auto& line) { return line.find(part) != std::string::npos; });
  };
  std::string missing;
  auto at = lines.begin();
  for (const auto& one : expected) {
    if (one.starts_with(kNever)) {
      if (is_part(one.substr(kNever.size())))
        missing += "  must not be told: " + one.substr(kNever.size()) + "\n";
    } else if (one.starts_with(kRefused)) {
      if (!text.starts_with(kRefused) || !is_part(one.substr(kRefused.size())))
        missing += "  is not told: " + one + "\n";
    } else if (const auto found =
                   std::find_if(at, lines.end(), [&](const auto& line) { return tells(line, one); });
               found != lines.end()) {
      at = found + 1;
    } else {
      missing += "  is not told: " + one + "\n";
    }
  }
  return missing;
}

}  // namespace stories
