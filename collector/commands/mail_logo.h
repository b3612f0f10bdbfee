// The logo that `mail.logo` of the configuration names.

#pragma once

#include <memory>

#include "collector/commands/config.h"
#include "collector/mail/logo.h"
#include "common/base/result.h"

namespace collector::commands {

// Nothing if none is named. not_found if the file cannot be read; invalid_argument, with its name, for one
// that is no logo (mail/logo.h).
[[nodiscard]] base::Result<std::shared_ptr<const mail::Logo>> load_logo(const Config& config);

}  // namespace collector::commands
