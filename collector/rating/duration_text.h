// A duration as people read it on a clock.

#pragma once

#include <cstdint>
#include <string>

namespace collector::rating {

// Seconds as "0:30", "34:12", from one hour on as "1:04:12". A negative
// duration carries a minus sign.
std::string duration_text(std::int64_t seconds);

// Milliseconds the same way: "34:12.045".
std::string duration_ms_text(std::int64_t ms);

}  // namespace collector::rating
