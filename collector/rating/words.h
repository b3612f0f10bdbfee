// How the parts of a rule are written and read: in files, on the command line, in stories and in tables.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/rating/rule.h"

namespace collector::rating {

std::string_view to_string(Boundary boundary);       // "start", "after".
std::string_view to_string(GraceScope scope);        // "first", "every".
std::string_view to_string(RoundGroup round_group);  // "session", "series", "day".

// Nothing for any other word.
std::optional<Boundary> boundary_from(std::string_view word);
std::optional<GraceScope> grace_scope_from(std::string_view word);
std::optional<RoundGroup> round_group_from(std::string_view word);

// Thousandths as a factor, without zeros at its end: "1.5", "0.25", "2"; and back, with up to three places
// behind the point. Nothing for what is no factor below a million.
std::string weight_text(std::int64_t weight);
std::optional<std::int64_t> weight_from(std::string_view text);

// Minutes of the day as a clock shows them, "09:05", and the end of the day as "24:00"; and back. Nothing for
// what is no such time.
std::string clock_text(std::int64_t minutes);
std::optional<std::int64_t> clock_from(std::string_view text);

// The names of a band's days, "mon" to "sun" and "holidays", in this order; and back. Nothing for a name that
// is none of them.
std::vector<std::string> day_names(const Band& band);
bool add_day(Band& band, std::string_view name);

// A band without its name, as people write it: "weekdays 17:00-24:00 x1.5", "sat,sun,holidays x2". The days
// are one word: names of days or "mon-fri" with commas, or "weekdays", "weekend", "daily"; without times it
// is the whole day. What is read is not checked against check(): times and weights may be out of range.
std::string band_text(const Band& band);
// invalid_argument, with the part that cannot be read and what it may be.
[[nodiscard]] base::Result<Band> band_from(std::string name, std::string_view text);

}  // namespace collector::rating
