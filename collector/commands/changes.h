// `changes`: who changed what, when and why.

#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>

namespace collector::commands {

struct ChangesOptions {
  std::filesystem::path config;
  std::string object = {};  // "customer", "terminal" ...; empty: of all.
  std::string key = {};     // A code, a number, an address; empty: of all of that kind.
  std::int64_t limit = 100;
  bool json = false;
};

// Newest first, each with what differs.
int run_changes(const ChangesOptions& options, std::ostream& out, std::ostream& err);

// What differs between two JSON texts of a change, as `name "Old Mill" -> "New Mill", fax "1" -> ""`; all
// that is there where one of them is empty or no object.
std::string difference(const std::string& before, const std::string& after);

}  // namespace collector::commands
