// Sessions from a window's trace alone, for when the service's cannot be read.
//
// The window tells requests, starts, ends and reasons (traces.md §3.3), but of
// no line which session it speaks of, never the kind, and the far ID seldom:
// what is uncertain is in Snapshot::doubts. "Session stopped." is taken as the
// end: in the real pairs of both traces it stands within 8 ms of the service's
// "5: Processing done.", "Stopping session." 50 to 165 ms before it; only when
// AnyDesk was closed in mid-session the service took 1.3 s longer. With several tabs open a line is given to
// the most likely one, and all of them carry the doubt "pairing".

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/session/process_life.h"
#include "agent/session/snapshot.h"
#include "agent/session/window.h"
#include "agent/trace/event.h"
#include "common/base/result.h"

namespace agent::session {

// Windows remembered at a time; the oldest without an open tab is forgotten first.
inline constexpr std::size_t kWindowsMax = 16;

// One per trace file, in the shape of Builder (builder.h), whose promises hold
// for the functions of the same name. Not thread-safe; a value.
class WindowBuilder {
 public:
  explicit WindowBuilder(std::string source) : source_{std::move(source)} {}

  // Events of other roles than windows are taken too: start blocks and versions matter, the rest does not.
  std::vector<Snapshot> add(const trace::Event& event);
  std::vector<Snapshot> open_sessions() const;

  std::vector<Snapshot> process_gone(std::uint32_t pid, const ProcessEnd& end);
  std::vector<LiveProcess> processes_of_open_sessions() const;
  void alive(std::uint32_t pid, timing::UtcMs at);

  std::string save() const;
  [[nodiscard]] static base::Result<WindowBuilder> load(std::string_view state);

  // Open tabs forgotten because of the limits.
  std::uint64_t tabs_dropped() const { return tabs_dropped_; }
  const std::string& source() const { return source_; }

  bool operator==(const WindowBuilder&) const = default;

 private:
  using Changes = std::vector<Snapshot>;

  Window* find(std::uint32_t pid);
  Window& window_of(const trace::Event& event);
  void forget(std::uint32_t pid, Changes& changes);
  void watch_clock(Window& window, const trace::Event& event);
  void tab_event(Window& window, const trace::Event& event, Changes& changes);
  void asked(Window& window, const trace::Event& event, Changes& changes);
  void requesting(Window& window, const trace::Event& event, Changes& changes);
  void started(Window& window, const trace::Event& event, Changes& changes);
  void stopping(Window& window, const trace::Event& event, Changes& changes);
  void stopped(Window& window, const trace::Event& event, Changes& changes);
  void resumed(Window& window, Changes& changes);
  void named(Window& window, const trace::Event& event, Changes& changes);
  void exited(Window& window, const trace::Event& event, Changes& changes);
  void gone(Window& window, Changes& changes) const;
  Tab& tab_or_new(Tab* tab, Window& window, const trace::Event& event);
  void announce(const Window& window, const Tab& tab, Changes& changes) const;
  Snapshot snapshot(const Window& window, const Tab& tab) const;

  std::string source_;
  std::string version_;
  std::vector<Window> windows_;
  std::uint64_t tabs_dropped_ = 0;
};

}  // namespace agent::session
