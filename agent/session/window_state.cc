// WindowBuilder::save and WindowBuilder::load: the builder as a stored message.

#include <optional>

#include "agent/session/window_builder.h"
#include "deskledger/agent/v1/state.pb.h"

namespace agent::session {

namespace {

namespace v1 = deskledger::agent::v1;
using base::ErrorCode;
using base::fail;

void put(const Tab& tab, v1::TabState& to) {
  to.set_stage(static_cast<std::uint32_t>(tab.stage));
  to.set_first_utc_ms(timing::to_ms(tab.first));
  to.set_twin(tab.twin);
  to.set_first_offset(tab.first_offset);
  to.set_typed(tab.typed);
  to.set_told(tab.told);
  to.set_reason(tab.reason);
  to.set_version(tab.version);
  to.set_shared(tab.shared);
  to.set_clock_went_backwards(tab.clock_went_backwards);
  to.set_reconnects(tab.reconnects);
  if (tab.requested) to.set_requested_utc_ms(timing::to_ms(*tab.requested));
  if (tab.started) to.set_started_utc_ms(timing::to_ms(*tab.started));
  if (tab.stopping) to.set_stopping_utc_ms(timing::to_ms(*tab.stopping));
  if (tab.ended) to.set_ended_utc_ms(timing::to_ms(*tab.ended));
  if (tab.requested_offset) to.set_requested_offset(*tab.requested_offset);
  if (tab.started_offset) to.set_started_offset(*tab.started_offset);
  if (tab.stopping_offset) to.set_stopping_offset(*tab.stopping_offset);
  if (tab.ended_offset) to.set_ended_offset(*tab.ended_offset);
}

// Nothing if the enumeration has a value this version does not know, or what the stage needs is missing.
std::optional<Tab> read_tab(const v1::TabState& from) {
  if (from.stage() > static_cast<std::uint32_t>(Stage::stopped)) return {};
  const auto time = [](std::int64_t ms) { return timing::from_ms(ms); };
  Tab tab;
  tab.stage = static_cast<Stage>(from.stage());
  tab.first = time(from.first_utc_ms());
  tab.twin = from.twin();
  tab.first_offset = from.first_offset();
  tab.typed = from.typed();
  tab.told = from.told();
  tab.reason = from.reason();
  tab.version = from.version();
  tab.shared = from.shared();
  tab.clock_went_backwards = from.clock_went_backwards();
  tab.reconnects = from.reconnects();
  if (from.has_requested_utc_ms()) tab.requested = time(from.requested_utc_ms());
  if (from.has_started_utc_ms()) tab.started = time(from.started_utc_ms());
  if (from.has_stopping_utc_ms()) tab.stopping = time(from.stopping_utc_ms());
  if (from.has_ended_utc_ms()) tab.ended = time(from.ended_utc_ms());
  if (from.has_requested_offset()) tab.requested_offset = from.requested_offset();
  if (from.has_started_offset()) tab.started_offset = from.started_offset();
  if (from.has_stopping_offset()) tab.stopping_offset = from.stopping_offset();
  if (from.has_ended_offset()) tab.ended_offset = from.ended_offset();
  if (tab.stage == Stage::stopping && !tab.stopping) return {};
  return tab;
}

void put(const Window& window, v1::WindowState& to) {
  to.set_pid(window.pid);
  to.set_last_seen_utc_ms(timing::to_ms(window.last_seen));
  to.set_gone(window.life.gone);
  to.set_gone_cause(static_cast<std::uint32_t>(window.life.cause));
  if (window.life.alive) to.set_alive_utc_ms(timing::to_ms(*window.life.alive));
  if (window.life.fatal) to.set_fatal_utc_ms(timing::to_ms(*window.life.fatal));
  for (const Tab& tab : window.tabs) put(tab, *to.add_tabs());
  for (const PendingReason& reason : window.reasons) {
    auto& stored = *to.add_reasons();
    stored.set_at_utc_ms(timing::to_ms(reason.at));
    stored.set_by_user(reason.by_user);
    stored.set_text(reason.text);
  }
}

std::optional<Window> read_window(const v1::WindowState& from) {
  if (from.gone_cause() > static_cast<std::uint32_t>(AbandonCause::replaced)) return {};
  Window window;
  window.pid = from.pid();
  window.last_seen = timing::from_ms(from.last_seen_utc_ms());
  window.life.gone = from.gone();
  window.life.cause = static_cast<AbandonCause>(from.gone_cause());
  if (from.has_alive_utc_ms()) window.life.alive = timing::from_ms(from.alive_utc_ms());
  if (from.has_fatal_utc_ms()) window.life.fatal = timing::from_ms(from.fatal_utc_ms());
  for (const v1::TabState& stored : from.tabs()) {
    auto tab = read_tab(stored);
    if (!tab) return {};
    window.tabs.push_back(std::move(*tab));
  }
  for (const v1::PendingReason& stored : from.reasons()) {
    window.reasons.push_back(
        {.at = timing::from_ms(stored.at_utc_ms()), .by_user = stored.by_user(), .text = stored.text()});
  }
  return window;
}

}  // namespace

std::string WindowBuilder::save() const {
  v1::WindowBuilderState state;
  state.set_source(source_);
  state.set_anydesk_version(version_);
  for (const Window& window : windows_) put(window, *state.add_windows());
  state.set_tabs_dropped(tabs_dropped_);
  return state.SerializeAsString();
}

base::Result<WindowBuilder> WindowBuilder::load(std::string_view bytes) {
  v1::WindowBuilderState state;
  if (!state.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return fail(ErrorCode::corrupt, "reading the stored state of a window's trace file: it is damaged");
  }
  WindowBuilder builder{state.source()};
  builder.version_ = state.anydesk_version();
  for (const v1::WindowState& stored : state.windows()) {
    auto window = read_window(stored);
    if (!window) {
      return fail(ErrorCode::corrupt, "reading the stored state of '" + state.source() +
                                          "': it was written by a newer version or is damaged");
    }
    builder.windows_.push_back(std::move(*window));
  }
  builder.tabs_dropped_ = state.tabs_dropped();
  return builder;
}

}  // namespace agent::session
