#include "agent/capture/capture.h"

#include <algorithm>
#include <set>
#include <utility>

#include "agent/capture/connection_source.h"
#include "agent/capture/source.h"
#include "agent/tail/watch_places.h"

namespace agent::capture {

namespace {

std::string memory_of(const std::string& path) {
  return "source:" + path;
}

}  // namespace

// Where all sources put what they find.
class Capture::Desk final : public Findings {
 public:
  explicit Desk(Capture& capture) : capture_{capture} {}

  std::string key_of(const session::Snapshot& snapshot) override {
    capture_.witnesses_changed_ = true;
    for (const auto& [path, connection] : capture_.connections_) connection->attempt(snapshot);
    return capture_.witnesses_.told_as(snapshot);
  }
  void by_service(Telling telling) override {
    capture_.kept_changed_ = true;
    capture_.registry_.tell(std::move(telling), capture_.bodies_);
  }
  void by_window(const session::Snapshot& snapshot, Telling telling) override {
    capture_.witnesses_changed_ = true;
    capture_.witnesses_.window(snapshot, std::move(telling), capture_.clock_.boot_ms());
  }
  void fact(std::string body) override { capture_.bodies_.push_back(std::move(body)); }

 private:
  Capture& capture_;
};

Capture::Capture(tail::FileSystem& files, outbox::Outbox& outbox, const timing::Clock& clock,
                 std::vector<std::string> patterns, tail::LetterCase letters, tail::CutShape cut,
                 Options options, process::ProcessWatch* watch)
    : files_{files},
      outbox_{outbox},
      clock_{clock},
      patterns_{std::move(patterns)},
      letters_{letters},
      cut_{cut},
      options_{options},
      life_{watch},
      registry_{options.unregistered},
      desk_{std::make_unique<Desk>(*this)} {}

Capture::~Capture() = default;

// What cannot be read is begun anew: a session may then be told by both its witnesses, and a kept fact is
// gone.
base::Status Capture::recall() {
  if (recalled_) return {};
  const auto witnesses = outbox_.memory("witnesses");
  if (!witnesses) return std::unexpected{witnesses.error()};
  const auto terminals = outbox_.memory("terminals");
  if (!terminals) return std::unexpected{terminals.error()};
  const auto kept = outbox_.memory("kept");
  if (!kept) return std::unexpected{kept.error()};
  if (auto loaded = Witnesses::load(*witnesses); loaded) {
    witnesses_ = std::move(*loaded);
  } else {
    ++states_unreadable_;
  }
  if (auto loaded = registry_.load(*terminals, *kept); !loaded) ++states_unreadable_;
  recalled_ = true;
  return {};
}

base::Result<std::vector<std::string>> Capture::refresh() {
  if (auto done = recall(); !done) return std::unexpected{done.error()};
  std::vector<std::string> fresh;
  for (const auto& path : tail::expand_all(files_, patterns_, letters_)) {
    if (sources_.contains(path)) continue;
    if (auto added = add_source(path); !added) return std::unexpected{added.error()};
    if (auto added = add_connection_source(path); !added) return std::unexpected{added.error()};
    fresh.push_back(path);
  }
  return fresh;
}

base::Status Capture::watch_places(tail::Watcher& watcher) {
  return tail::watch_places(watcher, files_, patterns_, letters_);
}

base::Status Capture::add_source(const std::string& path) {
  const auto stored = outbox_.source(path);
  if (!stored) return std::unexpected{stored.error()};
  const auto memory = outbox_.memory(memory_of(path));
  if (!memory) return std::unexpected{memory.error()};
  const auto begin = [&](std::optional<tail::Position> position) {
    return std::make_unique<Source>(files_, clock_, path, std::move(position), cut_, options_.rails, *desk_);
  };
  std::unique_ptr<Source> source;
  if (*stored && !(*stored)->position.empty()) {
    // Position and builder belong together: one without the other would invent or lose sessions.
    if (auto position = tail::decode((*stored)->position)) {
      source = begin(std::move(*position));
      if (!source->load((*stored)->builder, *memory)) source.reset();
    }
    if (!source) ++states_unreadable_;
  }
  if (!source) source = begin(std::nullopt);
  source->committed();
  sources_.emplace(path, std::move(source));
  return {};
}

base::Status Capture::add_connection_source(const std::string& trace) {
  const std::string path = connection_trace_beside(trace);
  if (connections_.contains(path)) return {};
  const auto stored = outbox_.source(path);
  if (!stored) return std::unexpected{stored.error()};
  const auto memory = outbox_.memory(memory_of(path));
  if (!memory) return std::unexpected{memory.error()};
  std::optional<tail::Position> position;
  if (*stored && !(*stored)->position.empty()) {
    if (auto decoded = tail::decode((*stored)->position)) position = std::move(*decoded);
  }
  auto connection = std::make_unique<ConnectionSource>(files_, path, std::move(position));
  if (!connection->load(*memory)) ++states_unreadable_;
  connections_.emplace(path, std::move(connection));
  return {};
}

base::Result<Step> Capture::step() {
  Step step;
  // Before reading: what a process wrote before its end is in its file now.
  for (const process::End& end : life_.ended()) {
    for (const auto& [path, source] : sources_) source->ended(end);
  }
  if (!unsaved_) {
    read_sources(step);
    if (!reading_) decide_windows();
    cross_check(step);
  } else {
    step.more = true;  // An earlier commit failed; there may be lines waiting.
  }
  const auto records = commit();
  if (!records) return std::unexpected{records.error()};
  step.records = *records;
  return step;
}

void Capture::read_sources(Step& step) {
  std::size_t unreadable = 0;
  std::vector<Source*> quiet;
  reading_ = false;
  for (auto& [path, source] : sources_) {
    const auto state = source->read();
    if (!state && unreadable++ == 0) {
      // The other sources go on; what this one handed out before is kept.
      step.unreadable = base::Error{state.error().code, path + ": " + state.error().message};
    }
    const bool more = state && *state == tail::ReadState::more;
    const bool settling = state && *state == tail::ReadState::settling;
    step.more = step.more || more;
    step.settling = step.settling || settling;
    reading_ = reading_ || more || settling;
    if (!more && !settling) quiet.push_back(source.get());
  }
  std::set<std::uint32_t> wanted;
  for (const auto& [path, source] : sources_) source->add_wanted(wanted);
  life_.want(wanted);
  for (Source* source : quiet) source->settle(life_);
  if (unreadable > 1) step.unreadable->message += " (and " + std::to_string(unreadable - 1) + " more)";
}

void Capture::cross_check(Step& step) {
  bool reading = reading_;
  for (const auto& [path, connection] : connections_) {
    if (!connection->read()) continue;
    step.settling = reading = true;
  }
  if (reading) return;
  for (const auto& [path, connection] : connections_)
    connection->settle(clock_.utc(), clock_.utc_offset_min());
}

void Capture::decide_windows() {
  for (Telling& telling : witnesses_.decide(clock_.boot_ms())) {
    witnesses_changed_ = kept_changed_ = true;
    registry_.tell(std::move(telling), bodies_);
  }
}

void Capture::set_terminals(std::uint64_t version, std::vector<std::uint64_t> digests) {
  registry_.set_terminals(version, std::move(digests), bodies_);
  terminals_changed_ = kept_changed_ = true;
}

std::map<std::string, std::int64_t> Capture::own_counts() const {
  const auto n = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  return {{"states_unreadable", states_unreadable_},
          {"sessions_by_window", n(witnesses_.told_by_windows())},
          {"facts_withheld", n(registry_.withheld())},
          {"facts_dropped", n(registry_.dropped())}};
}

base::Result<std::uint64_t> Capture::commit() {
  std::vector<outbox::SourceState> states;
  std::map<std::string, std::int64_t> counters;
  std::map<std::string, std::string> memories;
  for (const auto& [path, source] : sources_) {
    if (!source->changed()) continue;
    states.push_back(source->state());
    memories.emplace(memory_of(path), source->memory());
    for (const auto& [name, more] : source->counted()) counters[name] += more;
  }
  for (const auto& [path, connection] : connections_) {
    if (!connection->changed()) continue;
    states.push_back(connection->state());
    memories.emplace(memory_of(path), connection->memory());
    for (const auto& [name, more] : connection->counted()) counters[name] += more;
  }
  if (witnesses_changed_) memories.emplace("witnesses", witnesses_.save());
  if (kept_changed_ && options_.unregistered != Unregistered::report) {
    memories.emplace("kept", registry_.save_kept());
  }
  if (terminals_changed_) memories.emplace("terminals", registry_.save_terminals());
  const auto counts = own_counts();
  for (const auto& [name, value] : counts) counters[name] += value - counted_[name];
  if (bodies_.empty() && states.empty() && memories.empty()) return 0;
  const auto chain = outbox_.append(bodies_, states, counters, memories);
  unsaved_ = !chain.has_value();
  if (!chain) return std::unexpected{chain.error()};
  for (const auto& [path, source] : sources_) source->committed();
  for (const auto& [path, connection] : connections_) connection->committed();
  witnesses_changed_ = kept_changed_ = terminals_changed_ = false;
  counted_ = counts;
  const std::uint64_t records = bodies_.size();
  bodies_.clear();
  return records;
}

}  // namespace agent::capture
