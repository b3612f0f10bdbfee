// Amounts of money as people write them: 25.50 EUR, 1200 JPY.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace collector::rating {

// How many digits of the currency's smallest unit stand behind the point: 2, 0 (JPY, KRW ...) or 3 (KWD, BHD
// ...), by ISO 4217. Unknown currencies have 2.
int minor_digits(std::string_view currency);

// "25", "25.5" or "-25.50" in the smallest unit. invalid_argument, saying what is expected, for anything else
// and for more digits than the currency has.
[[nodiscard]] base::Result<std::int64_t> money_from(std::string_view text, std::string_view currency);

// "25.50", always with all digits of the currency. A rule by itself is of no currency: two digits.
std::string money_text(std::int64_t amount, std::string_view currency = "");

}  // namespace collector::rating
