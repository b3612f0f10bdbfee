// A gap in a trace, as people read it.

#pragma once

#include <string>

#include "collector/store/sessions.h"

namespace collector::commands {

// "lines between 2026-11-16 14:03:02 and 14:05:40 UTC are missing (file_replaced, at least 120 bytes)". Where
// a time is not known it says since when, until when, or only when the gap was noticed. The second date is
// left out if it is the first.
std::string gap_text(const store::GapRow& gap);

}  // namespace collector::commands
