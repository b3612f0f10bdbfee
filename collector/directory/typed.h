// What people type, read as values of the master data. Every front end and every file is read by the same
// rules. What cannot be read is invalid_argument, with the text and what it should look like.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::directory {

// An AnyDesk ID (6 to 12 digits, blanks between them are cut) or an alias name@namespace, in lower case
// because AnyDesk does not tell cases apart.
[[nodiscard]] base::Result<std::string> typed_address(std::string_view text);

// A day, 2026-11-21 (its beginning), a minute, "2026-11-21 09:05", or a second, 2026-11-21T09:05:07; a blank
// may stand for the T. UTC, unless behind the seconds stands Z or what the clock is ahead, +02:00. Not before
// 1970.
[[nodiscard]] base::Result<timing::UtcMs> typed_moment(std::string_view text);

// "2026-11-21".
[[nodiscard]] base::Result<std::chrono::year_month_day> typed_day(std::string_view text);

// Mail domains with blanks, commas or semicolons between them: each in lower case, an '@' in front cut, none
// twice.
[[nodiscard]] base::Result<std::vector<std::string>> typed_domains(std::string_view text);

// ASCII letters in lower case.
std::string lower(std::string_view text);

}  // namespace collector::directory
