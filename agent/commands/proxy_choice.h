// The proxy between this workstation and its collector, as the configuration or the environment says.

#pragma once

#include <string>

#include "agent/commands/config.h"
#include "common/base/result.h"
#include "common/tls/proxy.h"

namespace agent::commands {

// Which way leads to `host`, and who says so. The password file is read anew each time. invalid_argument if
// the environment names no proxy that can be used, the errors of crypto::read_secret_file for the password.
[[nodiscard]] base::Result<tls::ProxyChoice> choose_proxy(
    const Config& config, const std::string& host,
    const tls::Environment& environment = tls::system_environment());

}  // namespace agent::commands
