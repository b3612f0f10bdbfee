#include "agent/session/fiber.h"

#include <algorithm>

namespace agent::session {

using trace::EventKind;

namespace {

template <class T>
bool assign(T& to, T value) {
  if (to == value) return false;
  to = std::move(value);
  return true;
}

bool has_word(std::string_view list, std::string_view word) {
  for (std::size_t at = list.find(word); at != std::string_view::npos; at = list.find(word, at + 1)) {
    const auto is_edge = [&](std::size_t i) { return i >= list.size() || list[i] == ' ' || list[i] == ','; };
    if ((at == 0 || is_edge(at - 1)) && is_edge(at + word.size())) return true;
  }
  return false;
}

}  // namespace

Kind kind_of_features(std::string_view features) {
  if (has_word(features, "deskrt")) return Kind::desktop;
  if (has_word(features, "vpn")) return Kind::vpn;
  return has_word(features, "filebrowser") ? Kind::file_transfer : Kind::desktop;
}

std::string without_blanks(std::string_view address) {
  std::string out;
  for (std::size_t i = 0; i < address.size(); ++i) {
    if (address[i] == ' ' || address[i] == '\t') continue;
    if (address.substr(i).starts_with("\xC2\xA0")) {
      i += 1;
    } else if (address.substr(i).starts_with("\xE2\x80\xAF") ||
               address.substr(i).starts_with("\xE2\x80\x89")) {
      i += 2;
    } else {
      out += address[i];
    }
  }
  return out;
}

bool Fiber::take(const trace::Event& event) {
  switch (event.kind) {
    case EventKind::session_features: {
      const bool newly = assign(kind_known, true);
      return assign(kind, kind_of_features(event.text)) || newly;
    }
    case EventKind::creating_session:
      side = Side::outgoing;
      requested = event.at;
      requested_offset = event.offset;
      return true;
    case EventKind::connecting_to: {
      const bool newly = side != Side::outgoing;
      side = Side::outgoing;
      expects_child = true;
      return assign(typed, without_blanks(event.text)) || newly;
    }
    case EventKind::outgoing_step: return side == Side::unknown && assign(side, Side::outgoing);
    case EventKind::incoming_step:
      if (side == Side::unknown) side = Side::incoming;
      return false;
    case EventKind::client_id: return assign(resolved, std::string{event.text});
    case EventKind::reason: has_session_lines = true; return assign(reason, std::string{event.text});
    case EventKind::backend_restored:
      if (side == Side::incoming || over()) return false;
      ++reconnects;
      return true;
    case EventKind::loop_entered:
      has_session_lines = true;
      if (started) return false;
      started = event.at;
      started_offset = event.offset;
      return true;
    case EventKind::loop_done:
      has_session_lines = true;
      if (done) return false;
      done = true;
      // However small the step: the difference of these two is the duration.
      if (started && event.at < *started) clock_went_backwards = true;
      ended = event.at;
      ended_offset = event.offset;
      return true;
    default: return false;
  }
}

}  // namespace agent::session
