#include "agent/platform/terminal.h"

#include <windows.h>

namespace agent::platform {

Screen screen() {
  const HANDLE console = GetStdHandle(STD_OUTPUT_HANDLE);
  DWORD mode = 0;
  if (console == nullptr || console == INVALID_HANDLE_VALUE || GetConsoleMode(console, &mode) == 0) return {};
  if (SetConsoleMode(console, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING) == 0) return {};
  CONSOLE_SCREEN_BUFFER_INFO info{};
  if (GetConsoleScreenBufferInfo(console, &info) == 0) return {.can_redraw = true, .rows = 0};
  return {.can_redraw = true, .rows = static_cast<std::size_t>(info.srWindow.Bottom - info.srWindow.Top + 1)};
}

}  // namespace agent::platform
