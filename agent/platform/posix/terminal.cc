#include "agent/platform/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace agent::platform {

Screen screen() {
  const char* term =
      std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe): read at start only, nobody sets any
  if (::isatty(STDOUT_FILENO) != 1 || term == nullptr || std::string_view{term} == "dumb") return {};
  winsize size{};
  const bool told = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
  return {.can_redraw = true, .rows = told ? size.ws_row : std::size_t{0}};
}

}  // namespace agent::platform
