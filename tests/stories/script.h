// Reads the stories of tests/cases/desk (README.md there says how they are written).

#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace stories {

struct Step {
  int line = 0;
  std::string text;
  bool asked = false;             // Below a ruler: what is told to it is compared.
  std::vector<std::string> told;  // Of what is asked only.
};

struct Story {
  std::string file;  // Without folder and ending.
  int line = 0;
  std::string title;
  std::vector<Step> steps;  // What stands above all stories of the file comes first.
};

// Every story below `folder`, by file and line. Throws std::runtime_error with file and line when something
// cannot be read.
std::vector<Story> read_stories(const std::filesystem::path& folder);

// For messages of failed tests.
void PrintTo(const Story& story, std::ostream* out);

// Which of the expected lines `text` does not tell; empty if all are there. Lines are looked for one behind
// the other. A line tells what is a part of it, however many blanks stand between words, and what consists of
// some of its words in their order. "never X": X is no part of any line. "refused: X": the text begins with
// "refused: " and tells X somewhere.
std::string untold(const std::vector<std::string>& expected, const std::string& text);

}  // namespace stories
