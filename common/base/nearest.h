// "Did you mean ...?": the known name closest to what a person typed.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace base {

// The number of single-character insertions, deletions, replacements and
// swaps of neighbours that turn `a` into `b` (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate with the smallest distance, if that is at most a third of the
// typed length (and at least 2 is always allowed); nothing otherwise.
std::optional<std::string> nearest(std::string_view typed, const std::vector<std::string>& candidates);

}  // namespace base
