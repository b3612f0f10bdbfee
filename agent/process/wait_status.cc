#include "agent/process/wait_status.h"

#include <sys/wait.h>

#include <csignal>

namespace agent::process {

EndCause cause_of_wait_status(int status) {
  if (WIFEXITED(status)) return WEXITSTATUS(status) == 0 ? EndCause::normal : EndCause::crash;
  if (!WIFSIGNALED(status)) return EndCause::unknown;
  switch (WTERMSIG(status)) {
    case SIGSEGV:
    case SIGABRT:
    case SIGBUS:
    case SIGILL:
    case SIGFPE:
    case SIGSYS:
    case SIGTRAP: return EndCause::crash;
    case SIGKILL:
    case SIGTERM:
    case SIGINT:
    case SIGQUIT: return EndCause::kill;
    case SIGHUP: return EndCause::log_off;
    default: return EndCause::unknown;
  }
}

}  // namespace agent::process
