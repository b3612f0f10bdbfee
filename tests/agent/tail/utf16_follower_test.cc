// The follower's promises in files that are UTF-16LE.

#include "agent/tail/batch_reader.h"
#include "agent/tail/follower.h"
#include "tests/agent/tail/world.h"

namespace {

using namespace agent::tail;
using namespace agent::tail::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// AnyDesk's own are odd and even.
constexpr CutShape kShape{.limit_bytes = 4000, .keep_bytes = 3599};

World wide_world() {
  World world;
  world.encoding = Encoding::utf16le;
  return world;
}

const std::vector<std::string> kLines{
    "   info 2026-03-01 10:00:00.000  lsvc  1234  app.session - begun",
    "   info 2026-03-01 10:00:00.001  lsvc  1234  \xd0\x9d\xd0\xb5\xd0\xb4 \xe4\xb8\x8a \xf0\x9f\x98\x80",
    "",
    "  error 2026-03-01 10:00:00.002  lsvc  1234  app.session - ended",
};

// However the file grows, and wherever the agent is restarted.
TEST(Utf16Follower, AYoungFileThatGrowsByteByByte) {
  for (const bool marked : {false, true}) {
    for (const Encoding encoding : {Encoding::eight_bit, Encoding::utf16le}) {
      if (marked && encoding == Encoding::eight_bit) continue;
      std::string all = marked ? std::string{kByteOrderMark} : "";
      for (const std::string& line : kLines) all += line_bytes(line, encoding);
      for (const bool restart : {false, true}) {
        World world;
        world.file->bytes.clear();
        auto follower = std::make_unique<Follower>(world.files, kPath, std::nullopt);
        Collected got;
        for (const char byte : all) {
          world.file->bytes.push_back(byte);
          drain(*follower, got);
          if (restart) follower = std::make_unique<Follower>(restarted(*follower, world.files, {}));
        }
        EXPECT_EQ(got.lines, kLines) << marked << restart << to_string(encoding);
        EXPECT_THAT(got.gaps, IsEmpty());
        EXPECT_EQ(follower->position()->encoding, encoding);
        EXPECT_EQ(follower->position()->offset, all.size());
      }
    }
  }
}

TEST(Utf16Follower, NothingIsDecidedBeforeALineIsThere) {
  for (const std::string& beginning : {std::string{kByteOrderMark}, std::string{"\xff"}, std::string{"a"}}) {
    World world;
    world.file->bytes = beginning;
    Follower follower{world.files, kPath, std::nullopt};
    Collected got;
    drain(follower, got);
    EXPECT_EQ(follower.position()->encoding, Encoding::undecided);
    // It was nothing yet, and now it is another file.
    world.file->bytes.clear();
    Follower next = restarted(follower, world.files, {});
    world.write(3);
    drain(next, got);
    EXPECT_EQ(got.lines, world.written);
    EXPECT_EQ(next.position()->encoding, Encoding::eight_bit);
  }
}

TEST(Utf16Follower, AShortFirstLineDoesNotWaitForTheNext) {
  World world;
  world.file->bytes = "one\ntwo";
  Follower follower{world.files, kPath, std::nullopt};
  Collected got;
  drain(follower, got);
  EXPECT_THAT(got.lines, ElementsAre("one"));
  EXPECT_EQ(follower.position()->offset, 4u);
  EXPECT_EQ(follower.position()->anchor, "one\n");
}

// A first line whose encoding does not show until much later brings its place and its anchor with it.
TEST(Utf16Follower, WhatWaitedForItsEncodingHasItsPlace) {
  for (const std::size_t hole : {0u, 600u, 5000u}) {
    World world;
    const std::string garbage = "\xe0/\x82\n";  // No sign.
    world.file->bytes = std::string(hole, '\0') + garbage + std::string(900, '\xe0');
    Follower follower{world.files, kPath, std::nullopt};
    Collected got;
    drain(follower, got);
    EXPECT_THAT(got.lines, IsEmpty());
    world.file->bytes += std::string(200, '\xe1');
    drain(follower, got);
    ASSERT_THAT(got.lines, SizeIs(1)) << hole;
    EXPECT_EQ(got.lines[0] + "\n", garbage);
    EXPECT_EQ(follower.position()->offset, hole + garbage.size());
    EXPECT_TRUE(follower.position()->anchor.ends_with(garbage));
    world.file->bytes += "\n";
    Follower next = restarted(follower, world.files, {});
    drain(next, got);
    ASSERT_THAT(got.lines, SizeIs(2)) << hole;
    EXPECT_EQ(got.lines[1].size(), 1100u);
  }
}

// The second writer goes on at its old offset, which after an odd cut is between two characters of the first.
TEST(Utf16Follower, AHoleOfAnyLengthBehindACut) {
  for (std::size_t cut = 300; cut < 304; ++cut) {
    for (const bool restart : {false, true}) {
      World world = wide_world();
      world.write(30);
      Follower follower{world.files, kPath, std::nullopt, kShape};
      Collected got;
      drain(follower, got);
      const std::size_t old_end = world.file->bytes.size();
      world.cut(cut);
      world.write_at(old_end);
      Follower next = restarted(follower, world.files, kShape);
      Follower& reader = restart ? next : follower;
      drain(reader, got);
      world.write(2);
      drain(reader, got);
      EXPECT_EQ(got.lines, world.written) << cut;
      EXPECT_THAT(got.gaps, IsEmpty());
      EXPECT_EQ(reader.counters().cuts_survived, 1u);
    }
  }
}

TEST(Utf16Follower, ANewlyFoundFileThatWasCutBeginsWithItsFirstWholeLine) {
  for (const std::uint64_t keep_bytes : {3600u, 3599u}) {
    const CutShape shape{.limit_bytes = 4000, .keep_bytes = keep_bytes};
    World world = wide_world();
    world.write(60);
    world.cut(world.file->bytes.size() - keep_bytes);
    world.write(2);
    Follower follower{world.files, kPath, std::nullopt, shape};
    Collected got;
    drain(follower, got);
    ASSERT_GT(got.lines.size(), 2u);
    EXPECT_THAT(got.gaps, IsEmpty());
    const std::vector<std::string> last(world.written.end() - static_cast<std::ptrdiff_t>(got.lines.size()),
                                        world.written.end());
    EXPECT_EQ(got.lines, last);
  }
}

// After a gap another encoding may follow: a new version of AnyDesk that begins its file anew.
TEST(Utf16Follower, AFileThatIsFilledAgainInTheOtherEncoding) {
  for (const bool rotated : {false, true}) {
    for (const bool wide_first : {false, true}) {
      World world;
      world.encoding = wide_first ? Encoding::utf16le : Encoding::eight_bit;
      world.write(20);
      Follower follower{world.files, kPath, std::nullopt};
      Collected got;
      drain(follower, got);
      world.encoding = wide_first ? Encoding::eight_bit : Encoding::utf16le;
      if (rotated) {
        world.files.rename(kPath, "/var/log/anydesk1.trace");
        world.file = world.files.create(kPath);
      } else {
        world.file->bytes.clear();
        drain(follower, got);
      }
      world.write(20);
      drain(follower, got);
      EXPECT_EQ(got.lines, world.written);
      EXPECT_THAT(got.gaps, SizeIs(rotated ? 0 : 1));
      EXPECT_EQ(follower.position()->encoding, world.encoding);
    }
  }
}

// The first release read such a file as 8-bit text: it stopped between the two bytes of an LF.
TEST(Utf16Follower, APositionOfTheFirstReleaseGoesOn) {
  World world = wide_world();
  world.write(20);
  const std::size_t place = world.file->bytes.size() - 1;
  world.write(3);
  const Position old{.identity = world.file->identity,
                     .offset = place,
                     .cut_bytes = 0,
                     .anchor = world.file->bytes.substr(place - 1000, 1000)};
  Follower follower{world.files, kPath, old};
  Collected got;
  drain(follower, got);
  EXPECT_THAT(got.lines, ElementsAre(world.written[20], world.written[21], world.written[22]));
  EXPECT_THAT(got.gaps, IsEmpty());
}

TEST(Utf16Follower, APartialLineIsHandedOutWhenTheFileIsClosed) {
  World world = wide_world();
  world.write(2);
  world.file->bytes += utf16_bytes("killed in the mid") + "d";
  Follower follower{world.files, kPath, std::nullopt};
  Collected got;
  drain(follower, got);
  EXPECT_THAT(got.lines, SizeIs(2));
  follower.finish(got);
  ASSERT_THAT(got.lines, SizeIs(3));
  EXPECT_EQ(got.lines[2], "killed in the mid\xef\xbf\xbd");
  EXPECT_TRUE(got.partial[2]);
}

TEST(Utf16Follower, BatchReadsTheSame) {
  std::string all{kByteOrderMark};
  for (int i = 0; i < 3000; ++i) {
    for (const std::string& line : kLines) all += line_bytes(line, Encoding::utf16le);
    if (i % 1000 == 7) all.append(static_cast<std::size_t>(104'950 + i), '\0');
  }
  for (const std::size_t cut : {0u, 2u, 30u, 31u}) {
    World world;
    world.file->bytes = all.substr(cut);
    auto file = world.files.open(kPath).value();
    std::vector<std::string> batch;
    const auto counters = read_file(*file, [&](const Line& line) { batch.emplace_back(line.text); });
    ASSERT_TRUE(counters);
    EXPECT_EQ(counters->lines, 12'000u);
    Collected live;
    Follower follower{world.files, kPath, std::nullopt};
    drain(follower, live, 10'000);
    EXPECT_THAT(live.gaps, IsEmpty());
    // A follower drops the rest of a cut line, if the file looks cut.
    ASSERT_GE(live.lines.size() + 1, batch.size());
    EXPECT_TRUE(std::equal(live.lines.rbegin(), live.lines.rend(), batch.rbegin()));
  }
}

}  // namespace
