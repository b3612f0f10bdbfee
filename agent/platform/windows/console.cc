#include "agent/platform/console.h"

#include <fcntl.h>
#include <io.h>
#include <windows.h>

#include <cstdio>

namespace agent::platform {

Console::Console() : code_page_{GetConsoleOutputCP()} {
  _setmode(_fileno(stdin), _O_BINARY);
  _setmode(_fileno(stdout), _O_BINARY);
  if (code_page_ != 0) SetConsoleOutputCP(CP_UTF8);
}

Console::~Console() {
  // The console outlives us and belongs to whoever typed the command.
  if (code_page_ != 0) SetConsoleOutputCP(code_page_);
}

}  // namespace agent::platform
