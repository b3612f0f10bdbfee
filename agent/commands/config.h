// The agent's configuration as values; agent/agent.full.toml documents the
// file, and a test loads it.

#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/capture/capture.h"
#include "agent/uplink/uplink.h"
#include "common/base/result.h"

namespace agent::commands {

struct Config {
  std::filesystem::path data_directory;
  bool default_places = true;
  std::vector<std::string> traces;
  capture::Options capture;
  std::string log_level = "info";
  uplink::Transport transport = uplink::Transport::automatic;
  std::string proxy_url = "environment";           // "none", "environment", or a proxy that was looked at.
  std::filesystem::path proxy_password_file = {};  // Empty: none.
};

// `file` absent: the system's own place if there is one (/etc/deskledger/agent.toml), else the defaults.
[[nodiscard]] base::Result<Config> load_config(const std::optional<std::filesystem::path>& file);

[[nodiscard]] base::Result<Config> parse_config(std::string_view text, std::string_view name);

}  // namespace agent::commands
