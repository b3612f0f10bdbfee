// The administrator's side of the service: its registration, and starting and stopping it.

#include "agent/platform/service.h"

#include <array>
#include <chrono>
#include <memory>

#include "agent/platform/command_line.h"
#include "agent/platform/places.h"
#include "agent/platform/windows/program_folder.h"
#include "agent/platform/windows/service_name.h"
#include "common/base/path.h"

namespace agent::platform {

namespace {

using namespace std::chrono_literals;

struct Closing {
  void operator()(SC_HANDLE handle) const { CloseServiceHandle(handle); }
};
using Handle = std::unique_ptr<SC_HANDLE__, Closing>;

std::wstring wide(std::string_view text) {
  return base::path_of(text).wstring();
}
std::string narrow(const wchar_t* text) {
  return text == nullptr ? std::string{} : std::filesystem::path{text}.string();
}

base::Result<Handle> open_manager(DWORD rights) {
  Handle manager{OpenSCManagerW(nullptr, nullptr, rights)};
  if (!manager) return windows_failure(GetLastError(), "speaking with Windows' service manager");
  return manager;
}

base::Result<Handle> open_service(DWORD rights) {
  const auto manager = open_manager(SC_MANAGER_CONNECT);
  if (!manager) return std::unexpected{manager.error()};
  Handle service{OpenServiceW(manager->get(), kServiceName, rights)};
  if (!service) return windows_failure(GetLastError(), "opening the service " + narrow(kServiceName));
  return service;
}

base::Result<std::string> own_program() {
  std::wstring path(512, L'\0');
  for (;;) {
    const DWORD got = GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size()));
    if (got == 0) return windows_failure(GetLastError(), "asking where this program is");
    if (got < path.size()) {
      path.resize(got);
      return std::filesystem::path{path}.string();
    }
    path.resize(path.size() * 2);
  }
}

base::Result<Handle> create_or_change(const std::wstring& command) {
  const auto manager = open_manager(SC_MANAGER_CREATE_SERVICE);
  if (!manager) return std::unexpected{manager.error()};
  // Starting is among the rights because whoever sets a restart as recovery must have it.
  constexpr DWORD rights = SERVICE_CHANGE_CONFIG | SERVICE_START;
  constexpr wchar_t shown[] = L"Deskledger Agent";
  // No account is named: the local system's, which alone may read the traces of every profile.
  Handle service{CreateServiceW(manager->get(), kServiceName, shown, rights, SERVICE_WIN32_OWN_PROCESS,
                                SERVICE_AUTO_START, SERVICE_ERROR_NORMAL, command.c_str(), nullptr, nullptr,
                                nullptr, nullptr, nullptr)};
  if (service) return service;
  if (GetLastError() != ERROR_SERVICE_EXISTS)
    return windows_failure(GetLastError(), "registering the service");
  service.reset(OpenServiceW(manager->get(), kServiceName, rights));
  if (!service) return windows_failure(GetLastError(), "opening the service " + narrow(kServiceName));
  if (ChangeServiceConfigW(service.get(), SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START, SERVICE_ERROR_NORMAL,
                           command.c_str(), nullptr, nullptr, nullptr, nullptr, nullptr, shown) == 0) {
    return windows_failure(GetLastError(), "changing the service's registration");
  }
  return service;
}

// A system that does not know `what` goes on without: wine, of three of these. Every Windows since 7 knows
// them.
base::Status set(SC_HANDLE service, DWORD what, void* value, const char* attempted) {
  if (ChangeServiceConfig2W(service, what, value) != 0 || GetLastError() == ERROR_INVALID_LEVEL) return {};
  return windows_failure(GetLastError(), attempted);
}

base::Status set_recovery(SC_HANDLE service) {
  std::array<SC_ACTION, 3> actions{
      {{SC_ACTION_RESTART, 5'000}, {SC_ACTION_RESTART, 5'000}, {SC_ACTION_RESTART, 60'000}}};
  SERVICE_FAILURE_ACTIONSW recovery{.dwResetPeriod = 24 * 60 * 60,
                                    .lpRebootMsg = nullptr,
                                    .lpCommand = nullptr,
                                    .cActions = static_cast<DWORD>(actions.size()),
                                    .lpsaActions = actions.data()};
  // Not only when it crashes: also when it ends by itself and says so with its exit code.
  SERVICE_FAILURE_ACTIONS_FLAG ended{.fFailureActionsOnNonCrashFailures = TRUE};
  constexpr auto attempted = "setting what happens when the service ends by itself";
  if (auto done = set(service, SERVICE_CONFIG_FAILURE_ACTIONS, &recovery, attempted); !done) return done;
  return set(service, SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, &ended, attempted);
}

base::Status describe(SC_HANDLE service) {
  std::wstring text = L"Reports AnyDesk support sessions to this company's Deskledger collector.";
  SERVICE_DESCRIPTIONW description{.lpDescription = text.data()};
  SERVICE_DELAYED_AUTO_START_INFO delayed{.fDelayedAutostart = TRUE};
  SERVICE_PRESHUTDOWN_INFO shutdown{.dwPreshutdownTimeout = kStopMilliseconds};
  constexpr auto attempted = "describing the service";
  if (auto done = set(service, SERVICE_CONFIG_DESCRIPTION, &description, attempted); !done) return done;
  if (auto done = set(service, SERVICE_CONFIG_DELAYED_AUTO_START_INFO, &delayed, attempted); !done)
    return done;
  return set(service, SERVICE_CONFIG_PRESHUTDOWN_INFO, &shutdown, attempted);
}

base::Result<SERVICE_STATUS_PROCESS> query(SC_HANDLE service) {
  SERVICE_STATUS_PROCESS status{};
  DWORD needed = 0;
  if (QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, reinterpret_cast<BYTE*>(&status), sizeof status,
                           &needed) == 0) {
    return windows_failure(GetLastError(), "asking for the service's state");
  }
  return status;
}

// The service manager notifies of changes, but wine's does not: they are looked for. Only the end of the
// service's process is a notice; where that may not be waited for, this waits for its own and the time ends
// it.
void wait_for_change(DWORD process) {
  constexpr DWORD look_again_ms = 50;
  const HANDLE serving = process == 0 ? nullptr : OpenProcess(SYNCHRONIZE, FALSE, process);
  WaitForSingleObject(serving == nullptr ? GetCurrentProcess() : serving, look_again_ms);
  if (serving != nullptr) CloseHandle(serving);
}

// The state it settles in: running or stopped.
base::Result<SERVICE_STATUS_PROCESS> settle(SC_HANDLE service, const char* until) {
  const auto give_up = std::chrono::steady_clock::now() + 30s;
  for (;;) {
    const auto status = query(service);
    if (!status || status->dwCurrentState == SERVICE_RUNNING || status->dwCurrentState == SERVICE_STOPPED) {
      return status;
    }
    if (std::chrono::steady_clock::now() > give_up) {
      return base::fail(base::ErrorCode::unavailable,
                        std::string{"the service did not "} + until + " within 30 s");
    }
    wait_for_change(status->dwProcessId);
  }
}

std::uint32_t exit_code(const SERVICE_STATUS_PROCESS& status) {
  return status.dwWin32ExitCode == ERROR_SERVICE_SPECIFIC_ERROR ? status.dwServiceSpecificExitCode
                                                                : status.dwWin32ExitCode;
}

std::string state_name(DWORD state) {
  switch (state) {
    case SERVICE_RUNNING: return "running";
    case SERVICE_STOPPED: return "stopped";
    case SERVICE_START_PENDING: return "starting";
    case SERVICE_STOP_PENDING: return "stopping";
    default: return "state " + std::to_string(state);
  }
}

// A structure of the system with what its pointers point to behind it. Empty if the system does not tell.
std::vector<std::byte> config2(SC_HANDLE service, DWORD what) {
  DWORD needed = 0;
  QueryServiceConfig2W(service, what, nullptr, 0, &needed);
  std::vector<std::byte> buffer(needed);
  if (needed == 0 ||
      QueryServiceConfig2W(service, what, reinterpret_cast<BYTE*>(buffer.data()), needed, &needed) == 0) {
    buffer.clear();
  }
  return buffer;
}

std::optional<std::string> recovery_text(SC_HANDLE service) {
  const auto buffer = config2(service, SERVICE_CONFIG_FAILURE_ACTIONS);
  if (buffer.size() < sizeof(SERVICE_FAILURE_ACTIONSW)) return std::nullopt;
  const auto& recovery = *reinterpret_cast<const SERVICE_FAILURE_ACTIONSW*>(buffer.data());
  std::string text;
  for (DWORD i = 0; i < recovery.cActions; ++i) {
    const auto& action = recovery.lpsaActions[i];
    text += text.empty() ? "" : ", ";
    text += action.Type == SC_ACTION_RESTART ? "restart after " : "nothing after ";
    text += std::to_string(action.Delay / 1000) + " s";
  }
  if (text.empty()) return "none";
  return text + "; counted anew after " + std::to_string(recovery.dwResetPeriod) + " s";
}

std::string registered_command(SC_HANDLE service) {
  DWORD needed = 0;
  QueryServiceConfigW(service, nullptr, 0, &needed);
  std::vector<std::byte> buffer(needed);
  auto* config = reinterpret_cast<QUERY_SERVICE_CONFIGW*>(buffer.data());
  if (needed == 0 || QueryServiceConfigW(service, config, needed, &needed) == 0) return "";
  return narrow(config->lpBinaryPathName);
}

}  // namespace

base::Status install_service(const std::vector<std::string>& arguments) {
  if (auto made = make_program_folder(data_directory().parent_path()); !made) return made;
  const auto program = own_program();
  if (!program) return std::unexpected{program.error()};
  const auto service = create_or_change(wide(command_line(*program, arguments)));
  if (!service) return std::unexpected{service.error()};
  if (auto set = set_recovery(service->get()); !set) return set;
  return describe(service->get());
}

base::Status uninstall_service() {
  const auto service = open_service(DELETE);
  if (!service) return std::unexpected{service.error()};
  if (auto stopped = stop_service(); !stopped) return stopped;
  if (DeleteService(service->get()) == 0) return windows_failure(GetLastError(), "removing the service");
  return {};
}

base::Status start_service() {
  const auto service = open_service(SERVICE_START | SERVICE_QUERY_STATUS);
  if (!service) return std::unexpected{service.error()};
  if (StartServiceW(service->get(), 0, nullptr) == 0 && GetLastError() != ERROR_SERVICE_ALREADY_RUNNING) {
    return windows_failure(GetLastError(), "starting the service");
  }
  const auto status = settle(service->get(), "start");
  if (!status) return std::unexpected{status.error()};
  if (status->dwCurrentState == SERVICE_RUNNING) return {};
  return base::fail(base::ErrorCode::unavailable, "the service ended right after its start with exit code " +
                                                      std::to_string(exit_code(*status)) +
                                                      "; the agent's log says why");
}

base::Status stop_service() {
  const auto service = open_service(SERVICE_STOP | SERVICE_QUERY_STATUS);
  if (!service) return std::unexpected{service.error()};
  SERVICE_STATUS answered{};
  if (ControlService(service->get(), SERVICE_CONTROL_STOP, &answered) == 0) {
    const DWORD error = GetLastError();
    if (error == ERROR_SERVICE_NOT_ACTIVE) return {};
    // It is starting or stopping; what comes of that is looked at below.
    if (error != ERROR_SERVICE_CANNOT_ACCEPT_CTRL) return windows_failure(error, "stopping the service");
  }
  const auto status = settle(service->get(), "stop");
  if (!status) return std::unexpected{status.error()};
  if (status->dwCurrentState == SERVICE_STOPPED) return {};
  return base::fail(base::ErrorCode::unavailable, "the service still runs; stop it again");
}

base::Result<ServiceStatus> service_status() {
  const auto service = open_service(SERVICE_QUERY_STATUS | SERVICE_QUERY_CONFIG);
  if (!service) return std::unexpected{service.error()};
  const auto status = query(service->get());
  if (!status) return std::unexpected{status.error()};
  ServiceStatus told{.name = narrow(kServiceName),
                     .state = state_name(status->dwCurrentState),
                     .process_id = status->dwProcessId,
                     .exit_code = exit_code(*status),
                     .command = registered_command(service->get()),
                     .delayed_start = std::nullopt,
                     .recovery = recovery_text(service->get())};
  if (const auto buffer = config2(service->get(), SERVICE_CONFIG_DELAYED_AUTO_START_INFO); !buffer.empty()) {
    told.delayed_start =
        reinterpret_cast<const SERVICE_DELAYED_AUTO_START_INFO*>(buffer.data())->fDelayedAutostart != 0;
  }
  return told;
}

}  // namespace agent::platform
