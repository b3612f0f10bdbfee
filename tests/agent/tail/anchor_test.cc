#include "agent/tail/anchor.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/agent/tail/world.h"

namespace {

using agent::tail::AnchorSearch;
using agent::tail::find_anchor;
using agent::tail::is_half_cut;
using agent::tail::Repeated;
using agent::tail::testing::trace_line;
using agent::tail::testing::utf16_bytes;

std::string lines(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) text += trace_line(i) + "\n";
  return text;
}

std::optional<std::size_t> place_in(std::string_view content, std::string_view anchor, std::size_t own_place,
                                    std::int64_t shift_expected = 0) {
  const auto place = find_anchor(AnchorSearch{.content = content,
                                              .from_file_start = true,
                                              .anchor = anchor,
                                              .own_place = static_cast<std::int64_t>(own_place),
                                              .shift_expected = shift_expected});
  if (!place) return std::nullopt;
  return place->end;
}

TEST(FindAnchor, AtItsOwnPlaceEvenIfACopyStandsInFront) {
  const std::string anchor = lines(5, 10);
  const std::string content = anchor + lines(20, 22) + anchor + lines(10, 11);
  const std::size_t own = content.size() - lines(10, 11).size();
  EXPECT_EQ(place_in(content, anchor, own), own);
}

TEST(FindAnchor, OfSeveralTheOneNearestToOneCut) {
  const std::string anchor = lines(5, 10);
  const std::string content = anchor + lines(20, 30) + anchor + lines(40, 50);
  const std::size_t first = anchor.size();
  const std::size_t second = content.size() - lines(40, 50).size();
  EXPECT_EQ(place_in(content, anchor, second + 1000, 1000), second);
  EXPECT_EQ(place_in(content, anchor, first + 1000, 1000), first);
}

// A generated day (seed 220): an empty line behind a hole longer than the anchor, and then another such.
TEST(FindAnchor, NotInOneOfTwoHoles) {
  const std::string hole = std::string(5'000, '\0') + "\n";
  const std::string anchor = hole.substr(hole.size() - 4'096);
  const std::string once = lines(5, 10) + hole;
  EXPECT_EQ(place_in(once, anchor, once.size() + 1'000), once.size());
  EXPECT_EQ(place_in(once + hole, anchor, once.size() + 1'000), std::nullopt);
}

TEST(FindAnchor, ItsEndAtTheHeadOfTheFile) {
  const std::string anchor = lines(5, 10);
  const std::string content = anchor + lines(10, 14);
  for (std::size_t cut = 1; cut < anchor.size(); ++cut) {
    const auto found = place_in(std::string_view{content}.substr(cut), anchor, anchor.size());
    if (cut <= anchor.rfind("2026-")) {
      EXPECT_EQ(found, anchor.size() - cut);
    } else {
      EXPECT_EQ(found, std::nullopt) << cut;
    }
  }
}

// The head of a file that was cut far behind our place is the rest of a message that we have read before.
TEST(FindAnchor, ARepeatedMessageAtTheHeadOfTheFileProvesNoPlace) {
  const std::string message = "  3  anynet.connection_mgr - Resuming main relay connection.\n";
  ASSERT_GT(message.size(), agent::tail::kAnchorHeadMin);
  const std::string anchor = lines(1, 5) + "   info 2026-11-02 06:05:00.091  gsvc  1" + message;
  for (std::size_t cut = 0; cut < message.size(); ++cut) {
    EXPECT_EQ(place_in(message.substr(cut) + lines(7, 9), anchor, 900), std::nullopt) << cut;
  }
}

TEST(FindAnchor, AfterAHoleInFrontOfItWasFilled) {
  const std::string anchor = std::string(500, '\0') + trace_line(7) + "\n";
  const std::string content = lines(1, 3) + lines(100, 106) + trace_line(7) + "\n" + lines(8, 9);
  EXPECT_EQ(place_in(content, anchor, 5), content.size() - lines(8, 9).size());
}

TEST(FindAnchor, AfterAPowerLossTookItsEnd) {
  const std::string anchor = lines(5, 10);
  const std::string kept = lines(0, 7) + trace_line(7).substr(0, 20);
  const std::string hole = kept + std::string(90, '\0') + lines(30, 32);
  EXPECT_EQ(place_in(hole, anchor, lines(0, 10).size()), kept.size()) << "NULs follow";
  EXPECT_EQ(place_in(kept, anchor, lines(0, 10).size()), kept.size()) << "the file ends";
  const std::string overwritten = lines(0, 7) + lines(30, 32);
  EXPECT_EQ(place_in(overwritten, anchor, lines(0, 10).size()), lines(0, 7).size()) << "a new line follows";
}

// Found through agent/capture: another file was taken for one read already, and its first lines were lost.
TEST(FindAnchor, ALineThatComesAgainProvesNothingWithoutItsTime) {
  const std::string message =
      "  service   main   3768   3768    3   anynet.connection_mgr - Resuming main relay.\n";
  const std::string anchor = lines(1, 4) + "   info 2026-10-07 08:40:00.000" + message;
  const std::string other = lines(50, 60) + "   info 2026-10-07 09:00:00.000" + message + lines(60, 62);
  EXPECT_EQ(place_in(other, anchor, 5), std::nullopt) << "its end";
  EXPECT_EQ(place_in(other, message + lines(1, 9), 5), std::nullopt) << "its beginning";
}

// NULs are half of the bytes there, and say nothing of a hole.
TEST(FindAnchor, InUtf16TheSameIsProof) {
  const auto wide = [](int from, int to) { return utf16_bytes(lines(from, to)); };
  const std::string anchor = wide(5, 10);
  const std::string last = utf16_bytes(trace_line(9) + "\n");
  const std::string after = wide(10, 14);
  for (std::size_t cut = 1; cut < anchor.size(); ++cut) {
    const auto found = place_in(std::string_view{anchor + after}.substr(cut), anchor, anchor.size());
    const bool proved = cut <= anchor.rfind(utf16_bytes("2026-"));
    EXPECT_EQ(found, proved ? std::optional{anchor.size() - cut} : std::nullopt) << cut;
  }
  EXPECT_EQ(place_in(wide(100, 106) + last + after, std::string(501, '\0') + last, 5),
            wide(100, 106).size() + last.size())
      << "a hole in front of it was filled";

  const std::string kept = wide(0, 7) + utf16_bytes(trace_line(7)).substr(0, 42);
  const std::size_t own = wide(0, 10).size();
  EXPECT_EQ(place_in(kept + std::string(91, '\0') + wide(30, 32), anchor, own), kept.size()) << "NULs follow";
  EXPECT_EQ(place_in(kept, anchor, own), kept.size()) << "the file ends";
  EXPECT_EQ(place_in(wide(0, 7) + wide(30, 32), anchor, own), wide(0, 7).size()) << "a new line follows";
  // The first byte that is not the same is a NUL, and no hole.
  const std::string cyrillic = trace_line(7) + " \xd0\xbd\n";
  const std::string latin = trace_line(7) + " =\n";
  EXPECT_EQ(place_in(wide(0, 7) + utf16_bytes(latin), wide(5, 7) + utf16_bytes(cyrillic), own),
            wide(0, 7).size());

  const std::string message =
      utf16_bytes("  service   main   3768   3768    3   anynet.connection_mgr - Resuming main relay.\n");
  EXPECT_EQ(place_in(wide(50, 60) + message + wide(60, 62), wide(1, 4) + message.substr(60), 5), std::nullopt)
      << "a line that comes again";
}

TEST(FindAnchor, WhatIsTooShortProvesNothing) {
  EXPECT_EQ(place_in("a\nb\nc\n", "b\n", 6), std::nullopt);
  EXPECT_EQ(place_in("a\nb\nc\n", "b\n", 4), 4u);
  EXPECT_EQ(place_in("a\n", "", 0), std::nullopt);
}

TEST(HalfCut, IsSeenAtEveryPlaceOfTheCopy) {
  const std::string before = lines(0, 60);
  const std::size_t shift = 700;
  for (std::size_t copied = shift; copied <= before.size() - shift; copied += 13) {
    std::string content = before;
    content.replace(0, copied, before, shift, copied);
    EXPECT_TRUE(is_half_cut(content, shift, Repeated::text)) << copied;
  }
  EXPECT_FALSE(is_half_cut(before.substr(shift), shift, Repeated::text_or_hole));
  // All is copied and not truncated yet; nearly all that is cut is a hole.
  const std::string holed = lines(0, 40) + std::string(5000, '\0') + lines(40, 42);
  EXPECT_TRUE(is_half_cut(holed.substr(5100) + holed.substr(holed.size() - 5100), 5100, Repeated::text));
  const std::string hole(5000, '\0');
  for (const Repeated repeated : {Repeated::text, Repeated::text_or_hole}) {
    EXPECT_FALSE(is_half_cut(before.substr(shift) + hole, shift, repeated)) << "a hole repeats itself";
  }
  // The copy came nearly to the hole.
  const std::string stands_still =
      before + hole.substr(0, shift - 30) + before.substr(before.size() - 30) + hole;
  EXPECT_FALSE(is_half_cut(stands_still, shift, Repeated::text));
  EXPECT_TRUE(is_half_cut(stands_still, shift, Repeated::text_or_hole));
}

}  // namespace
