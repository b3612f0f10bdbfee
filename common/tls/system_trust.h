// The CAs that the system trusts: for a proxy's own certificate, and for nothing else. For this room.

#pragma once

#include <memory>

#include "common/base/result.h"

namespace tls {

struct Context;

// A client's context. Read anew each time: the list may have changed.
[[nodiscard]] base::Result<std::shared_ptr<Context>> system_trust();

}  // namespace tls
