// A mail as its reader sees it.

#pragma once

#include <string>

namespace stories {

// Subject, an empty line and the decoded plain-text part of a whole mail. Throws std::runtime_error if it has
// none.
std::string readable(const std::string& raw);

}  // namespace stories
