#include "agent/platform/memory.h"

#include <windows.h>

namespace agent::platform {

void release_code_pages() {
  ::SetProcessWorkingSetSize(::GetCurrentProcess(), static_cast<SIZE_T>(-1), static_cast<SIZE_T>(-1));
}

}  // namespace agent::platform
