#include "agent/capture/connection_source.h"

namespace agent::capture {

namespace {

constexpr std::size_t kReadBytesMax = 64 * 1024;

}  // namespace

std::string connection_trace_beside(const std::string& trace) {
  return trace.substr(0, trace.find_last_of("/\\") + 1) + "connection_trace.txt";
}

base::Status ConnectionSource::load(std::string_view memory) {
  if (memory.empty()) return {};
  auto check = trace::ConnectionCheck::load(memory);
  if (!check) return std::unexpected{check.error()};
  check_ = std::move(*check);
  committed_ = check_.counters();
  return {};
}

bool ConnectionSource::read() {
  const auto state = follower_.read(*this, kReadBytesMax);
  return state && (*state == tail::ReadState::more || *state == tail::ReadState::settling);
}

void ConnectionSource::on_line(const tail::Line& line) {
  check_.add_line(line.text);
  stale_ = true;
}

void ConnectionSource::attempt(const session::Snapshot& snapshot) {
  if (!snapshot.remote_id || !snapshot.requested) return;
  check_.add_attempt(*snapshot.remote_id, *snapshot.requested);
  // Attempts alone are not worth a write: without lines there is nothing to check.
  stale_ = stale_ || check_.waiting() > 0;
}

void ConnectionSource::settle(timing::UtcMs now, std::int32_t utc_offset_min) {
  if (check_.waiting() == 0) return;
  stale_ = !check_.settle(now, utc_offset_min).empty() || stale_;
}

outbox::SourceState ConnectionSource::state() const {
  const auto& position = follower_.position();
  return {.name = follower_.path(),
          .position = position ? tail::encode(*position) : std::string{},
          .builder = {}};
}

std::map<std::string, std::int64_t> ConnectionSource::counted() const {
  const auto& now = check_.counters();
  const auto since = [](std::uint64_t value, std::uint64_t before) {
    return static_cast<std::int64_t>(value - before);
  };
  return {{"connection_lines", since(now.lines_outgoing, committed_.lines_outgoing)},
          {"connection_matched", since(now.matched, committed_.matched)},
          {"connection_unmatched", since(now.unmatched, committed_.unmatched)},
          {"connection_undecidable", since(now.undecidable, committed_.undecidable)}};
}

void ConnectionSource::committed() {
  committed_ = check_.counters();
  stale_ = false;
}

}  // namespace agent::capture
