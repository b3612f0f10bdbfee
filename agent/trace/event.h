// What one trace line means to a session: the noun between agent/trace and agent/session.
//
// Times, names and texts are AnyDesk's own (docs: traces.md, sections 2 and 3).

#pragma once

#include <cstdint>
#include <string_view>

#include "common/timing/utc.h"

namespace agent::trace {

// Which process wrote the line, from its APP column (traces.md §2.1).
enum class Role : std::uint8_t {
  service,    // gsvc, lsvc, service, local_svc: the processes whose lines are the record.
  undecided,  // "ad": a Linux process before it knows what it will be.
  window,     // front, frontend: the second writer of an outgoing session.
  other,      // Trays, backends.
};

enum class EventKind : std::uint8_t {
  other_line,            // Any other line of a service or a window: it was alive then.
  startup_block,         // "main - * AnyDesk ... Startup *", of any role.
  version,               // "main - * Version 7.1.0 (...)", of any role; text = "7.1.0".
  service_started,       // "Service startup completed."
  process_start,         // "Process start: 7919 (frontend).": the service met another process.
  process_stop,          // "Process stop: N", "Zombie process detected (N)": a process is gone; number = N.
  window_connected,      // "Connected to 7919 (frontend).": the fiber serves that window; number = its pid.
  service_exit,          // "main.run_service - Exiting", "main - Exiting normally." of a service.
  session_features,      // text = "deskrt, clipboard, ..."
  creating_session,      // "Creating remote control session.": an outgoing attempt.
  connecting_to,         // '1: Connecting to "X"'; text = X as logged.
  outgoing_step,         // A state only an outgoing session logs, such as "3: Session granted."
  incoming_step,         // A line only an incoming session logs, such as "4: Backend ready."
  root_fiber_spawned,    // number = the new fiber.
  client_id,             // The far side's ID, in a connecting fiber; text = its digits.
  own_client_id,         // "New user data. Client-ID: N.": this workstation's own; text = its digits.
  reason,                // A reason line of app.session; text without its full stop.
  backend_restored,      // "Remote backend restored.": a reconnect inside the session (§3.7).
  loop_entered,          // "5: Entering processing loop.": the start.
  loop_done,             // "5: Processing done.": the end.
  fiber_exit_ipc,        // "Fiber exit (ipc).": the record of an outgoing session closes.
  fiber_exit_net,        // "Fiber exit (net).": the record of an incoming session closes.
  fiber_quit_requested,  // "Fiber F ... requested quit of fiber C"; fiber = F, number = C.
  fiber_terminated,      // "Fiber F ... terminated."; fiber = F.

  // Lines of a window (§3.3). None names its session.
  window_request,          // "Sending a connection request for address X."; text = X.
  window_requesting,       // "Requesting session."
  window_session_started,  // "Session started.": the start.
  window_resumed,          // "Remote backend restarted. Resuming session."
  window_quit,             // "The user has requested a connection quit."; text without its full stop.
  window_socket_closed,    // "The socket was closed remotely."; text without its full stop.
  window_stopping,         // "Stopping session."
  window_session_stopped,  // "Session stopped.": the end.
  window_monitor_stopped,  // "Stopping to monitor client N."; text = N, the far ID (up to 6.6).
  window_deleting,         // "Deleting session.": the tab is closed.
  window_exit,             // "Exiting normally.", "Frontend shutdown complete." of a window.
};

struct Event {
  timing::UtcMs at;
  EventKind kind = EventKind::other_line;
  Role role = Role::other;
  bool fatal = false;  // Of level "explode": what an AnyDesk process writes before it dies of an error.
  std::uint32_t pid = 0;
  std::uint32_t fiber = 0;   // 0: the line was not written inside a fiber.
  std::uint32_t number = 0;  // Meaning by kind.
  std::string_view app;      // The APP column. Points into the line.
  std::string_view text;     // Meaning by kind. Points into the line.
  std::uint64_t offset = 0;  // Logical offset of the line (agent/tail).
};

}  // namespace agent::trace
