#include "agent/session/window.h"

#include <algorithm>
#include <ranges>

namespace agent::session {

namespace {

// Quit lines of a window with that many tabs.
constexpr std::size_t kReasonsMax = kTabsMax;

Tab* first_in(std::vector<Tab>& tabs, Stage stage) {
  const auto found = std::ranges::find(tabs, stage, &Tab::stage);
  return found == tabs.end() ? nullptr : &*found;
}

Tab* last_in(std::vector<Tab>& tabs, Stage stage) {
  for (Tab& tab : std::views::reverse(tabs)) {
    if (tab.stage == stage) return &tab;
  }
  return nullptr;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

void Tab::end(timing::UtcMs at, std::uint64_t offset) {
  stage = Stage::stopped;
  ended = at;
  ended_offset = offset;
  // However small the step: the difference of these two is the duration.
  if (started && at < *started) clock_went_backwards = true;
}

// The newest: an older one that still waits was refused before it came to a session.
Tab* Window::to_request() {
  return last_in(tabs, Stage::asked);
}

Tab* Window::to_start() {
  Tab* const requesting = first_in(tabs, Stage::requesting);
  return requesting != nullptr ? requesting : last_in(tabs, Stage::asked);
}

// With a session and an attempt side by side it is mostly the attempt that ends: it takes seconds and often
// fails, the session takes minutes. Only a redial of the same address stops the old tab at once.
Tab* Window::to_stop(timing::UtcMs at) {
  Tab* const newest = last_in(tabs, Stage::requesting);
  if (newest != nullptr && newest->requested && (at - *newest->requested).count() <= kRedialMs) {
    for (Tab& tab : tabs) {
      const bool before = tab.stage == Stage::started || tab.stage == Stage::requesting;
      if (&tab != newest && before && !tab.typed.empty() && tab.typed == newest->typed) return &tab;
    }
  }
  Tab* const attempt = first_in(tabs, Stage::requesting);
  return attempt != nullptr ? attempt : first_in(tabs, Stage::started);
}

Tab* Window::stopping() {
  return first_in(tabs, Stage::stopping);
}

Tab* Window::stopped() {
  return first_in(tabs, Stage::stopped);
}

// An address that is itself a number names no other number.
Tab* Window::named(std::string_view id) {
  Tab* alias = nullptr;
  for (Tab& tab : tabs) {
    if (tab.stage != Stage::stopped || !tab.told.empty()) continue;
    if (tab.typed == id) return &tab;
    if (alias == nullptr && !is_number(tab.typed)) alias = &tab;
  }
  return alias;
}

Tab& Window::open_tab(const trace::Event& event, std::uint64_t& dropped) {
  if (tabs.size() >= kTabsMax) {
    const auto dead = std::ranges::find(tabs, Stage::stopped, &Tab::stage);
    if (dead == tabs.end()) ++dropped;
    tabs.erase(dead == tabs.end() ? tabs.begin() : dead);
  }
  Tab tab;
  tab.first = event.at;
  tab.first_offset = event.offset;
  for (const Tab& other : tabs) {
    if (other.first == event.at) tab.twin = other.twin + 1;
  }
  return tabs.emplace_back(std::move(tab));
}

void Window::keep_reason(const trace::Event& event) {
  if (reasons.size() >= kReasonsMax) reasons.erase(reasons.begin());
  reasons.push_back({.at = event.at,
                     .by_user = event.kind == trace::EventKind::window_quit,
                     .text = std::string{event.text}});
}

std::string Window::take_reason(timing::UtcMs at) {
  std::erase_if(reasons,
                [at](const PendingReason& reason) { return (at - reason.at).count() > kReasonWindowMs; });
  if (reasons.empty()) return {};
  std::string text = std::move(reasons.front().text);
  reasons.erase(reasons.begin());
  return text;
}

void Window::drop_user_reason() {
  const auto found = std::ranges::find(reasons, true, &PendingReason::by_user);
  if (found != reasons.end()) reasons.erase(found);
}

}  // namespace agent::session
