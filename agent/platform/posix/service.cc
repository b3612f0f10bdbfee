// Linux and macOS bring the service as a file of their packages; there is nothing for the program to
// register.

#include "agent/platform/service.h"

namespace agent::platform {

namespace {

std::unexpected<base::Error> by_the_system() {
#ifdef __APPLE__
  constexpr auto how =
      "on macOS the agent is a service of launchd: `launchctl bootstrap system "
      "/Library/LaunchDaemons/com.deskledger.agent.plist` installs and starts it, `launchctl bootout "
      "system/com.deskledger.agent` stops it, `launchctl print system/com.deskledger.agent` shows it";
#else
  constexpr auto how =
      "on Linux the agent is a service of systemd, and its package brings the unit: `systemctl enable --now "
      "deskledger-agent` starts it, `systemctl stop deskledger-agent` stops it, `systemctl status "
      "deskledger-agent` shows it";
#endif
  return base::fail(base::ErrorCode::invalid_argument, how);
}

}  // namespace

base::Status install_service(const std::vector<std::string>&) {
  return by_the_system();
}
base::Status uninstall_service() {
  return by_the_system();
}
base::Status start_service() {
  return by_the_system();
}
base::Status stop_service() {
  return by_the_system();
}
base::Result<ServiceStatus> service_status() {
  return by_the_system();
}
base::Status run_as_service(const std::function<int(Stop& stop)>&) {
  return by_the_system();
}

}  // namespace agent::platform
