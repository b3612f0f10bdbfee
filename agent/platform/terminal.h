// Whether standard output is a screen that can be drawn anew.

#pragma once

#include <cstddef>

namespace agent::platform {

struct Screen {
  // A terminal that understands ANSI sequences; on Windows they are switched on for it.
  bool can_redraw = false;
  std::size_t rows = 0;  // 0: unknown.
};

// As it is now: a window can be resized.
Screen screen();

}  // namespace agent::platform
