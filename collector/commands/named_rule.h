// A template as people name it to a command, from the collector or built in.

#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "collector/directory/nouns.h"
#include "collector/store/connection.h"

namespace collector::commands {

// "Evening", its newest version, or "Evening@2"; else the built-in template of that name, as version 0.
// not_found, with the nearest name, if there is none.
[[nodiscard]] base::Result<directory::Template> named_template(store::Transaction& tx,
                                                               const std::string& name);

// The same; without a configuration only what is built in.
[[nodiscard]] base::Result<directory::Template> named_template(
    const std::optional<std::filesystem::path>& config, const std::string& name);

}  // namespace collector::commands
