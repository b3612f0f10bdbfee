// Inside this room: validities, half-open [from, to), an absent bound is open.

#pragma once

#include <optional>
#include <string>

#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::actions {

struct Period {
  std::optional<timing::UtcMs> from;
  std::optional<timing::UtcMs> to;
  bool operator==(const Period&) const = default;
};

template <class Row>
Period period_of(const Row& row) {
  return {.from = row.valid_from, .to = row.valid_to};
}

bool overlap(const Period& one, const Period& other);
bool covers(const Period& period, timing::UtcMs moment);

// "from 2026-01-01T00:00:00.000Z on", "until ...", "from ... until ...", "at all times".
std::string words_for(const Period& period);

// invalid_argument if it ends before it begins.
[[nodiscard]] base::Status check_period(const Period& period);

}  // namespace collector::actions
