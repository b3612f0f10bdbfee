// Points in time as the product stores them: whole milliseconds, UTC.

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace timing {

using UtcMs = std::chrono::sys_time<std::chrono::milliseconds>;

inline UtcMs from_ms(std::int64_t ms_since_epoch) {
  return UtcMs{std::chrono::milliseconds{ms_since_epoch}};
}
inline std::int64_t to_ms(UtcMs t) {
  return t.time_since_epoch().count();
}

// "2026-11-21T09:05:07.123Z" (RFC 3339, always milliseconds, always Z). Years
// outside 0000..9999 have no RFC 3339 form and print as they come.
std::string to_rfc3339(UtcMs t);

// The inverse, also accepting no fraction, 1 to 9 fractional digits (cut to
// milliseconds), a blank in place of T, and a numeric offset in place of Z.
// invalid_argument, quoting the text, for anything else, a date that does not
// exist included.
[[nodiscard]] base::Result<UtcMs> from_rfc3339(std::string_view text);

}  // namespace timing
