#include "agent/process/exit_code.h"

namespace agent::process {

EndCause cause_of_exit_code(std::uint32_t code) {
  switch (code) {
    case 0: return EndCause::normal;
    case 0xC000013A: return EndCause::kill;     // STATUS_CONTROL_C_EXIT
    case 0x40010004:                            // DBG_TERMINATE_PROCESS
    case 0xC000026B: return EndCause::log_off;  // STATUS_DLL_INIT_FAILED_LOGOFF
    case 0x80000003: return EndCause::crash;    // STATUS_BREAKPOINT
    default: break;
  }
  const std::uint32_t severity = code >> 28;
  return severity == 0xC || severity == 0xE ? EndCause::crash : EndCause::kill;
}

}  // namespace agent::process
