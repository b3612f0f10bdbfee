// Where a collector listens for agents, as people write it.

#pragma once

#include <cstdint>
#include <string>

#include "common/base/result.h"

namespace agent::commands {

inline constexpr std::uint16_t kDefaultCollectorPort = 7443;

struct CollectorAddress {
  std::string host;  // A name, an IPv4 address, or an IPv6 address without brackets.
  std::uint16_t port = kDefaultCollectorPort;
};

// HOST, HOST:PORT, an IPv6 address, [IPv6]:PORT; a scheme in front and slashes
// behind are forgiven, because people copy them along. invalid_argument, quoting
// the text, for anything else.
[[nodiscard]] base::Result<CollectorAddress> parse_collector_address(std::string text);

}  // namespace agent::commands
