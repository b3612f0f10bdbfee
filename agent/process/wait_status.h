// What a POSIX wait status says about an end.

#pragma once

#include "agent/process/process_watch.h"

namespace agent::process {

// `status` as of waitpid(2).
//   exit code 0                              normal; any other exit code: crash
//   SEGV, ABRT, BUS, ILL, FPE, SYS, TRAP     crash
//   KILL, TERM, INT, QUIT                    kill; a session manager that ends its user's programs with TERM
//                                            or KILL looks the same
//   HUP                                      log_off: the terminal or login session is gone
//   another signal                           unknown
EndCause cause_of_wait_status(int status);

}  // namespace agent::process
