// The traces that ship with the tests, by name.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/trace/machine.h"

namespace support::trace {

struct Script {
  std::string_view name;  // The file is <name>.trace.
  std::string_view what;
  std::string_view folder;  // Below tests/data.
};

struct Made {
  std::string trace;
  std::vector<Expected>
      expected;  // Empty where the clock was set: the recorded result stands beside the file.
};

const std::vector<Script>& scripts();

// Asserts that the name is one of scripts().
Made make(std::string_view name);

// A trace of at least `bytes` bytes for speed measurements: days of sessions with everything around them.
std::string make_large(std::size_t bytes);

}  // namespace support::trace
