// File name patterns with '*' and '?', as a shell reads them.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/tail/file.h"

namespace agent::tail {

enum class LetterCase { sensitive, insensitive };

// One path component. '*' and '?' do not match a leading dot: AnyDesk keeps an
// empty ".anydesk.trace" beside the real one (traces.md section 1.2).
bool glob_matches(std::string_view pattern, std::string_view name, LetterCase letter_case);

// All paths that match `pattern`, whose components are separated by '/' (or by
// '\\' if it contains no '/'), sorted. Folders that are missing or closed to us
// match nothing. A pattern without '*' or '?' is returned as it is.
std::vector<std::string> expand(FileSystem& files, const std::string& pattern, LetterCase letter_case);

}  // namespace agent::tail
