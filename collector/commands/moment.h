// Days and times as people give them to commands.

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::commands {

// As directory::typed_moment() reads it. invalid_argument, naming `field` and quoting the text, if it cannot.
[[nodiscard]] base::Result<timing::UtcMs> parse_moment(std::string_view text, std::string_view field);

// "2026-11-16"; likewise.
[[nodiscard]] base::Result<std::chrono::year_month_day> parse_day(std::string_view text,
                                                                  std::string_view field);

// Sets `place` if there is a text.
[[nodiscard]] base::Status set_moment(std::optional<timing::UtcMs>& place,
                                      const std::optional<std::string>& text, std::string_view field);

}  // namespace collector::commands
