// The circumstances of a session that somebody thinks of: when and where it would be, who would work on what.

#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "collector/rating/explain.h"
#include "collector/rating/rate.h"

namespace collector::commands {

struct Circumstances {
  std::optional<std::string> at;  // A time as parse_moment() takes it; absent: no time is in any band.
  std::string zone = "UTC";       // Of the wall clock that bands are looked up on.
  std::optional<std::string> holiday_calendar;  // A name of the collector's calendars.
  std::string grade;
  std::string work_type;
  rating::Adjustments adjustments;  // What a comment's tags would say.
};

// One session under a rule.
struct Priced {
  rating::Rated rated;
  std::vector<rating::Step> steps;
};

class RateAt {
 public:
  // Reads `config` only for a calendar of holidays; invalid_argument if one is named without it, or for what
  // is no time or zone; not_found for a calendar that is not there.
  [[nodiscard]] static base::Result<RateAt> make(const Circumstances& circumstances,
                                                 const std::optional<std::filesystem::path>& config);

  [[nodiscard]] base::Result<Priced> price(const rating::Rule& rule, std::int64_t seconds) const;

 private:
  Circumstances circumstances_;
  timing::UtcMs begin_;
  std::optional<rating::Calendar> calendar_;
};

}  // namespace collector::commands
