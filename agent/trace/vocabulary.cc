#include "agent/trace/vocabulary.h"

#include <algorithm>
#include <array>

namespace agent::trace {

namespace {

// No stem begins with another one of its list, and each list is sorted: the only one `text` can begin with is
// the last that is not behind it.
template <std::size_t size>
bool begins_with_one_of(std::string_view text, const std::array<std::string_view, size>& stems) {
  const auto behind = std::ranges::upper_bound(stems, text);
  return behind != stems.begin() && text.starts_with(*(behind - 1));
}

template <std::size_t size>
consteval bool can_be_searched(const std::array<std::string_view, size>& stems) {
  return std::ranges::adjacent_find(stems, [](std::string_view a, std::string_view b) {
           return a >= b || b.starts_with(a);
         }) == stems.end();
}

constexpr auto kSession = std::to_array<std::string_view>({
    "2: Requesting a session",
    "2: Session acknowledged",
    "2: Waiting for restore state request",
    "2: Waiting for session ack",
    "3: Authentication",
    "Backend was restored",
    "Could not create directory",
    "Forwarding ",
    "Frontend ready",
    "Login token set",
    "Remote asked for a volatile token",
    "Using protocol version",
    "Waiting for authentication",
    "Waiting to receive",
});

constexpr auto kService = std::to_array<std::string_view>({
    "5 Unexpected: ",
    "Account",
    "Address book data request",
    "Creating an IPC accept socket",
    "IPC socket closed",
    "Initiating auto-shutdown",
    "License backend service status",
    "Logging into the IPC namespace",
    "New ANY connection",
    "New IPC connection",
    "Opening the IPC namespace",
    "Process login detected",
    "Process stop",
    "Received connectivity update",
    "Received outgoing connection request",
    "Registering monitoring",
    "Service shutdown",
    "Setting up the listen sockets",
    "Starting the connector",
    "Starting to supervise",
    "Stop monitoring",
    "Terminating the service",
    "Try to install",
    "Using existing control",
    "Using protocol version",
    "Waiting for messages",
});

constexpr auto kTab = std::to_array<std::string_view>({
    "Connection flags:",
    "Enabling local clipboard",
    "Enabling screen capturing",
    "Identical keyboard layout",
    "Keyboard layouts differ",
    "Mouse click was ignored",
    "Received authentication request",
    "Received new ",
    "Received wait for accept request",
    "Received whiteboard permissions",
    "Remote OS:",
    "Remote asked for a volatile token",
    "Remote caps:",
    "Remote privacy state:",
    "Remote version:",
    "Requesting a new thumbnail",
    "Requesting to not lock remote workstation",
    "Starting connect session",
    "Updated the thumbnail",
    "Updating clipboard",
    "bwd rules:",
    "fwd rules:",
    "handle_tcp_tunnel_config",
});

static_assert(can_be_searched(kSession) && can_be_searched(kService) && can_be_searched(kTab));

}  // namespace

bool is_known_session_text(std::string_view message) {
  return begins_with_one_of(message, kSession);
}

bool is_known_service_text(std::string_view message) {
  return begins_with_one_of(message, kService);
}

bool is_known_tab_text(std::string_view message) {
  return begins_with_one_of(message, kTab);
}

}  // namespace agent::trace
