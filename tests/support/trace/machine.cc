#include "tests/support/trace/machine.h"

#include <algorithm>

namespace support::trace {

namespace {

std::string features_of(Type type) {
  switch (type) {
    case Type::desktop: return "deskrt, clipboard, chat, audio, input, tcp_tunnel";
    case Type::file_transfer: return "filebrowser, chat";
    case Type::vpn: return "chat, tcp_tunnel, vpn";
  }
  return {};
}

std::string without_blanks(std::string text) {
  std::erase(text, ' ');
  return text;
}

std::string name_of(System system) {
  switch (system) {
    case System::windows: return "Windows";
    case System::linux_deb: return "Linux";
    case System::macos: return "MAC";
  }
  return {};
}

}  // namespace

Machine::Machine(Edition edition, std::string own_id, std::uint64_t seed)
    : edition_{edition},
      own_id_{std::move(own_id)},
      random_{seed},
      service_file_{edition},
      window_file_{edition} {}

// splitmix64: the same numbers with every library.
std::uint64_t Machine::random(std::uint64_t bound) {
  random_ += 0x9E3779B97F4A7C15ULL;
  std::uint64_t z = random_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return (z ^ (z >> 31)) % bound;
}

std::string Machine::hex(std::size_t digits) {
  std::string out;
  for (std::size_t i = 0; i < digits; ++i) out += "0123456789abcdef"[random(16)];
  return out;
}

void Machine::service(timing::UtcMs at, std::uint32_t fiber, std::string_view module,
                      std::string_view message, std::string_view level) {
  service_file_.line(at, service_, fiber, module, message, level);
}

void Machine::window(timing::UtcMs at, std::string_view module, std::string_view message) {
  window_writer().line(at, window_, 0, module, message);
}

std::string Machine::system_frontend() const {
  switch (edition_.system) {
    case System::windows: return "win_app.frontend";
    case System::linux_deb: return "unix_app.frontend";
    case System::macos: return "mac_app.frontend";
  }
  return {};
}

void Machine::start_block(timing::UtcMs at, Writer& writer, Process process) {
  if (edition_.system == System::linux_deb) process.app = "ad";
  writer.raw(at, " * * * * * * * * * * * * * * * * * *", process.pid);
  writer.line(at, process, 0, "main", "* AnyDesk " + name_of(edition_.system) + " Startup *");
  writer.line(at, process, 0, "main", "* Version " + edition_.version() + " (release/x " + hex(40) + ")");
  writer.line(at, process, 0, "main", "* Checksum " + hex(32));
  writer.line(at, process, 0, "main", "* Copyright (C) AnyDesk Software GmbH *");
  writer.line(at, process, 0, "main", "");
}

void Machine::start(timing::UtcMs at) {
  const auto pid = static_cast<std::uint32_t>(1100 + random(60000));
  start(at, {.service = pid, .window = pid + 5});
}

void Machine::start(timing::UtcMs at, Pids pids) {
  const bool on_linux = edition_.system == System::linux_deb;
  const std::uint32_t tid_base = edition_.system == System::macos ? 1'000'000 : pids.service;
  service_ = {edition_.service_app(), pids.service, tid_base + (on_linux ? 0 : 7)};
  window_ = {edition_.window_app(), pids.window, tid_base + (on_linux ? 5 : 21)};
  next_fiber_ = 1;

  start_block(at, service_file_, service_);
  service(at, 0, "main.run_service", edition_.installed ? "Starting service." : "Starting local service.");
  service(at + Ms{9}, 0, "fiber.scheduler", "Spawning root fiber 1.");
  service(at + Ms{9}, 0, "fiber.scheduler", "Scheduler started.");
  service(at + Ms{10}, 1, "app.service", "Opening the IPC namespace.");
  service(at + Ms{10}, 1, "app.service", "Logging into the IPC namespace.");
  for (next_fiber_ = 2; next_fiber_ <= 6; ++next_fiber_) {
    service(at + Ms{12}, 1, "fiber.scheduler", "Spawning root fiber " + std::to_string(next_fiber_) + ".");
  }
  service(at + Ms{14}, 1, "app.service", "Setting up the listen sockets.");
  service(at + Ms{15}, 1, "app.service", "Service startup completed.");
  service(at + Ms{16}, 1, "app.service", "Waiting for messages.");
  start_window(at + Ms{300}, window_.pid);
  relay_noise(at + Ms{900});
  service(at + Ms{1600}, 3, "anynet.connection_mgr", "New user data. Client-ID: " + own_id_ + ".");
}

void Machine::start_window(timing::UtcMs at, std::uint32_t pid) {
  window_.pid = pid;
  start_block(at, window_writer(), window_);
  window(at + Ms{120}, system_frontend(), "Frontend startup.");
  service(at + Ms{200}, 1, "app.service", "Process start: " + std::to_string(pid) + " (frontend).");
}

void Machine::stop_window(timing::UtcMs at) {
  window(at, system_frontend(), "Frontend shutdown.");
  service(at + Ms{20}, 1, "app.service", "Process stop: " + std::to_string(window_.pid) + ".");
}

void Machine::relay_noise(timing::UtcMs at) {
  const std::string relay = secret(hex(8));
  service(at, 3, "anynet.relay_connector", "Start proxy search.");
  service(at + Ms{4}, 3, "anynet.relay_connector",
          "Connecting to relay relay-" + relay + ".example.net (1/1)");
  service(at + Ms{30}, 3, "anynet.relay_connector",
          "Using IPv4: " + secret("192.0.2." + std::to_string(1 + random(250))));
  service(at + Ms{90}, 3, "anynet.relay_connector", "Connection established.");
  service(at + Ms{91}, 2, "anynet.connection_mgr", "Resuming main relay connection.");
}

void Machine::stop(timing::UtcMs at) {
  stop_window(at);
  service(at + Ms{30}, 1, "app.service", "Service shutdown.");
  service(at + Ms{60}, 0, "fiber.scheduler", "Quitting all fibers.");
  service(at + Ms{90}, 0, "fiber.scheduler", "Scheduler stopped (0).");
  if (edition_.system == System::linux_deb) {
    service(at + Ms{95}, 0, "main", "Exiting normally.");
  } else {
    service(at + Ms{95}, 0, "main.run_service", "Exiting");
  }
}

void Machine::kill_service(timing::UtcMs at) {
  service(at, 2, "anynet.connection_mgr", "Scheduling cleanup in 30 seconds.");
  for (Expected& expected : expected_) {
    if (expected.outcome == "active") expected.outcome = "abandoned";
  }
}

void Machine::spawn_ipc_fiber(timing::UtcMs at, std::uint32_t fiber) {
  const std::string number = std::to_string(fiber);
  service(at, 1, "app.service", "New IPC connection.");
  if (edition_.at_least(7, 0, 1)) {
    service(at, 1, "fiber.scheduler", "Spawning child fiber " + number + " 'ipc_connection' (parent: 1).");
  } else {
    service(at, 1, "fiber.scheduler",
            "Spawning child fiber " + number + (edition_.at_least(6) ? " (parent: 1)." : " (parent 1)."));
  }
  service(at, fiber, "app.service", "Creating an IPC accept socket.");
  service(at + Ms{1}, fiber, "app.service", "Connected to " + std::to_string(window_.pid) + " (frontend).");
}

void Machine::connect_lines(const Outgoing& plan, std::uint32_t fiber, std::uint32_t child) {
  const timing::UtcMs at = plan.at;
  const std::string address = edition_.at_least(7) ? without_blanks(plan.typed) : plan.typed;
  window(at - Ms{120}, system_frontend(), "Sending a connection request for address " + plan.typed + ".");
  spawn_ipc_fiber(at - Ms{60}, fiber);
  window(at - Ms{2}, "app.frontend_session", "Requesting session.");
  if (edition_.at_least(7, 0, 1)) {
    service(at - Ms{1}, fiber, "app.service",
            "Received outgoing connection request for address " + address + " (direct).");
  }
  service(at, fiber, "app.session", "Session features: " + features_of(plan.type) + ".");
  service(at, fiber, "app.service", "Creating remote control session.");
  service(at, fiber, "anynet.client_packetizer", "Adjusted send buffer: 8192");
  service(at, fiber, "anynet.any_socket", "Keepalive is disabled");
  service(at + Ms{1}, fiber, "app.session", "1: Connecting to \"" + address + "\"");
  service(at + Ms{1}, fiber, "fiber.scheduler",
          "Spawning root fiber " + std::to_string(child) +
              (edition_.at_least(7, 1) ? " 'any_socket_connect'." : "."));
  service(at + Ms{1}, child, "anynet.any_socket", "Connect fiber spawned.");
  service(at + Ms{1}, child, "anynet.any_socket", "Connecting to " + address + ".");
  service(at + Ms{1}, child, "anynet.any_socket", "Retrieving client information.");
}

void Machine::established_lines(const Outgoing& plan, std::uint32_t fiber, std::uint32_t child,
                                timing::UtcMs started) {
  const timing::UtcMs back = plan.at + Ms{180};
  const std::string fingerprint = secret(hex(12)), relay = secret(hex(8));
  service(back, child, "anynet.any_socket", "Client-ID: " + plan.id + " (FPR: " + fingerprint + ").");
  // One number a statement: compilers disagree about the order within an expression.
  const std::string host = std::to_string(1 + random(250));
  const std::string port = std::to_string(20000 + random(40000));
  service(back, child, "anynet.any_socket",
          "Logged in from " + secret("198.51.100." + host) + ":" + port + " on relay " + relay + ".");
  service(back, child, "anynet.connection_mgr", "Making a new connection to relay " + relay + ".");
  // Other root fibers are born in the connecting fiber, never in the session's own.
  service(back, child, "fiber.scheduler", "Spawning root fiber " + std::to_string(next_fiber_++) + ".");
  service(back + Ms{700}, child, "anynet.any_socket", "Connect request accepted, tunnel route created.");
  service(
      back + Ms{700}, child, "anynet.any_socket",
      "Local vport: 10, Remote vport: 10, SID: " + std::to_string(1'000'000'000'000'000 + random(1'000'000)));
  service(back + Ms{701}, fiber, "app.session", "1: Net connection established.");
  service(back + Ms{701}, fiber, "app.session", "2: Requesting a session.");
  if (plan.course == Course::refused) return;
  service(back + Ms{1300}, fiber, "app.session", "Using protocol version 4.");
  service(back + Ms{1300}, fiber, "app.session", "2: Session acknowledged.");
  service(back + Ms{1300}, fiber, "app.session", "3: Authentication.");
  service(back + Ms{1301}, fiber, "app.session", "Forwarding wait for accept challenge (0).");
  if (plan.direct) service(back + Ms{1400}, child, "anynet.any_socket", "Direct connection is available.");
  service(started - Ms{40}, fiber, "app.session", "3: Session granted.");
  if (edition_.at_least(7, 0, 1)) {
    service(started - Ms{39}, fiber, "app.session", "Login token set. Updating session stats.");
  }
  service(started - Ms{39}, fiber, "app.session", "4: Waiting for the frontend to be ready.");
  service(started, fiber, "app.session", "4: Frontend ready.");
  service(started, fiber, "app.session", "5: Entering processing loop.");
  window(started, "app.frontend_session", "Session started.");
  if (plan.type == Type::file_transfer) {
    service(started + Ms{400}, fiber, "app.ft_src_session", "New session (" + hex(8) + ").");
  }
}

void Machine::reconnect_lines(timing::UtcMs at, std::uint32_t fiber) {
  service(at, fiber, "app.session", "Waiting for authentication.");
  service(at + Ms{2933}, fiber, "app.session", "Remote backend restored.");
  service(at + Ms{2933}, fiber, "app.session", "Backend was restored. Waiting for the frontend.");
  window(at + Ms{2933}, "app.frontend_session", "Remote backend restarted. Resuming session.");
  service(at + Ms{2934}, fiber, "app.session", "Frontend ready.");
}

void Machine::end_lines(std::uint32_t fiber, std::uint32_t child, timing::UtcMs at, std::string_view id) {
  const bool named = edition_.at_least(7, 1);
  const std::string f = std::to_string(fiber) + (named ? " 'ipc_connection' (parent: 1)" : "");
  const std::string c = std::to_string(child) + (named ? " 'any_socket_connect'" : "");
  service(at, 0, "fiber.scheduler", "Fiber " + f + " requested quit of fiber " + c + ".");
  service(at, child, "anynet.any_socket", "Received quit.");
  service(at, 0, "fiber.scheduler", "Fiber " + c + " terminated.");
  service(at, 2, "anynet.connection_mgr", "Scheduling cleanup in 30 seconds.");
  service(at, fiber, "app.service", "Fiber exit (ipc).");
  service(at, 0, "fiber.scheduler", "Fiber " + f + " terminated.");
  window(at, "app.frontend_session", "Session stopped.");
  service(at + Ms{12}, 5, "app.service", "Stop monitoring " + std::string{id} + ".");
}

void Machine::outgoing(const Outgoing& plan) {
  const std::uint32_t fiber = next_fiber_++, child = next_fiber_++;
  connect_lines(plan, fiber, child);
  std::string reason = plan.reason;
  if (reason.ends_with('.')) reason.pop_back();
  Expected expected{.remote_id = plan.course == Course::offline ? without_blanks(plan.typed) : plan.id,
                    .type = plan.type,
                    .outcome = "failed",
                    .requested = plan.at,
                    .reason = reason};
  const timing::UtcMs started = plan.at + Ms{plan.wait_ms};
  timing::UtcMs ended = started;
  if (plan.course == Course::offline) {
    ended = plan.at + Ms{2};
    service(ended, child, "anynet.any_socket", "Not connected to the main relay.", "error");
  } else {
    established_lines(plan, fiber, child, started);
  }
  if (plan.course == Course::open) {
    expected.outcome = "active";
    expected.reason.clear();
    expected.started_ms = timing::to_ms(started);
    expected_.push_back(expected);
    return;
  }
  for (const std::int64_t after : plan.reconnect_ms) reconnect_lines(started + Ms{after}, fiber);
  const bool accepted = plan.course == Course::completed || plan.course == Course::unended;
  if (accepted) {
    ended = started + Ms{plan.duration_ms};
    expected.outcome = plan.course == Course::completed ? "completed" : "abandoned";
    expected.started_ms = timing::to_ms(started);
    // A live session is not silent: AnyDesk writes now and then about the idle relay.
    for (timing::UtcMs at = started + Ms{600'000}; at < ended; at += Ms{600'000}) {
      service(at, 3, "anynet.main_relay_conn", "Keepalive.");
    }
  }
  if (!plan.reason.empty()) {
    service(ended, fiber, "app.session", plan.reason, plan.reason.starts_with("Net ") ? "error" : "info");
  }
  if (plan.course == Course::completed) service(ended, fiber, "app.session", "5: Processing done.");
  end_lines(fiber, child, ended, accepted ? plan.id : "0");
  if (plan.course != Course::unended) expected.ended_ms = timing::to_ms(ended);
  expected_.push_back(expected);
}

void Machine::incoming(timing::UtcMs at, std::string_view id, std::int64_t duration_ms) {
  const std::uint32_t accept = next_fiber_++, fiber = next_fiber_++;
  const std::string remote = secret(std::string{id});
  service(at, 4, "anynet.any_socket", "Accept request from " + remote + " (via relay).");
  service(at, 4, "fiber.scheduler", "Spawning root fiber " + std::to_string(accept) + ".");
  service(at, accept, "anynet.any_socket", "Client-ID: " + remote + " (FPR: " + secret(hex(12)) + ").");
  service(at + Ms{5}, 1, "app.service", "New ANY connection.");
  service(at + Ms{5}, fiber, "app.service", "Creating a ANY accept socket.");
  service(at + Ms{8}, fiber, "app.session", "Session features: " + features_of(Type::desktop) + ".");
  service(at + Ms{8}, fiber, "app.session", "get session id");
  service(at + Ms{8}, fiber, "app.session", "1: Connecting to the backend.");
  service(at + Ms{60}, fiber, "app.session", "1: IPC connection established.");
  service(at + Ms{60}, fiber, "app.session", "2: Requesting a session at the backend.");
  service(at + Ms{90}, fiber, "app.session", "2: Session acknowledged.");
  service(at + Ms{90}, fiber, "app.session", "3: Authentication 65 0.");
  service(at + Ms{4000}, fiber, "app.session",
          edition_.at_least(7, 1) ? "3: Authenticated by local user." : "Authenticated by local user.",
          "auth");
  service(at + Ms{4001}, fiber, "app.session", "4: Waiting for the backend to be ready.");
  service(at + Ms{4100}, fiber, "app.session", "4: Backend ready.");
  service(at + Ms{4100}, fiber, "app.session", "5: Entering processing loop.");
  const timing::UtcMs end = at + Ms{4100 + duration_ms};
  service(end, fiber, "app.session", "Session closed by remote side: desk_rt_ipc_error.");
  service(end, fiber, "app.session", "5: Processing done.");
  service(end, fiber, "app.service", "Fiber exit (net).");
  service(end, 0, "fiber.scheduler", "Fiber " + std::to_string(fiber) + " terminated.");
}

void Machine::backend_start_block(timing::UtcMs at) {
  start_block(at, service_file_, {edition_.backend_app(), service_.pid + 40, service_.tid + 40});
}

void Machine::nul_hole(timing::UtcMs at, std::size_t bytes) {
  service_file_.raw(at, std::string(bytes, '\0'));
}

void Machine::set_clock(timing::UtcMs at, std::int64_t jump_ms) {
  service_file_.jump(at, jump_ms);
}

}  // namespace support::trace
