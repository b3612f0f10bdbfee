// Any bytes as a trace file, with ends and proofs of life of processes between the lines: nothing crashes,
// memory stays bounded, a restart after any line changes nothing, and what is told of sessions is consistent.
// Both witnesses read the same bytes.
//
// A line "~G PID MS CAUSE" stands for an end that the system tells, "~A PID MS" for a proof of life.

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "agent/session/builder.h"
#include "agent/session/window_builder.h"
#include "agent/tail/line_splitter.h"
#include "agent/trace/parse.h"

namespace {

using agent::session::AbandonCause;
using agent::session::LiveProcess;
using agent::session::Outcome;
using agent::session::ProcessEnd;
using agent::session::Snapshot;

void require(bool holds) {
  if (!holds) std::abort();
}

std::uint32_t number(std::string_view& text) {
  std::uint32_t value = 0;
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return error == std::errc{} ? value : 0;
}

void check(const Snapshot& s) {
  require(!s.key.empty());
  require((s.outcome == Outcome::abandoned) == s.last_seen.has_value());
  require(s.outcome == Outcome::abandoned || s.abandon_cause == AbandonCause::unknown);
  if (s.outcome == Outcome::completed) require(s.requested && s.started && s.ended);
  if (s.outcome == Outcome::failed) require(s.requested && !s.started && s.ended);
  if (s.outcome == Outcome::active) require(s.requested && !s.ended);
  require(std::ranges::adjacent_find(s.doubts, std::greater_equal{}) == s.doubts.end());
  if (const auto duration = agent::session::duration_ms(s)) require(*duration >= 0);
}

// A builder, and one that is stored and loaded after every step.
template <class Builder>
class Pair {
 public:
  void add(const agent::trace::Event& event) {
    const auto changes = steady_.add(event);
    require(changes == restarted_.add(event));
    step(changes);
  }

  void gone(std::uint32_t pid, const ProcessEnd& end) {
    const auto changes = steady_.process_gone(pid, end);
    require(changes == restarted_.process_gone(pid, end));
    step(changes);
    require(steady_.process_gone(pid, end).empty());
    for (const LiveProcess& process : steady_.processes_of_open_sessions()) require(process.pid != pid);
  }

  void alive(std::uint32_t pid, timing::UtcMs at) {
    steady_.alive(pid, at);
    restarted_.alive(pid, at);
    step({});
  }

  void finish() {
    for (const Snapshot& snapshot : steady_.open_sessions()) {
      check(snapshot);
      require(!snapshot.ended);
    }
    // Every process that is named can end, and then none is named any more.
    for (const LiveProcess& process : steady_.processes_of_open_sessions()) {
      require(process.pid != 0);
      (void)steady_.process_gone(process.pid, {.last_alive = process.last_line});
    }
    require(steady_.processes_of_open_sessions().empty());
  }

 private:
  void step(const std::vector<Snapshot>& changes) {
    for (const Snapshot& snapshot : changes) check(snapshot);
    auto loaded = Builder::load(restarted_.save());
    require(loaded && *loaded == steady_);
    restarted_ = std::move(*loaded);
  }

  Builder steady_{"fuzz"}, restarted_{"fuzz"};
};

struct Witnesses {
  Pair<agent::session::Builder> service;
  Pair<agent::session::WindowBuilder> window;
  agent::trace::TraceCounters counters;

  void take(std::string_view text, std::uint64_t offset) {
    if (text.starts_with("~G") || text.starts_with("~A")) return tell(text);
    const auto event = agent::trace::parse(text, offset, counters);
    if (!event) return;
    service.add(*event);
    window.add(*event);
  }

  void tell(std::string_view text) {
    const bool gone = text[1] == 'G';
    text.remove_prefix(2);
    const std::uint32_t pid = number(text);
    const timing::UtcMs at = timing::from_ms(number(text));
    const ProcessEnd end{.last_alive = at, .cause = static_cast<AbandonCause>(number(text) % 6)};
    if (gone) {
      service.gone(pid, end);
      window.gone(pid, end);
    } else {
      service.alive(pid, at);
      window.alive(pid, at);
    }
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The fuzzer's bytes are text here; no cast but this one turns them into it.
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  Witnesses witnesses;
  const auto take = [&](const agent::tail::Line& line) { witnesses.take(line.text, line.offset); };
  agent::tail::LineSplitter splitter{0, false};
  splitter.feed(bytes, take);
  splitter.finish(take);
  witnesses.service.finish();
  witnesses.window.finish();
  // Stored state is read from a disk, so it is untrusted too.
  (void)agent::session::Builder::load(bytes);
  (void)agent::session::WindowBuilder::load(bytes);
  return 0;
}
