#include "agent/trace/parse.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "agent/trace/eight_bytes.h"
#include "agent/trace/header.h"
#include "agent/trace/vocabulary.h"

namespace agent::trace {

namespace {

// These run for every line. Inlined, the literal is known: its first eight bytes are one comparison of
// integers, and seldom is more left to compare (std::string_view's own always calls a function).
inline bool begins(std::string_view text, std::string_view stem) {
  if (text.size() < stem.size()) return false;
  if (stem.size() >= 8 && eight_bytes(text.data()) != eight_bytes(stem.data())) return false;
  return std::memcmp(text.data(), stem.data(), stem.size()) == 0;
}

inline bool is(std::string_view text, std::string_view word) {
  return text.size() == word.size() && begins(text, word);
}

template <class... Stems>
bool begins_with_any(std::string_view text, const Stems&... stems) {
  return (begins(text, stems) || ...);
}

Role role_of(std::string_view app) {
  if (is(app, "service") || is(app, "gsvc") || is(app, "lsvc") || is(app, "local_svc")) return Role::service;
  if (is(app, "front") || is(app, "frontend")) return Role::window;
  return is(app, "ad") ? Role::undecided : Role::other;
}

std::string_view leading_digits(std::string_view text) {
  return text.substr(0, std::min(text.find_first_not_of("0123456789"), text.size()));
}

// The number at the beginning of `text`; 0 if there is none or it is too large for a fiber.
std::uint32_t leading_number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} ? value : 0;
}

std::string_view without_full_stop(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  return text;
}

// Steps and answers that only the caller's side logs (traces.md §3.2). The texts of the called side (§4)
// differ in each: "2: Requesting a session at the backend.", "3: Authentication 65 0.".
bool is_outgoing_step(std::string_view message) {
  return is(message, "2: Requesting a session.") ||
         begins_with_any(message, "1: Net connection established", "3: Session granted",
                         "4: Waiting for the frontend to be ready", "4: Frontend ready");
}

bool is_incoming_step(std::string_view message) {
  return begins_with_any(
      message, "get session id", "Connecting to current session", "1 - Connecting to console session",
      "1: Connecting to the backend", "1: IPC connection established",
      "2: Requesting a session at the backend", "4: Waiting for the backend to be ready", "4: Backend ready",
      "Send route info for the accept window", "Starting a new  backend", "Backend PID",
      "Backend pid spawned", "Authenticated ", "3: Authenticated ", "Allowed interactive logon");
}

bool is_reason(std::string_view message) {
  return begins_with_any(message, "Session closed by remote side", "Session closed locally",
                         "Net socket closed", "Net socket error", "IPC socket closed");
}

// What no version we know of writes. Only these lines pay for their stems.
void count_unknown(std::string_view message, TraceCounters& counters) {
  ++counters.unknown_session;
  counters.unknown_stems.add(message);
}

constexpr std::string_view kConnecting = "1: Connecting to \"";

void read_session_line(std::string_view message, Event& event, TraceCounters& counters) {
  constexpr std::string_view kFeatures = "Session features:";
  if (begins(message, "5: Entering processing loop")) {
    event.kind = EventKind::loop_entered;
  } else if (begins(message, "5: Processing done")) {
    event.kind = EventKind::loop_done;
  } else if (begins(message, kConnecting)) {
    event.kind = EventKind::connecting_to;
    event.text = message.substr(kConnecting.size());
    event.text = event.text.substr(0, event.text.rfind('"'));
  } else if (begins(message, kFeatures)) {
    event.kind = EventKind::session_features;
    event.text = without_full_stop(message.substr(kFeatures.size()));
  } else if (is_reason(message)) {
    event.kind = EventKind::reason;
    event.text = without_full_stop(message);
  } else if (is_outgoing_step(message)) {
    event.kind = EventKind::outgoing_step;
  } else if (is_incoming_step(message)) {
    event.kind = EventKind::incoming_step;
  } else if (begins(message, "Remote backend restored")) {
    event.kind = EventKind::backend_restored;
  } else if (!is_known_session_text(message)) {
    count_unknown(message, counters);
  }
}

void read_service_line(std::string_view message, Event& event, TraceCounters& counters) {
  constexpr std::string_view kStop = "Process stop: ", kConnected = "Connected to ";
  if (begins(message, "Creating remote control session")) {
    event.kind = EventKind::creating_session;
  } else if (begins(message, "Fiber exit (ipc)")) {
    event.kind = EventKind::fiber_exit_ipc;
  } else if (begins(message, "Fiber exit (net)")) {
    event.kind = EventKind::fiber_exit_net;
  } else if (begins(message, "Service startup completed")) {
    event.kind = EventKind::service_started;
  } else if (begins(message, "Process start:")) {
    event.kind = EventKind::process_start;
  } else if (begins(message, kStop)) {
    event.number = leading_number(message.substr(kStop.size()));
    if (event.number != 0) event.kind = EventKind::process_stop;
  } else if (begins(message, kConnected)) {
    if (message.find("(frontend)") == std::string_view::npos) return;
    event.number = leading_number(message.substr(kConnected.size()));
    if (event.number != 0) event.kind = EventKind::window_connected;
  } else if (begins(message, "Creating a ANY accept socket")) {
    event.kind = EventKind::incoming_step;
  } else if (!is_known_service_text(message)) {
    count_unknown(message, counters);
  }
}

// "Spawning root fiber 28 'any_socket_connect'.", "Fiber 27 'ipc_connection' (parent: 1) terminated.",
// "Fiber 22 'ipc_connection' (parent: 1) requested quit of fiber 23 'any_socket_connect'."
void read_scheduler_line(std::string_view message, Event& event) {
  constexpr std::string_view kSpawn = "Spawning root fiber ", kFiber = "Fiber ",
                             kQuit = "requested quit of fiber ";
  if (begins(message, kSpawn)) {
    event.number = leading_number(message.substr(kSpawn.size()));
    if (event.number != 0) event.kind = EventKind::root_fiber_spawned;
  } else if (begins(message, kFiber)) {
    const std::uint32_t fiber = leading_number(message.substr(kFiber.size()));
    if (fiber == 0) return;
    if (message.ends_with("terminated.")) {
      event.kind = EventKind::fiber_terminated;
      event.fiber = fiber;
    } else if (const auto at = message.find(kQuit); at != std::string_view::npos) {
      event.kind = EventKind::fiber_quit_requested;
      event.fiber = fiber;
      event.number = leading_number(message.substr(at + kQuit.size()));
    }
  }
}

// "Zombie process detected (3248). Fixing the state.": a window vanished without a word (§2.3).
void read_namespace_line(std::string_view message, Event& event) {
  constexpr std::string_view kZombie = "Zombie process detected (";
  if (!begins(message, kZombie)) return;
  event.number = leading_number(message.substr(kZombie.size()));
  if (event.number != 0) event.kind = EventKind::process_stop;
}

void read_client_id(std::string_view message, std::string_view stem, EventKind kind, Event& event) {
  if (!begins(message, stem)) return;
  const std::string_view id = leading_digits(message.substr(stem.size()));
  // "0" is how AnyDesk writes "no ID yet".
  if (id.empty() || id.find_first_not_of('0') == std::string_view::npos) return;
  event.kind = kind;
  event.text = id;
}

void read_main_line(std::string_view message, Event& event) {
  constexpr std::string_view kVersion = "* Version ";
  if (begins(message, "* AnyDesk ") && message.find(" Startup") != std::string_view::npos) {
    event.kind = EventKind::startup_block;
  } else if (begins(message, kVersion)) {
    event.text = message.substr(kVersion.size());
    event.text = event.text.substr(0, event.text.find(' '));
    event.kind = EventKind::version;
  } else if (begins(message, "Exiting") && event.role == Role::service) {
    event.kind = EventKind::service_exit;
  } else if (begins(message, "Exiting") && event.role == Role::window) {
    event.kind = EventKind::window_exit;
  }
}

void read_service_role(const Header& header, Event& event, TraceCounters& counters) {
  const std::string_view module = header.module;
  if (is(module, "fiber.scheduler")) {
    read_scheduler_line(header.message, event);
  } else if (is(module, "app.session")) {
    read_session_line(header.message, event, counters);
  } else if (is(module, "app.service")) {
    read_service_line(header.message, event, counters);
  } else if (is(module, "anynet.any_socket")) {
    read_client_id(header.message, "Client-ID: ", EventKind::client_id, event);
  } else if (is(module, "anynet.connection_mgr")) {
    read_client_id(header.message, "New user data. Client-ID: ", EventKind::own_client_id, event);
  } else if (is(module, "fiber.ipc_namespace")) {
    read_namespace_line(header.message, event);
  } else if (is(module, "main") || is(module, "main.run_service")) {
    read_main_line(header.message, event);
  }
}

// One tab of a window; which one, no line says.
void read_tab_line(std::string_view message, Event& event, TraceCounters& counters) {
  struct Text {
    std::string_view text;
    EventKind kind;
  };
  static constexpr std::array kTexts{
      Text{"Requesting session.", EventKind::window_requesting},
      Text{"Session started.", EventKind::window_session_started},
      Text{"Remote backend restarted.", EventKind::window_resumed},
      Text{"The user has requested a connection quit.", EventKind::window_quit},
      Text{"The socket was closed remotely.", EventKind::window_socket_closed},
      Text{"Stopping session.", EventKind::window_stopping},
      Text{"Session stopped.", EventKind::window_session_stopped},
      Text{"Deleting session.", EventKind::window_deleting},
  };
  for (const Text& known : kTexts) {
    if (!begins(message, known.text)) continue;
    event.kind = known.kind;
    if (known.kind == EventKind::window_quit || known.kind == EventKind::window_socket_closed) {
      event.text = without_full_stop(message);
    }
    return;
  }
  if (!is_known_tab_text(message)) count_unknown(message, counters);
}

void read_window_line(const Header& header, Event& event, TraceCounters& counters) {
  constexpr std::string_view kRequest = "Sending a connection request for address ";
  constexpr std::string_view kMonitor = "Stopping to monitor client ";
  const std::string_view message = header.message;
  if (is(header.module, "app.frontend_session")) {
    read_tab_line(message, event, counters);
  } else if (!header.module.ends_with("app.frontend")) {
    return;
  } else if (begins(message, kRequest)) {
    event.kind = EventKind::window_request;
    event.text = without_full_stop(message.substr(kRequest.size()));
    ++counters.window_requests;
  } else if (begins(message, kMonitor)) {
    read_client_id(message, kMonitor, EventKind::window_monitor_stopped, event);
  } else if (begins(message, "Frontend shutdown complete")) {
    event.kind = EventKind::window_exit;
  }
}

}  // namespace

std::optional<Event> parse(std::string_view text, std::uint64_t offset, TraceCounters& counters) {
  std::optional<Event> out;
  ++counters.lines;
  const auto header = parse_header(text);
  if (!header) {
    const bool blank = text.find_first_not_of(" *\t\r") == std::string_view::npos;
    ++(blank ? counters.blank : counters.malformed);
    return out;
  }
  ++counters.matched;
  Event& event = out.emplace();
  event.at = header->at;
  event.role = role_of(header->app);
  event.fatal = header->fatal;
  event.pid = header->pid;
  event.fiber = header->fiber;
  event.app = header->app;
  event.offset = offset;
  if (event.role == Role::service) {
    ++counters.service_lines;
    read_service_role(*header, event, counters);
  } else if (is(header->module, "main")) {
    read_main_line(header->message, event);
  } else if (event.role == Role::window) {
    read_window_line(*header, event, counters);
  }
  if (event.kind != EventKind::other_line) {
    ++counters.events;
    event.text = event.text.substr(0, kTextBytesMax);
  } else if (event.role != Role::service && event.role != Role::window && !event.fatal) {
    out.reset();
  }
  return out;
}

}  // namespace agent::trace
