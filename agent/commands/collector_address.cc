#include "agent/commands/collector_address.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace agent::commands {

namespace {

bool consists_of(std::string_view text, std::string_view also) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || also.find(c) != std::string_view::npos;
  });
}

bool is_name(std::string_view text) {
  return consists_of(text, ".-_");
}

// Roughly: the system's own reader has the last word. A zone ("%eth0") may follow.
bool is_ipv6(std::string_view text) {
  return text.find(':') != text.rfind(':') && consists_of(text, ":.%-_");
}

bool read_port(std::string_view text, std::uint16_t& port) {
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, port);
  return error == std::errc{} && rest == end && port != 0;
}

}  // namespace

base::Result<CollectorAddress> parse_collector_address(std::string text) {
  const auto bad = [&] {
    return base::fail(base::ErrorCode::invalid_argument,
                      "'" + text + "' is no collector address such as collector.example.com:7443");
  };
  std::string_view rest = text;
  for (const std::string_view scheme : {"wss://", "https://"}) {
    if (rest.starts_with(scheme)) rest.remove_prefix(scheme.size());
  }
  while (rest.ends_with('/')) rest.remove_suffix(1);

  CollectorAddress address;
  if (rest.starts_with('[')) {
    const auto bracket = rest.find(']');
    if (bracket == std::string_view::npos || !is_ipv6(rest.substr(1, bracket - 1))) return bad();
    address.host = rest.substr(1, bracket - 1);
    rest.remove_prefix(bracket + 1);
    if (rest.empty()) return address;
    if (!rest.starts_with(':') || !read_port(rest.substr(1), address.port)) return bad();
    return address;
  }
  if (is_ipv6(rest)) {
    address.host = rest;
    return address;
  }
  const auto colon = rest.find(':');
  if (!is_name(rest.substr(0, colon))) return bad();
  address.host = rest.substr(0, colon);
  if (colon != std::string_view::npos && !read_port(rest.substr(colon + 1), address.port)) return bad();
  return address;
}

}  // namespace agent::commands
