// What a thread can wait on until the system has something to tell: a file
// descriptor that becomes readable, on Windows the handle of an event object.

#pragma once

namespace base {

#ifdef _WIN32
using Waitable = void*;
inline constexpr Waitable kNotWaitable = nullptr;
#else
using Waitable = int;
inline constexpr Waitable kNotWaitable = -1;
#endif

}  // namespace base
