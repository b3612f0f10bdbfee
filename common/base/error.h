// The one error type of the house.
//
// A code is for the program to branch on; a message is for the person reading
// it: what we were doing, and to what. Codes are few on purpose: add one only
// when some caller would do something different because of it.

#pragma once

#include <string>
#include <string_view>

namespace base {

enum class ErrorCode {
  invalid_argument,    // The caller's input would never work. Do not retry.
  not_found,           // The thing asked for does not exist.
  conflict,            // It exists already, and differs from what was offered.
  corrupt,             // Bytes at rest or on the wire fail their own checks.
  unauthenticated,     // We do not know who is speaking.
  permission_denied,   // We know who is speaking, and the answer is no.
  resource_exhausted,  // A limit we chose was reached: disk, queue, quota.
  deadline_exceeded,   // No answer in time. The other side may have acted.
  unavailable,         // Transient. Retrying the same call may work.
  cancelled,           // Our own side asked to stop.
  internal,            // A bug: an invariant we promised does not hold.
};

struct Error {
  ErrorCode code;
  std::string message;
};

// True when sending the same request again, later, may succeed. Only safe for
// operations that are idempotent: after deadline_exceeded the first attempt
// may have taken effect.
bool is_retryable(ErrorCode code);

std::string_view to_string(ErrorCode code);

}  // namespace base
