// Watches the folders in which a new trace could appear.

#pragma once

#include <string>
#include <vector>

#include "agent/tail/file.h"
#include "agent/tail/glob.h"
#include "agent/tail/watcher.h"

namespace agent::tail {

// Each existing folder where a file, or a folder on the way to one, could come
// that `patterns` match: /home, every home, and every ~/.anydesk of
// "/home/*/.anydesk*/*.trace". A folder is first armed, then listed, so that
// nothing comes unseen in between. For the same reason call this before the
// patterns are expanded: at the start, and each time a Watcher says `everything`.
// The first error; the other folders are watched all the same.
[[nodiscard]] base::Status watch_places(Watcher& watcher, FileSystem& files,
                                        const std::vector<std::string>& patterns, LetterCase letters);

}  // namespace agent::tail
