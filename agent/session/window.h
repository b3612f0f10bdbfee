// One AnyDesk window process as its own lines show it, with its tabs.
//
// A line of a window names no session (traces.md §3.1, §3.3), and its threads
// serve all tabs: the "ctrl" thread of every session of a window has the same
// TID in all real traces. Which tab a line speaks of follows from the order.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/session/process_life.h"
#include "agent/session/snapshot.h"
#include "agent/trace/event.h"

namespace agent::session {

// Tabs remembered for one window: the open ones, and dead ones that may still be told their ID.
inline constexpr std::size_t kTabsMax = 32;
// A reason counts for the "Stopping session." that follows within so long.
inline constexpr std::int64_t kReasonWindowMs = 5000;
// A tab whose next line did not come within so long will not get it.
inline constexpr std::int64_t kStaleTabMs = 60'000;
// Dialling an open tab again starts the new attempt so long before the old one stops (§3.9: 45 ms).
inline constexpr std::int64_t kRedialMs = 1000;

// How far a tab has come.
enum class Stage : std::uint8_t {
  asked,       // "Sending a connection request for address X."
  requesting,  // "Requesting session."
  started,     // "Session started."
  stopping,    // "Stopping session."
  stopped,     // "Session stopped."
};

struct Tab {
  Stage stage = Stage::asked;
  timing::UtcMs first{};  // Time of its first line, and what tells it from another tab of that millisecond.
  std::uint32_t twin = 0;
  std::uint64_t first_offset = 0;
  std::string typed;  // Blanks removed.
  std::string told;   // The ID the window names when it stops to monitor it.
  std::string reason;
  std::string version;
  bool shared = false;  // Another tab was open at the same time.
  bool clock_went_backwards = false;
  std::uint32_t reconnects = 0;
  std::optional<timing::UtcMs> requested;
  std::optional<timing::UtcMs> started;
  std::optional<timing::UtcMs> stopping;
  std::optional<timing::UtcMs> ended;
  std::optional<std::uint64_t> requested_offset;
  std::optional<std::uint64_t> started_offset;
  std::optional<std::uint64_t> stopping_offset;
  std::optional<std::uint64_t> ended_offset;

  bool open() const { return stage != Stage::stopped; }
  // AnyDesk works on it, so that a line can speak of it.
  bool busy() const { return stage > Stage::asked && stage < Stage::stopped; }
  void end(timing::UtcMs at, std::uint64_t offset);
  bool operator==(const Tab&) const = default;
};

// A reason line that waits for its "Stopping session.".
struct PendingReason {
  timing::UtcMs at{};
  bool by_user = false;  // "The user has requested a connection quit."
  std::string text;
  bool operator==(const PendingReason&) const = default;
};

struct Window {
  std::uint32_t pid = 0;
  timing::UtcMs last_seen{};
  Life life;
  std::vector<Tab> tabs;  // In order of their first line.
  std::vector<PendingReason> reasons;

  // Each returns the tab that the line most likely speaks of, or nullptr; traces.md §3.3 and §3.9 for why.
  Tab* to_request();
  Tab* to_start();
  Tab* to_stop(timing::UtcMs at);
  Tab* stopping();
  Tab* stopped();
  Tab* named(std::string_view id);

  // At the limit the oldest dead tab is forgotten, else the oldest: `dropped` counts that.
  Tab& open_tab(const trace::Event& event, std::uint64_t& dropped);
  void keep_reason(const trace::Event& event);
  std::string take_reason(timing::UtcMs at);
  // A tab that is closed had its quit line for itself.
  void drop_user_reason();
  bool operator==(const Window&) const = default;
};

}  // namespace agent::session
