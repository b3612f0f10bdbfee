#include "agent/tail/trail.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/agent/tail/world.h"

namespace {

using agent::tail::find_trail;
using agent::tail::kTrailLinesMax;
using agent::tail::Trail;
using agent::tail::testing::trace_line;
using agent::tail::testing::utf16_bytes;
using Lines = std::vector<std::string>;

Lines numbered(int from, int to) {
  Lines lines;
  for (int i = from; i < to; ++i) lines.push_back(trace_line(i));
  return lines;
}

std::string text(const Lines& lines) {
  std::string all;
  for (const std::string& line : lines) all += line + "\n";
  return all;
}

Trail trail_of(const Lines& lines) {
  Trail trail;
  for (const std::string& line : lines) trail.add(line);
  return trail;
}

std::string operator+(const Lines& lines, const std::string& more) {
  return text(lines) + more;
}

TEST(Trail, ProvesThePlaceBehindTheNewestLineThatStands) {
  const Trail trail = trail_of(numbered(0, 50));
  const std::string hole(3000, '\0');
  const std::string half = trace_line(31).substr(0, 40);
  struct Row {
    const char* what;
    std::string content;
    std::optional<std::size_t> end;
  };
  const Row rows[] = {
      {"all of it", numbered(0, 50) + text(numbered(90, 99)), text(numbered(0, 50)).size()},
      {"the end is gone", numbered(0, 30) + text(numbered(90, 99)), text(numbered(0, 30)).size()},
      {"the head, too", numbered(20, 30) + text(numbered(90, 99)), text(numbered(20, 30)).size()},
      {"the end is a hole", numbered(0, 30) + hole + text(numbered(90, 99)), text(numbered(0, 30)).size()},
      {"it begins in a line", numbered(0, 31) + half + hole + text(numbered(90, 99)),
       text(numbered(0, 31)).size() + half.size()},
      {"a hole in it", numbered(0, 30) + hole + text(numbered(33, 40)) + trace_line(90) + "\n",
       text(numbered(0, 30)).size() + hole.size() + text(numbered(33, 40)).size()},
      {"two lines only", numbered(28, 30) + text(numbered(90, 99)), std::nullopt},
      {"twice, as in a cut in progress", numbered(20, 30) + text(numbered(60, 70)) + text(numbered(20, 30)),
       std::nullopt},
      {"others", text(numbered(90, 99)), std::nullopt},
      {"nothing", "", std::nullopt},
  };
  for (const Row& row : rows) EXPECT_EQ(find_trail(row.content, trail), row.end) << row.what;
}

TEST(Trail, InUtf16TheSame) {
  const Trail trail = trail_of(numbered(0, 50));
  const std::string kept = utf16_bytes(text(numbered(0, 30)));
  const std::string fresh = utf16_bytes(text(numbered(90, 99)));
  EXPECT_EQ(find_trail(kept + fresh, trail), kept.size());
  EXPECT_EQ(find_trail(kept.substr(333) + fresh, trail), kept.size() - 333) << "after an odd cut";
  const std::string half = utf16_bytes(trace_line(30).substr(0, 40));
  EXPECT_EQ(find_trail(kept + half + std::string(400, '\0') + fresh, trail), kept.size() + half.size());
}

TEST(Trail, LinesWithoutTheirTimeAreNoProof) {
  const Lines same(20, "   main  - the same message again and again, longer than any proof must be");
  EXPECT_EQ(find_trail(text(same), trail_of(same)), std::nullopt);
  // And the last of many alike could be new.
  const Lines alike(20, trace_line(7));
  EXPECT_EQ(find_trail(text(alike) + text(alike), trail_of(alike)), std::nullopt);
}

TEST(Trail, KnowsTheLastLinesOnly) {
  const int lines = 3 * static_cast<int>(kTrailLinesMax);
  const Trail trail = trail_of(numbered(0, lines));
  EXPECT_EQ(trail.hashes().size(), kTrailLinesMax);
  const int known = lines - static_cast<int>(kTrailLinesMax);
  EXPECT_EQ(find_trail(text(numbered(0, known)), trail), std::nullopt);
  EXPECT_TRUE(find_trail(text(numbered(0, known + 3)), trail));
}

}  // namespace
