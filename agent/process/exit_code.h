// What Windows' exit codes say about an end.

#pragma once

#include <cstdint>

#include "agent/process/process_watch.h"

namespace agent::process {

// Windows keeps one number and not who set it, so this is inferred, and only the first two are certain:
//   0                          normal
//   0xC....... and 0xE.......  crash: the unhandled exception (NTSTATUS of severity "error"; C++ exceptions
//                              have 0xE06D7363), also 0x80000003, a breakpoint without a debugger
//   0xC000013A                 kill: Ctrl-C, or the console was closed
//   0x40010004, 0xC000026B     log_off: how Windows ends programs, and those still starting, when the user
//                              logs off or the machine shuts down
//   anything else              kill: TerminateProcess takes any number (Task Manager and taskkill: 1); a
//                              program that gave up by itself with such a code looks the same
EndCause cause_of_exit_code(std::uint32_t code);

}  // namespace agent::process
