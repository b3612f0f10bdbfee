#include "agent/capture/capture.h"

#include "agent/capture/source.h"

namespace agent::capture {

Capture::Capture(tail::FileSystem& files, outbox::Outbox& outbox, const timing::Clock& clock,
                 std::vector<std::string> patterns, tail::LetterCase letters, tail::CutShape cut)
    : files_{files},
      outbox_{outbox},
      clock_{clock},
      patterns_{std::move(patterns)},
      letters_{letters},
      cut_{cut} {}

Capture::~Capture() = default;

base::Result<std::vector<std::string>> Capture::refresh() {
  std::vector<std::string> fresh;
  for (const auto& path : tail::expand_all(files_, patterns_, letters_)) {
    if (sources_.contains(path)) continue;
    if (auto added = add_source(path); !added) return std::unexpected{added.error()};
    fresh.push_back(path);
  }
  return fresh;
}

base::Status Capture::add_source(const std::string& path) {
  const auto stored = outbox_.source(path);
  if (!stored) return std::unexpected{stored.error()};
  std::optional<tail::Position> position;
  session::Builder builder{path};
  if (*stored && !(*stored)->position.empty()) {
    auto decoded = tail::decode((*stored)->position);
    auto loaded = session::Builder::load((*stored)->builder);
    // Position and builder belong together: one without the other would invent or lose sessions.
    if (decoded && loaded) {
      position = std::move(*decoded);
      builder = std::move(*loaded);
    } else {
      ++states_unreadable_;
    }
  }
  auto source = std::make_unique<Source>(files_, clock_, path, std::move(position), std::move(builder), cut_);
  source->committed();
  sources_.emplace(path, std::move(source));
  return {};
}

base::Result<Step> Capture::step() {
  Step step;
  if (bodies_.empty()) {
    for (auto& [path, source] : sources_) {
      const auto state = source->read(bodies_);
      if (!state) {
        // The other sources go on; what this one handed out before is kept.
        step.unreadable = base::Error{state.error().code, path + ": " + state.error().message};
        continue;
      }
      step.more = step.more || *state == tail::ReadState::more;
      step.settling = step.settling || *state == tail::ReadState::settling;
    }
  } else {
    step.more = true;  // An earlier commit failed; there may be lines waiting.
  }
  const auto records = commit();
  if (!records) return std::unexpected{records.error()};
  step.records = *records;
  return step;
}

base::Result<std::uint64_t> Capture::commit() {
  std::vector<outbox::SourceState> states;
  std::map<std::string, std::int64_t> counters;
  for (const auto& [path, source] : sources_) {
    if (!source->changed()) continue;
    states.push_back(source->state());
    for (const auto& [name, more] : source->counted()) counters[name] += more;
  }
  if (bodies_.empty() && states.empty()) return 0;
  counters["states_unreadable"] = states_unreadable_;
  const auto chain = outbox_.append(bodies_, states, counters);
  if (!chain) return std::unexpected{chain.error()};
  for (const auto& [path, source] : sources_) source->committed();
  states_unreadable_ = 0;
  const std::uint64_t records = bodies_.size();
  bodies_.clear();
  return records;
}

}  // namespace agent::capture
