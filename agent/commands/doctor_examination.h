// What `doctor` looked at, as values, and what it makes of them.

#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/commands/agent_view.h"
#include "agent/discovery/survey.h"
#include "agent/platform/processes.h"
#include "common/base/result.h"
#include "common/timing/utc.h"

namespace agent::commands {

struct Examination {
  // The machine and who asks.
  tail::System system = tail::System::gnu_linux;
  std::string os = {};
  std::string agent_version = {};
  std::string account = {};
  bool administrator = false;
  // AnyDesk.
  discovery::Survey survey = {};
  std::vector<platform::RunningProgram> anydesk = {};
  std::map<std::string, std::string> reading_groups = {};  // Of traces that may not be read: who may.
  // The clock.
  timing::UtcMs now = {};
  std::int32_t utc_offset_min = 0;
  std::string boot_id = {};
  // The agent.
  std::string config_error = {};  // Empty: the configuration is sound.
  bool default_places = true;     // capture.default_places
  std::filesystem::path directory = {};
  // Another agent's folder on this machine, when there is nothing in `directory`; empty: none is known.
  std::filesystem::path other_directory = {};
  base::Result<AgentView> view = base::fail(base::ErrorCode::not_found, "");
  base::Result<bool> running = false;                 // An agent with this folder.
  std::vector<platform::RunningProgram> agents = {};  // All of the machine.
  std::string outbox_damage = {};                     // Empty: none was found.
  std::vector<std::filesystem::path> set_aside = {};  // Outboxes that were damaged once.
  std::optional<std::uint64_t> free_bytes = {};       // Of the disk that the folder is on; absent: unknown.
};

enum class Level : std::uint8_t { ok, hint, problem };
std::string_view to_string(Level level);

struct Finding {
  Level level = Level::ok;
  std::string topic;         // "AnyDesk", "Traces", "Clock", "Agent", "Collector", "Spool": a heading.
  std::string text;          // One or two sentences.
  std::string mend = {};     // What to do, a sentence; empty: nothing.
  std::string command = {};  // A line to be typed for that; empty: there is none.
};

// Findings of one topic stand together. Pure.
std::vector<Finding> diagnose(const Examination& examination);
std::vector<Finding> diagnose_anydesk(const Examination& examination);  // AnyDesk and Traces
std::vector<Finding> diagnose_agent(const Examination& examination);    // The others

Level worst(const std::vector<Finding>& findings);

std::string doctor_text(const Examination& examination, const std::vector<Finding>& findings);
std::string doctor_json(const Examination& examination, const std::vector<Finding>& findings);

}  // namespace agent::commands
