// A length of time as people type it: 15m, 2h, 7d.

#pragma once

#include <chrono>
#include <string_view>

#include "common/base/result.h"

namespace collector::commands {

inline constexpr std::chrono::minutes kDurationMax = std::chrono::days{365};

// A whole number and m, h or d; from one minute to kDurationMax. invalid_argument, quoting the text,
// otherwise.
[[nodiscard]] base::Result<std::chrono::minutes> parse_duration(std::string_view text);

}  // namespace collector::commands
