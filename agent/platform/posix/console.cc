#include "agent/platform/console.h"

namespace agent::platform {

Console::Console() = default;
Console::~Console() = default;

}  // namespace agent::platform
