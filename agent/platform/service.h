// The agent as a service of the system: Windows' service manager. Other systems have their own way, and every
// function here says which.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/platform/stop.h"
#include "common/base/result.h"

namespace agent::platform {

struct ServiceStatus {
  std::string name;
  std::string state;                    // "running", "stopped", "starting", "stopping"
  std::uint32_t process_id = 0;         // 0 while it is stopped.
  std::uint32_t exit_code = 0;          // Of the last run; 0 after a stop that was asked for.
  std::string command;                  // What the service manager starts.
  std::optional<bool> delayed_start;    // None where the system does not tell, as wine.
  std::optional<std::string> recovery;  // "restart after 5 s, 5 s, 60 s; ...".
};

// Registers this program with `arguments`, or changes the registration there is: started with the system,
// some minutes behind everything else; started again 5 s after it crashed or ended by itself, then 5 s, then
// 60 s, counted anew after a day. Makes the folder below which configuration and data live by default, for
// the system and administrators alone. permission_denied if the caller is no administrator; conflict if that
// folder belongs to somebody else already, who may have left a configuration in it.
[[nodiscard]] base::Status install_service(const std::vector<std::string>& arguments);

// Stops it first. The data stays. not_found if there is no such service.
[[nodiscard]] base::Status uninstall_service();

// Return when the service runs, or has stopped; unavailable if it does not come to that within 30 s, or if it
// ended by itself right after its start. Starting what runs and stopping what is stopped is done already.
[[nodiscard]] base::Status start_service();
[[nodiscard]] base::Status stop_service();

[[nodiscard]] base::Result<ServiceStatus> service_status();

// To be called by the process that the service manager started, once. Calls `body` on a thread of the
// system's, with what the service manager asks through, and returns after `body` has; what `body` returns is
// the service's exit code. A request to stop, and the notice that the system shuts down, ask `stop`; `body`
// has 20 s then. invalid_argument if the service manager did not start this process.
[[nodiscard]] base::Status run_as_service(const std::function<int(Stop& stop)>& body);

}  // namespace agent::platform
