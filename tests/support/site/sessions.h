// Sessions as both programs tell them, in one form that can be compared.

#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "tests/support/site/site.h"

namespace support {

// Times are RFC 3339 with milliseconds; empty text: not known.
struct Told {
  std::string requested, remote_id, kind, outcome, started, ended, end_reason;
  auto operator<=>(const Told&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Told& told);

// What `parse` finds in the text, sorted.
std::vector<Told> parsed(const Site& site, const std::string& text);

// What `sessions --all` lists, sorted.
std::vector<Told> arrived(const Site& site);

}  // namespace support
