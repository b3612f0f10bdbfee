// How Windows knows the agent's service, and how a call to the system that failed is told.

#pragma once

#include <windows.h>

#include <string>

#include "common/base/result.h"

namespace agent::platform {

inline constexpr wchar_t kServiceName[] = L"DeskledgerAgent";
// What the service is given between the request to stop and the system's patience ending.
inline constexpr DWORD kStopMilliseconds = 20'000;

// `error` is GetLastError()'s.
inline std::unexpected<base::Error> windows_failure(DWORD error, std::string attempted) {
  const auto code = error == ERROR_ACCESS_DENIED               ? base::ErrorCode::permission_denied
                    : error == ERROR_SERVICE_DOES_NOT_EXIST    ? base::ErrorCode::not_found
                    : error == ERROR_SERVICE_MARKED_FOR_DELETE ? base::ErrorCode::conflict
                                                               : base::ErrorCode::unavailable;
  std::string why = "Windows error " + std::to_string(error);
  if (error == ERROR_ACCESS_DENIED) why = "an administrator must do that";
  if (error == ERROR_SERVICE_DOES_NOT_EXIST) why = "there is no such service";
  if (error == ERROR_SERVICE_MARKED_FOR_DELETE) why = "it is being removed; close what shows the services";
  return base::fail(code, std::move(attempted) + ": " + why);
}

}  // namespace agent::platform
