// Numbers, times and sentences as people read them on a terminal.

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/timing/utc.h"

namespace agent::commands {

inline constexpr std::size_t kScreenWidth = 80;

// 1234567 is "1,234,567".
std::string grouped(std::int64_t number);
// "812 B", "1.2 KB", "34 MB"; 1 KB is 1024 B.
std::string size_text(std::uint64_t bytes);
// "12 s", "3 min", "2 h 5 min", "4 d 3 h"; negative ones count as none.
std::string span_text(std::chrono::milliseconds span);
// "1:02:03" of a session.
std::string duration_text(std::chrono::milliseconds duration);
// "2026-11-21 09:05:07", in UTC.
std::string time_text(timing::UtcMs time);
// An AnyDesk ID in groups of three, as AnyDesk shows it; other text as it is.
std::string id_text(std::string_view id);

// `text` broken at blanks to lines of at most kScreenWidth columns, each after the first behind `indent`
// blanks. A word that is too long stays whole. `used`: columns that stand before the text already.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t used);

}  // namespace agent::commands
