// A cut at every byte position of a 2,000-line trace, and between any two reads, gives the same lines. Tests
// whose name begins with Long try all of it, the others a sample.

#include <algorithm>
#include <sstream>

#include "agent/tail/follower.h"
#include "tests/agent/tail/world.h"
#include "tests/support/trace/scripts.h"

namespace {

using namespace agent::tail;
using namespace agent::tail::testing;
using ::testing::IsEmpty;

constexpr std::size_t kLines = 2000;
constexpr std::size_t kWideLines = 500;  // Of the same in UTF-16LE.
constexpr CutShape kNeverFull{.limit_bytes = 10'000'000, .keep_bytes = 9'000'000};

// Sessions and everything around them, as AnyDesk writes them.
std::vector<std::string> first_lines(std::size_t count) {
  std::istringstream text(support::trace::make_large(400'000));
  std::vector<std::string> lines;
  for (std::string line; lines.size() < count && std::getline(text, line);) lines.push_back(line);
  return lines;
}

struct Trace {
  Trace(Encoding its_encoding, std::size_t count) : encoding(its_encoding), lines(first_lines(count)) {
    for (const std::string& line : lines) {
      bytes += line_bytes(line, encoding);
      ends.push_back(bytes.size());
    }
  }
  // Of the first `count` lines.
  [[nodiscard]] std::size_t end_of(std::size_t count) const { return count == 0 ? 0 : ends[count - 1]; }

  Encoding encoding;
  std::vector<std::string> lines;
  std::string bytes;
  std::vector<std::size_t> ends;  // Of each line.
};

const Trace& trace_in(Encoding encoding) {
  static const Trace narrow{Encoding::eight_bit, kLines};
  static const Trace wide{Encoding::utf16le, kWideLines};
  return encoding == Encoding::utf16le ? wide : narrow;
}

// Where a follower stands that has read `count` lines.
Position place_behind(const Trace& trace, std::size_t count, const FileIdentity& identity) {
  const std::size_t offset = trace.end_of(count);
  const std::size_t anchor = std::min(offset, kAnchorBytesMax);
  return Position{.identity = identity,
                  .offset = offset,
                  .cut_bytes = 0,
                  .anchor = trace.bytes.substr(offset - anchor, anchor),
                  .mid_line = false,
                  .drained = false,
                  .encoding = count == 0 ? Encoding::undecided : trace.encoding};
}

// AnyDesk has written all lines but the last three and cuts `cut` bytes away, then it writes those. The
// follower has read up to somewhere behind the cut: it is running, or was stopped meanwhile.
void cut_at(const Trace& trace, std::size_t cut, bool restart) {
  const std::size_t written = trace.lines.size() - 3;
  // It has read the line that the cut goes through and some more, as far as there are any: at the end of the
  // file the time of the last line must be left, or nothing proves where it was.
  const auto through = static_cast<std::size_t>(std::upper_bound(trace.ends.begin(), trace.ends.end(), cut) -
                                                trace.ends.begin());
  const std::size_t read = std::min(through + 2 + cut % 40, written - 3);
  const std::size_t before = read - std::min<std::size_t>(read, 5);

  World world;
  world.file->bytes = trace.bytes.substr(0, trace.end_of(read));
  Follower first{world.files, kPath, place_behind(trace, before, world.file->identity), kNeverFull};
  Collected got;
  drain(first, got);
  ASSERT_EQ(got.lines.size(), read - before);
  world.file->bytes = trace.bytes.substr(cut, trace.end_of(written) - cut);
  Follower second = restarted(first, world.files, kNeverFull);
  Follower& reader = restart ? second : first;
  drain(reader, got);
  world.file->bytes = trace.bytes.substr(cut);
  drain(reader, got);

  ASSERT_THAT(got.gaps, IsEmpty()) << cut;
  ASSERT_EQ(got.lines.size(), trace.lines.size() - before) << cut;
  ASSERT_TRUE(std::equal(got.lines.rbegin(), got.lines.rend(), trace.lines.rbegin())) << cut;
  ASSERT_EQ(reader.counters().cuts_survived, 1u) << cut;
}

void cut_everywhere(Encoding encoding, std::size_t step, std::size_t part = 0, std::size_t parts = 1) {
  const Trace& trace = trace_in(encoding);
  ASSERT_EQ(trace.lines.size(), encoding == Encoding::utf16le ? kWideLines : kLines);
  const std::size_t end = trace.end_of(trace.lines.size() - 8);
  for (std::size_t cut = 1 + part * step; cut < end; cut += parts * step) {
    cut_at(trace, cut, false);
    cut_at(trace, cut, true);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

// The file is cut at once before the k-th operation of the follower, for each k from reading the first line
// to the last. Returns false when there were fewer operations.
bool cut_before(const Trace& trace, int k, std::size_t cut) {
  World world;
  Follower follower{world.files, kPath, std::nullopt, kNeverFull};
  Collected got;
  std::size_t written = 0;
  std::size_t gone = 0;
  const auto write = [&](std::size_t count) {
    const std::size_t more = std::min(written + count, trace.lines.size());
    world.file->bytes +=
        trace.bytes.substr(trace.end_of(written), trace.end_of(more) - trace.end_of(written));
    written = more;
  };
  bool happened = false;
  world.files.hook = [&](int operation) -> base::Status {
    if (operation != k) return {};
    // Never what was not read yet: that would be a real gap.
    const auto& position = follower.position();
    const std::size_t read = position ? static_cast<std::size_t>(position->offset) : 0;
    gone = std::min(cut, read / 2);
    world.cut(gone);
    happened = true;
    return {};
  };
  while (written < trace.lines.size()) {
    write(20);
    drain(follower, got);
  }
  world.files.hook = nullptr;
  drain(follower, got);
  EXPECT_THAT(got.gaps, IsEmpty()) << k;
  EXPECT_EQ(got.lines.size(), trace.lines.size()) << k;
  EXPECT_TRUE(got.lines == trace.lines) << k;
  EXPECT_EQ(follower.counters().cuts_survived, gone > 0 ? 1u : 0u) << k;
  return happened;
}

void cut_between_all_reads(Encoding encoding, int step) {
  const Trace& trace = trace_in(encoding);
  int k = 0;
  while (cut_before(trace, k, 20'000 + static_cast<std::size_t>(k)) && !::testing::Test::HasFailure())
    k += step;
  EXPECT_GT(k, 200) << "the follower reads often";
}

TEST(CutSweep, AtSomeBytes) {
  cut_everywhere(Encoding::eight_bit, 997);
}

TEST(CutSweep, AtSomeBytesOfUtf16) {
  cut_everywhere(Encoding::utf16le, 997);
}

TEST(CutSweep, BetweenSomeReads) {
  cut_between_all_reads(Encoding::eight_bit, 7);
  cut_between_all_reads(Encoding::utf16le, 7);
}

TEST(LongCutSweep, BetweenAnyTwoReads) {
  cut_between_all_reads(Encoding::eight_bit, 1);
  cut_between_all_reads(Encoding::utf16le, 1);
}

constexpr std::size_t kParts = 8;  // So that each is done in minutes, and several at once.

class LongCutSweepPart : public ::testing::TestWithParam<std::size_t> {};

INSTANTIATE_TEST_SUITE_P(Part, LongCutSweepPart, ::testing::Range<std::size_t>(0, kParts));

TEST_P(LongCutSweepPart, AtEveryByte) {
  cut_everywhere(Encoding::eight_bit, 1, GetParam(), kParts);
}

TEST_P(LongCutSweepPart, AtEveryByteOfUtf16) {
  cut_everywhere(Encoding::utf16le, 1, GetParam(), kParts);
}

}  // namespace
