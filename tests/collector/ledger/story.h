// Reads the stories of tests/cases/ledger (README.md there says how they are written).

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/collector/ledger/book.h"

namespace collector::ledger {

struct Story {
  std::string file;  // Without folder and ending.
  int line = 0;
  std::string title;
  Book book;
  std::vector<std::string> names;     // Of the contracts, in the order of their ids from 1 on.
  std::vector<std::string> expected;  // Below the ruler, as written.
};

// Every story below `folder`, by file and line. Throws std::runtime_error with file and line when something
// cannot be read: a broken story must not pass as an absent one.
std::vector<Story> read_stories(const std::filesystem::path& folder);

// What the ledgers say, in the words of the stories: each entry that was worked out, then each balance.
std::vector<std::string> told(const Story& story);

}  // namespace collector::ledger
