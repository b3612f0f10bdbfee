// Which customer's terminal was it.

#pragma once

#include <cstdint>
#include <optional>

#include "collector/attribution/review_reason.h"
#include "collector/attribution/step.h"
#include "collector/attribution/views.h"
#include "collector/directory/nouns.h"

namespace collector::attribution {

struct FoundTerminal {
  std::optional<std::int64_t> terminal_id;
  std::optional<std::int64_t> customer_id;
  std::optional<ReviewReason> reason;  // unknown_terminal or ambiguous_terminal when nothing was found.
};

// The terminal with that address, valid at `moment`; of several of one
// customer, the one with the lowest id. Appends to `steps`.
FoundTerminal find_terminal(const std::string& remote_id, timing::UtcMs moment,
                            const directory::Directory& directory, Steps& steps);

}  // namespace collector::attribution
