// What becomes of an outbox that is damaged: it is marked, moved aside and kept.

#pragma once

#include <filesystem>
#include <string>

#include "common/base/result.h"
#include "common/timing/utc.h"

namespace agent::outbox {

// Remembers in `<path>.damaged` that the file must not be used any more, and why. Damage may be found long
// after the start, and a start that looks at the newest records only would not see it again. Nothing is
// written into the damaged file itself; a failure to write the mark is ignored: the check finds it again.
void mark_damaged(const std::filesystem::path& path, const std::string& reason);

// corrupt, with the reason, if it was marked.
[[nodiscard]] base::Status expect_unmarked(const std::filesystem::path& path);

// Moves a damaged outbox (and its WAL) aside, to `<path>.damaged-<utc ms>`, and
// returns that name. The next open() starts an empty one, which needs a new epoch.
[[nodiscard]] base::Result<std::filesystem::path> quarantine(const std::filesystem::path& path,
                                                             timing::UtcMs now);

}  // namespace agent::outbox
