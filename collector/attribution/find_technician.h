// Whose session was it: the number in the comment, then the support points by
// workstation, then by AnyDesk ID (docs/attribution.md).

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/attribution/step.h"
#include "collector/attribution/tags.h"
#include "collector/attribution/views.h"
#include "collector/directory/nouns.h"

namespace collector::attribution {

// Which of the two tables of support points is asked first.
enum class TechnicianOrder { support_point_first, anydesk_id_first };

struct FoundTechnician {
  std::optional<std::int64_t> id;
  std::string rule = "none";  // "tag", "support_point", "anydesk_id" or "none".
  std::vector<ReviewReason> reasons;
};

// A number in the comment decides alone: if it is no active technician's, or
// not certainly a number, nobody else is looked for. A support point counts at
// `moment` within its bounds, also for a technician who has left since; two
// technicians at once are a review, not a reason to look further. `tags` may
// be null: no comment. Appends to `steps`.
FoundTechnician find_technician(const SessionView& session, const Tags* tags, timing::UtcMs moment,
                                const directory::Directory& directory, TechnicianOrder order, Steps& steps);

}  // namespace collector::attribution
