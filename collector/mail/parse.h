// One part of a template as text -> pieces. Inside this room.

#pragma once

#include <string_view>

#include "collector/mail/template.h"
#include "common/base/result.h"

namespace collector::mail {

// invalid_argument, "line 3: ...", for what Templates::load refuses of the marks themselves.
[[nodiscard]] base::Result<Pieces> parse(Kind kind, Part part, std::string_view text);

}  // namespace collector::mail
