// A technician's machine that writes traces: started, used for sessions, restarted, killed.
//
// The lines and their order are those of traces.md §2 to §4 for the edition.
// Deterministic: the same calls and the same seed give the same bytes. Every id,
// name and address is invented.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/trace/writer.h"

namespace support::trace {

enum class Type { desktop, file_transfer, vpn };

// How an outgoing attempt goes.
enum class Course {
  completed,  // Accepted, runs for its duration, ends with its reason.
  refused,    // The other side refuses before state 5.
  offline,    // The own client has no relay: fails at once.
  open,       // Accepted; nothing else of it is ever written.
  unended,    // Accepted; its fiber exits without a line that says so.
};

struct Outgoing {
  timing::UtcMs at;   // Of "Creating remote control session."
  std::string typed;  // What the technician typed; blanks group it.
  std::string id;     // The far side's ID.
  Type type = Type::desktop;
  Course course = Course::completed;
  std::int64_t duration_ms = 0;  // State 5 to its end.
  std::string reason = "IPC socket closed normally.";
  bool direct = true;
  std::int64_t wait_ms = 8000;  // From request to state 5, or to the refusal.
  // After its start: the far side restarts its backend, and the same session goes on (section 3.7).
  std::vector<std::int64_t> reconnect_ms = {};
};

struct Pids {
  std::uint32_t service = 0;
  std::uint32_t window = 0;
};

// What the traces must be read as.
struct Expected {
  std::string remote_id;
  Type type = Type::desktop;
  std::string outcome;
  timing::UtcMs requested;
  std::int64_t started_ms = -1;  // UTC; -1: none.
  std::int64_t ended_ms = -1;
  std::string reason;  // Without its full stop.
};

class Machine {
 public:
  Machine(Edition edition, std::string own_id, std::uint64_t seed);

  void start(timing::UtcMs at);  // Service and window begin.
  void start(timing::UtcMs at, Pids pids);
  void start_window(timing::UtcMs at, std::uint32_t pid);  // Another one, of the same service.
  void stop_window(timing::UtcMs at);
  void stop(timing::UtcMs at);          // Both end in order.
  void kill_service(timing::UtcMs at);  // Power loss: nothing is written; open sessions are lost.
  void outgoing(const Outgoing& plan);
  void incoming(timing::UtcMs at, std::string_view id, std::int64_t duration_ms);
  void backend_start_block(timing::UtcMs at);  // Another process begins in the same file.
  void relay_noise(timing::UtcMs at);
  void nul_hole(timing::UtcMs at, std::size_t bytes);
  // To be called before what happens at and after `at` is told.
  void set_clock(timing::UtcMs at, std::int64_t jump_ms);

  // The service's file; with a portable edition all lines are in it.
  std::string service_trace() const { return service_file_.text(); }
  std::string window_trace() const { return window_file_.text(); }
  // In the order they were told, by true time: where the clock was set, the lines show another.
  const std::vector<Expected>& expected() const { return expected_; }

  // For what else is written around the sessions.
  Writer& service_writer() { return service_file_; }
  Writer& window_writer() { return edition_.installed ? window_file_ : service_file_; }
  const Process& service_process() const { return service_; }
  const Process& window_process() const { return window_; }
  std::uint64_t random(std::uint64_t bound);
  std::string hex(std::size_t digits);
  // What was written and is nobody's business: addresses, fingerprints, relays, callers.
  const std::vector<std::string>& secrets() const { return secrets_; }

 private:
  using Ms = std::chrono::milliseconds;

  std::string secret(std::string text) { return secrets_.emplace_back(std::move(text)); }
  void service(timing::UtcMs at, std::uint32_t fiber, std::string_view module, std::string_view message,
               std::string_view level = "info");
  void window(timing::UtcMs at, std::string_view module, std::string_view message);
  void start_block(timing::UtcMs at, Writer& writer, Process process);
  void spawn_ipc_fiber(timing::UtcMs at, std::uint32_t fiber);
  void connect_lines(const Outgoing& plan, std::uint32_t fiber, std::uint32_t child);
  void established_lines(const Outgoing& plan, std::uint32_t fiber, std::uint32_t child,
                         timing::UtcMs started);
  void reconnect_lines(timing::UtcMs at, std::uint32_t fiber);
  void end_lines(std::uint32_t fiber, std::uint32_t child, timing::UtcMs at, std::string_view id);
  std::string system_frontend() const;

  Edition edition_;
  std::string own_id_;
  std::uint64_t random_;
  Writer service_file_;
  Writer window_file_;
  Process service_;
  Process window_;
  std::uint32_t next_fiber_ = 1;
  std::vector<Expected> expected_;
  std::vector<std::string> secrets_;
};

}  // namespace support::trace
