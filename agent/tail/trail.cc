#include "agent/tail/trail.h"

#include <algorithm>

#include "agent/tail/anchor.h"
#include "agent/tail/fnv.h"
#include "agent/tail/line_splitter.h"

namespace agent::tail {

namespace {

std::uint32_t hash_of(std::string_view line) {
  const std::uint64_t hash = fnv1a(line);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

// How many lines up to here are the trail's lines up to there.
struct Run {
  std::size_t lines = 0;
  bool has_time = false;
};

// Of all runs that are proof: the one that comes nearest to the trail's end.
struct Best {
  std::size_t trail_end = 0;  // Behind its last line; 0: there is none.
  std::uint64_t content_end = 0;
  bool twice = false;
};

class Search {
 public:
  explicit Search(std::span<const std::uint32_t> trail) : trail_(trail), runs_(trail.size()) {}

  void line(std::string_view text) {
    const std::uint32_t hash = hash_of(text);
    const bool timed = agent::tail::has_time(text);
    // From the end on, so that the run in front still is that of the line before.
    for (std::size_t i = trail_.size(); i-- > 0;) {
      const Run before = i > 0 ? runs_[i - 1] : Run{};
      runs_[i] =
          trail_[i] == hash ? Run{.lines = before.lines + 1, .has_time = before.has_time || timed} : Run{};
    }
  }

  // `content_end`: behind the line just taken.
  void judge(std::uint64_t content_end) {
    for (std::size_t i = 0; i < runs_.size(); ++i) {
      const Run& run = runs_[i];
      if (run.lines < kTrailProofLines || !run.has_time) continue;
      if (i + 1 < best_.trail_end) continue;
      best_ = Best{.trail_end = i + 1, .content_end = content_end, .twice = i + 1 == best_.trail_end};
    }
  }

  [[nodiscard]] const Best& best() const { return best_; }

 private:
  std::span<const std::uint32_t> trail_;
  std::vector<Run> runs_;  // One for each line of the trail, ending there.
  Best best_;
};

}  // namespace

void Trail::add(std::string_view line) {
  if (hashes_.size() == 2 * kTrailLinesMax) hashes_.erase(hashes_.begin(), hashes_.begin() + kTrailLinesMax);
  hashes_.push_back(hash_of(line));
}

std::span<const std::uint32_t> Trail::hashes() const {
  return std::span{hashes_}.last(std::min(hashes_.size(), kTrailLinesMax));
}

bool operator==(const Trail& a, const Trail& b) {
  return std::ranges::equal(a.hashes(), b.hashes());
}

std::optional<std::size_t> find_trail(std::string_view content, const Trail& trail) {
  if (trail.hashes().size() < kTrailProofLines) return std::nullopt;
  Search search{trail.hashes()};
  // A line's end is told by the beginning of the next. The encoding is sniffed, because
  // after an odd cut the characters of the content begin at odd offsets.
  LineSplitter splitter{0, false};
  bool first = true;
  const auto take = [&](const Line& line) {
    if (!std::exchange(first, false)) search.judge(line.offset);
    search.line(line.text);
  };
  splitter.feed(content, take);
  splitter.pause(take);
  if (first) return std::nullopt;
  search.judge(splitter.line_start());
  const Best& best = search.best();
  if (best.trail_end == 0 || best.twice) return std::nullopt;

  const auto end = static_cast<std::size_t>(best.content_end);
  const std::string_view next = content.substr(end, content.substr(end).find('\n'));
  constexpr std::string_view kHole{"\0\0\0", 3};
  const std::size_t hole = next.find(kHole);
  if (hole == std::string_view::npos) return end;
  // The first NUL may be the second half of a character.
  return end + hole + (splitter.encoding() == Encoding::utf16le ? hole % 2 : 0);
}

}  // namespace agent::tail
