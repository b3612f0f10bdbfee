#include "agent/capture/source.h"

namespace agent::capture {

Capture::Source::Source(tail::FileSystem& files, const timing::Clock& clock, const std::string& path,
                        std::optional<tail::Position> position, session::Builder builder, tail::CutShape cut)
    : clock_{clock}, follower_{files, path, std::move(position), cut}, builder_{std::move(builder)} {}

base::Result<tail::ReadState> Capture::Source::read(std::vector<std::string>& bodies) {
  bodies_ = &bodies;
  auto state = follower_.read(*this, kStepBytesMax);
  bodies_ = nullptr;
  return state;
}

void Capture::Source::on_line(const tail::Line& line) {
  const auto event = trace::parse(line.text, line.offset, trace_);
  if (!event) return;
  for (const auto& snapshot : builder_.add(*event)) bodies_->push_back(seal::fact_of(snapshot, observed()));
}

void Capture::Source::on_gap(const tail::Gap& gap) {
  const seal::Gap fact{.source = follower_.path(),
                       .after_offset = gap.after_logical_offset,
                       .bytes_lost_min = gap.bytes_lost_min,
                       .cause = std::string{tail::to_string(gap.cause)}};
  bodies_->push_back(seal::fact_of(fact, observed()));
}

seal::Observed Capture::Source::observed() const {
  return {.utc = clock_.utc(), .boot_ms = clock_.boot_ms(), .utc_offset_min = clock_.utc_offset_min()};
}

Capture::Source::Counts Capture::Source::counts() const {
  const auto& tail = follower_.counters();
  const auto n = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  return {{"lines", n(tail.lines)},
          {"bytes", n(tail.bytes)},
          {"cuts_survived", n(tail.cuts_survived)},
          {"gaps", n(tail.gaps)},
          {"nul_bytes", n(tail.nul_bytes)},
          {"overlong_lines", n(tail.overlong_lines)},
          {"unsettled", n(tail.unsettled)},
          {"rotations", n(tail.rotations)},
          {"lines_malformed", n(trace_.malformed)},
          {"lines_unknown", n(trace_.unknown_session)},
          {"fibers_dropped", n(builder_.fibers_dropped())}};
}

std::string Capture::Source::position() const {
  const auto& position = follower_.position();
  return position ? tail::encode(*position) : std::string{};
}

// A position can change without a line: the file was seen for the first time, or read to its end and left.
// The builder changes with a line only.
bool Capture::Source::changed() const {
  return counts() != committed_ || position() != committed_position_;
}

outbox::SourceState Capture::Source::state() const {
  return {.name = follower_.path(), .position = position(), .builder = builder_.save()};
}

std::map<std::string, std::int64_t> Capture::Source::counted() const {
  Counts since = counts();
  for (const auto& [name, before] : committed_) since[name] -= before;
  return since;
}

void Capture::Source::committed() {
  committed_ = counts();
  committed_position_ = position();
}

}  // namespace agent::capture
