// `status`: is this workstation enrolled, connected, and is nothing missing?
// Once, or with --watch for as long as somebody looks.

#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

#include "agent/commands/agent_view.h"
#include "agent/platform/terminal.h"
#include "common/timing/clock.h"

namespace agent::commands {

struct StatusOptions {
  std::optional<std::filesystem::path> config;
  std::optional<std::filesystem::path> data_directory;  // Replaces the configuration's.
  bool json = false;
  bool watch = false;
  std::uint32_t interval_s = 1;  // With watch.
};

// 0; 1 if the workstation is not enrolled or its outbox cannot be read. With watch it stays until Ctrl-C.
int run_status(const StatusOptions& options, std::ostream& out, std::ostream& err);

// At most 80 columns as long as paths are not long. `now` absent: moments are given instead of how long ago
// they are, so that the text changes with the facts only.
std::string status_text(const AgentView& view, std::optional<timing::UtcMs> now);
// One line.
std::string status_json(const AgentView& view);

// What `watch` depends on, so that a test can drive it.
struct WatchOptions {
  std::filesystem::path directory;
  // A terminal is drawn anew each time; elsewhere there is a block for each change. Asked before each
  // drawing.
  std::function<platform::Screen()> screen;
  bool json = false;  // A line for each change.
  // Waits for the next look; false: somebody asked to end.
  std::function<bool()> wait;
};
// 0 at its end. An agent that cannot be read at the moment is said to be so, and looked at again.
int watch_status(const WatchOptions& options, const timing::Clock& clock, std::ostream& out);

}  // namespace agent::commands
