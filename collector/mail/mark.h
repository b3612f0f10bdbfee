// A line of a template cut into literal text and marks. Inside this room.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace collector::mail {

struct Mark {
  enum class Is { literal, value, each, when, otherwise, end };
  Is is = Is::literal;
  std::string text;      // The literal, or the name; of a value also what only looks like a name.
  bool negated = false;  // %if not NAME%
};

// With its line end, if it has one. A line of nothing but blocks' marks and blanks gives the marks alone.
// invalid_argument for a percent sign that begins nothing.
[[nodiscard]] base::Result<std::vector<Mark>> marks_of(std::string_view line);

}  // namespace collector::mail
