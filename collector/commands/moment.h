// Days and times as people give them to commands.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::commands {

// "2026-11-16" (its first moment), "2026-11-16 10:05", "2026-11-16T10:05:00Z"; UTC unless it says otherwise.
// invalid_argument, naming `field` and quoting the text, for anything else.
[[nodiscard]] base::Result<timing::UtcMs> parse_moment(std::string_view text, std::string_view field);

// Sets `place` if there is a text.
[[nodiscard]] base::Status set_moment(std::optional<timing::UtcMs>& place,
                                      const std::optional<std::string>& text, std::string_view field);

}  // namespace collector::commands
