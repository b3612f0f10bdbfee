#include "agent/session/window_builder.h"

#include <algorithm>
#include <utility>

#include "agent/session/builder.h"

namespace agent::session {

using trace::Event;
using trace::EventKind;
using trace::Role;

namespace {

bool is_tab_event(EventKind kind) {
  return kind >= EventKind::window_request && kind <= EventKind::window_deleting;
}

Outcome outcome_of(const Window& window, const Tab& tab) {
  if (!tab.requested) return Outcome::partial;
  if (tab.ended) return tab.started ? Outcome::completed : Outcome::failed;
  return window.life.gone ? Outcome::abandoned : Outcome::active;
}

// Not from `requested`, which is known a moment later than the first line.
std::string key_of(const std::string& source, const Window& window, const Tab& tab) {
  std::string key = source + "/" + std::to_string(window.pid) + "/window/";
  if (!tab.requested) key += "cut-";
  key += std::to_string(timing::to_ms(tab.first));
  if (tab.twin != 0) key += "-" + std::to_string(tab.twin);
  return key;
}

std::vector<Doubt> doubts_of(const Tab& tab) {
  std::vector<Doubt> doubts;
  if (tab.told.empty() && !tab.typed.empty()) doubts.push_back(Doubt::remote_id_typed);
  if (tab.shared) doubts.push_back(Doubt::pairing);
  doubts.push_back(Doubt::kind);
  return doubts;
}

// The line that would have ended it is lost; the one before it was read.
void end_where_it_stopped(Tab& tab) {
  tab.end(tab.stopping.value_or(tab.first), tab.stopping_offset.value_or(tab.first_offset));
}

}  // namespace

Snapshot WindowBuilder::snapshot(const Window& window, const Tab& tab) const {
  const Outcome outcome = outcome_of(window, tab);
  const bool abandoned = outcome == Outcome::abandoned;
  const std::string& id = tab.told.empty() ? tab.typed : tab.told;
  return Snapshot{
      .key = key_of(source_, window, tab),
      .outcome = outcome,
      .kind = Kind::desktop,
      .kind_known = false,
      .remote_id = id.empty() ? std::nullopt : std::optional<std::string>{id},
      .requested = tab.requested,
      .started = tab.started,
      .ended = tab.ended,
      .last_seen = abandoned ? std::optional{window.life.last_seen(window.last_seen)} : std::nullopt,
      .abandon_cause = abandoned ? window.life.cause_with(window.last_seen) : AbandonCause::unknown,
      .end_reason = tab.reason,
      .pid = window.pid,
      .fiber = 0,
      .window_pid = window.pid,
      .reconnects = tab.reconnects,
      .source = source_,
      .witness = Witness::window,
      .doubts = doubts_of(tab),
      .clock_went_backwards = tab.clock_went_backwards,
      .anydesk_id = {},
      .anydesk_version = tab.version,
      .requested_offset = tab.requested_offset,
      .started_offset = tab.started_offset,
      .ended_offset = tab.ended_offset,
      .first_offset = tab.first_offset,
  };
}

void WindowBuilder::announce(const Window& window, const Tab& tab, Changes& changes) const {
  changes.push_back(snapshot(window, tab));
}

Window* WindowBuilder::find(std::uint32_t pid) {
  const auto known = std::ranges::find(windows_, pid, &Window::pid);
  return known == windows_.end() ? nullptr : &*known;
}

Window& WindowBuilder::window_of(const Event& event) {
  if (Window* known = find(event.pid)) return *known;
  if (windows_.size() >= kWindowsMax) {
    const auto idle = std::ranges::find_if(
        windows_, [](const Window& known) { return std::ranges::none_of(known.tabs, &Tab::open); });
    const auto victim = idle == windows_.end() ? windows_.begin() : idle;
    tabs_dropped_ += static_cast<std::uint64_t>(std::ranges::count_if(victim->tabs, &Tab::open));
    windows_.erase(victim);
  }
  Window window;
  window.pid = event.pid;
  window.last_seen = event.at;
  return windows_.emplace_back(std::move(window));
}

// The window is no more. What was stopping has ended; the rest of its open sessions has no end.
void WindowBuilder::gone(Window& window, Changes& changes) const {
  window.reasons.clear();
  for (Tab& tab : window.tabs) {
    if (!tab.open()) continue;
    if (tab.stage == Stage::stopping) end_where_it_stopped(tab);
    announce(window, tab, changes);
  }
}

// Another process has this pid now.
void WindowBuilder::forget(std::uint32_t pid, Changes& changes) {
  Window* const window = find(pid);
  if (window == nullptr) return;
  if (!std::exchange(window->life.gone, true)) gone(*window, changes);
  windows_.erase(windows_.begin() + (window - windows_.data()));
}

void WindowBuilder::watch_clock(Window& window, const Event& event) {
  const bool jumped = (window.last_seen - event.at).count() > kClockToleranceMs;
  window.last_seen = event.at;
  if (!jumped) return;
  for (Tab& tab : window.tabs) {
    if (tab.open()) tab.clock_went_backwards = true;
  }
}

Tab& WindowBuilder::tab_or_new(Tab* tab, Window& window, const Event& event) {
  Tab& found = tab != nullptr ? *tab : window.open_tab(event, tabs_dropped_);
  if (found.version.empty()) found.version = version_;
  return found;
}

void WindowBuilder::asked(Window& window, const Event& event, Changes& changes) {
  for (Tab& old : window.tabs) {
    // Nothing came of it.
    if (old.stage != Stage::asked || (event.at - old.first).count() <= kStaleTabMs) continue;
    old.end(event.at, event.offset);
    announce(window, old, changes);
  }
  Tab& tab = tab_or_new(nullptr, window, event);
  tab.typed = without_blanks(event.text);
  tab.requested = event.at;
  tab.requested_offset = event.offset;
  announce(window, tab, changes);
}

// Nearer to the service's "Creating remote control session." than the line before.
void WindowBuilder::requesting(Window& window, const Event& event, Changes& changes) {
  Tab& tab = tab_or_new(window.to_request(), window, event);
  tab.stage = Stage::requesting;
  tab.requested = event.at;
  tab.requested_offset = event.offset;
  if (std::ranges::count_if(window.tabs, &Tab::busy) > 1) {
    for (Tab& other : window.tabs) other.shared = other.shared || other.busy();
  }
  announce(window, tab, changes);
}

void WindowBuilder::started(Window& window, const Event& event, Changes& changes) {
  Tab& tab = tab_or_new(window.to_start(), window, event);
  tab.stage = Stage::started;
  tab.started = event.at;
  tab.started_offset = event.offset;
  announce(window, tab, changes);
}

void WindowBuilder::stopping(Window& window, const Event& event, Changes& changes) {
  if (Tab* old = window.stopping(); old && (event.at - *old->stopping).count() > kStaleTabMs) {
    end_where_it_stopped(*old);
    announce(window, *old, changes);
  }
  Tab* const found = window.to_stop(event.at);
  if (found == nullptr && window.life.gone) return;  // It ended with the window already.
  Tab& tab = tab_or_new(found, window, event);
  tab.stage = Stage::stopping;
  tab.stopping = event.at;
  tab.stopping_offset = event.offset;
  tab.reason = window.take_reason(event.at);
  announce(window, tab, changes);
}

void WindowBuilder::stopped(Window& window, const Event& event, Changes& changes) {
  Tab* found = window.stopping();
  if (found == nullptr) found = window.to_stop(event.at);
  if (found == nullptr && window.life.gone) return;
  Tab& tab = tab_or_new(found, window, event);
  if (tab.stage != Stage::stopping) tab.reason = window.take_reason(event.at);
  tab.end(event.at, event.offset);
  announce(window, tab, changes);
}

// With several sessions open it belongs to one of them, and no line says to which.
void WindowBuilder::resumed(Window& window, Changes& changes) {
  const auto tab = std::ranges::find(window.tabs, Stage::started, &Tab::stage);
  if (tab == window.tabs.end()) return;
  ++tab->reconnects;
  announce(window, *tab, changes);
}

void WindowBuilder::named(Window& window, const Event& event, Changes& changes) {
  Tab* const tab = window.named(event.text);
  if (tab == nullptr) return;
  tab->told = event.text;
  announce(window, *tab, changes);
}

// An attempt ends with its window. A session without an end line is abandoned, like one of a window that was
// killed.
void WindowBuilder::exited(Window& window, const Event& event, Changes& changes) {
  if (std::exchange(window.life.gone, true)) return;
  for (Tab& tab : window.tabs) {
    if (tab.stage == Stage::asked || tab.stage == Stage::requesting) {
      tab.end(event.at, event.offset);
      announce(window, tab, changes);
    }
  }
  gone(window, changes);
}

void WindowBuilder::tab_event(Window& window, const Event& event, Changes& changes) {
  switch (event.kind) {
    case EventKind::window_request: asked(window, event, changes); break;
    case EventKind::window_requesting: requesting(window, event, changes); break;
    case EventKind::window_session_started: started(window, event, changes); break;
    case EventKind::window_resumed: resumed(window, changes); break;
    case EventKind::window_quit:
    case EventKind::window_socket_closed: window.keep_reason(event); break;
    case EventKind::window_stopping: stopping(window, event, changes); break;
    case EventKind::window_session_stopped: stopped(window, event, changes); break;
    case EventKind::window_monitor_stopped: named(window, event, changes); break;
    case EventKind::window_deleting:
      window.drop_user_reason();
      if (const Tab* dead = window.stopped())
        window.tabs.erase(window.tabs.begin() + (dead - &window.tabs[0]));
      break;
    default: break;
  }
}

std::vector<Snapshot> WindowBuilder::add(const Event& event) {
  Changes changes;
  if (event.kind == EventKind::version) version_ = event.text;
  if (event.kind == EventKind::startup_block) forget(event.pid, changes);
  if (event.role != Role::window) return changes;

  Window* const window = is_tab_event(event.kind) ? &window_of(event) : find(event.pid);
  if (window == nullptr) return changes;
  watch_clock(*window, event);
  if (event.fatal) window->life.fatal = event.at;
  if (event.kind == EventKind::window_exit) {
    exited(*window, event, changes);
  } else {
    tab_event(*window, event, changes);
  }
  return changes;
}

std::vector<Snapshot> WindowBuilder::open_sessions() const {
  std::vector<Snapshot> open;
  for (const Window& window : windows_) {
    for (const Tab& tab : window.tabs) {
      if (tab.open()) open.push_back(snapshot(window, tab));
    }
  }
  sort_by_file(open);
  return open;
}

std::vector<Snapshot> WindowBuilder::process_gone(std::uint32_t pid, const ProcessEnd& end) {
  Changes changes;
  Window* const window = find(pid);
  if (window == nullptr || pid == 0) return changes;
  const Life before = window->life;
  window->life.end(end);
  if (window->life != before) gone(*window, changes);
  return changes;
}

std::vector<LiveProcess> WindowBuilder::processes_of_open_sessions() const {
  std::vector<LiveProcess> found;
  for (const Window& window : windows_) {
    if (window.pid == 0 || window.life.gone || std::ranges::none_of(window.tabs, &Tab::open)) continue;
    found.push_back({.pid = window.pid, .service = false, .last_line = window.last_seen});
  }
  std::ranges::sort(found, {}, &LiveProcess::pid);
  return found;
}

void WindowBuilder::alive(std::uint32_t pid, timing::UtcMs at) {
  if (Window* window = find(pid)) window->life.prove(at);
}

}  // namespace agent::session
