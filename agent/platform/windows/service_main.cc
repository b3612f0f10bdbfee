// The process's side of a service: the service manager's dispatcher and what it asks.

#include "agent/platform/service.h"
#include "agent/platform/windows/service_name.h"

#include <exception>
#include <mutex>

namespace agent::platform {

namespace {

// The dispatcher calls plain functions: what they need stands here. One service to a process.
struct Running {
  const std::function<int(Stop&)>* body = nullptr;
  Stop stop;
  SERVICE_STATUS_HANDLE handle = nullptr;
  std::mutex mutex;  // The dispatcher's thread and the service's both report.
  SERVICE_STATUS status{.dwServiceType = SERVICE_WIN32_OWN_PROCESS,
                        .dwCurrentState = SERVICE_START_PENDING,
                        .dwControlsAccepted = 0,
                        .dwWin32ExitCode = NO_ERROR,
                        .dwServiceSpecificExitCode = 0,
                        .dwCheckPoint = 0,
                        .dwWaitHint = 0};
};
Running* running = nullptr;

void report(DWORD state, DWORD wait_hint_ms) {
  const std::scoped_lock lock{running->mutex};
  // A request to stop can come while the service ends by itself; the last word stays.
  if (running->status.dwCurrentState == SERVICE_STOPPED) return;
  running->status.dwCurrentState = state;
  running->status.dwWaitHint = wait_hint_ms;
  running->status.dwControlsAccepted =
      state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN | SERVICE_ACCEPT_PRESHUTDOWN
                               : 0;
  SetServiceStatus(running->handle, &running->status);
}

// On the dispatcher's thread, while `body` runs on another.
DWORD WINAPI on_control(DWORD control, DWORD, void*, void*) {
  switch (control) {
    case SERVICE_CONTROL_STOP:
    case SERVICE_CONTROL_SHUTDOWN:
    case SERVICE_CONTROL_PRESHUTDOWN:
      report(SERVICE_STOP_PENDING, kStopMilliseconds);
      running->stop.ask();
      return NO_ERROR;
    case SERVICE_CONTROL_INTERROGATE: return NO_ERROR;
    default: return ERROR_CALL_NOT_IMPLEMENTED;
  }
}

void WINAPI service_main(DWORD, wchar_t**) {
  running->handle = RegisterServiceCtrlHandlerExW(kServiceName, on_control, nullptr);
  if (running->handle == nullptr) return;
  report(SERVICE_RUNNING, 0);
  int code = 1;
  try {
    code = (*running->body)(running->stop);
  } catch (const std::exception&) {
    // No caller could take it; the exit code says that it ended by itself, and the service manager starts it
    // again.
  }
  if (code != 0) {
    running->status.dwWin32ExitCode = ERROR_SERVICE_SPECIFIC_ERROR;
    running->status.dwServiceSpecificExitCode = static_cast<DWORD>(code);
  }
  report(SERVICE_STOPPED, 0);
}

}  // namespace

base::Status run_as_service(const std::function<int(Stop& stop)>& body) {
  // Left behind on purpose: the dispatcher's thread may still be in on_control when the service has ended.
  static Running state;
  state.body = &body;
  running = &state;
  std::wstring name = kServiceName;
  const SERVICE_TABLE_ENTRYW table[] = {{name.data(), service_main}, {nullptr, nullptr}};
  if (StartServiceCtrlDispatcherW(table) != 0) return {};
  const DWORD error = GetLastError();
  if (error == ERROR_FAILED_SERVICE_CONTROLLER_CONNECT) {
    return base::fail(
        base::ErrorCode::invalid_argument,
        "`run --service` is what Windows' service manager starts; use `run`, or `service start`");
  }
  return windows_failure(error, "speaking with Windows' service manager");
}

}  // namespace agent::platform
