#include "agent/tail/position.h"

#include <gtest/gtest.h>

namespace {

using agent::tail::decode;
using agent::tail::encode;
using agent::tail::Encoding;
using agent::tail::Position;
using agent::tail::Trail;

Position sample(std::size_t anchor_bytes) {
  return Position{.identity = {.device = 0x1122334455667788, .inode = 42, .created_ms = -7},
                  .offset = 1'048'669,
                  .cut_bytes = 104'950,
                  .anchor = std::string(anchor_bytes, '\0'),
                  .mid_line = anchor_bytes == 0,
                  .drained = true,
                  .encoding = Encoding::utf16le,
                  .trail = Trail{{1, 0xfffffffe, 3}}};
}

TEST(Position, ComesBack) {
  for (const std::size_t anchor_bytes : {0U, 1U, 77U, 1024U}) {
    const Position before = sample(anchor_bytes);
    const auto after = decode(encode(before));
    ASSERT_TRUE(after) << after.error().message;
    EXPECT_EQ(after->identity, before.identity);
    EXPECT_EQ(after->identity.created_ms, -7);
    EXPECT_EQ(after->offset, before.offset);
    EXPECT_EQ(after->cut_bytes, before.cut_bytes);
    EXPECT_EQ(after->anchor, before.anchor);
    EXPECT_EQ(after->mid_line, before.mid_line);
    EXPECT_EQ(after->drained, before.drained);
    EXPECT_EQ(after->encoding, before.encoding);
    EXPECT_TRUE(after->trail == before.trail);
    EXPECT_EQ(after->logical(), 1'153'619u);
  }
}

// A busy file's agent stores it every few seconds.
TEST(Position, StaysSmall) {
  Position position = sample(agent::tail::kAnchorBytesMax);
  for (int i = 0; i < 10'000; ++i) {
    position.trail.add("line " + std::to_string(i));
    ASSERT_LE(encode(position).size(), agent::tail::kAnchorBytesMax + 4 * agent::tail::kTrailLinesMax + 64);
  }
  EXPECT_EQ(position.trail.hashes().size(), agent::tail::kTrailLinesMax);
  const auto after = decode(encode(position));
  ASSERT_TRUE(after);
  EXPECT_TRUE(after->trail == position.trail);
}

TEST(Position, EveryFlippedBitAndEveryCutIsRefused) {
  const std::string bytes = encode(sample(40));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_FALSE(decode(bytes.substr(0, i))) << i;
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      const auto result = decode(damaged);
      ASSERT_FALSE(result) << i;
      EXPECT_EQ(result.error().code, base::ErrorCode::corrupt);
    }
  }
  EXPECT_FALSE(decode(bytes + "x"));
}

// As the first release wrote it: no encoding.
TEST(Position, OfVersion1IsRead) {
  using namespace std::string_literals;
  const std::string bytes = "DLTP\x01"s + "\x02\0\0\0\0\0\0\0"s + "\x2a\0\0\0\0\0\0\0"s +
                            "\x07\0\0\0\0\0\0\0"s + "\x05\0\0\0\0\0\0\0"s + "\x64\0\0\0\0\0\0\0"s + "\x03"s +
                            "\x03\0"s + "ab\n" + "\x37\xea\xc2\x1f\x60\xe0\xac\x1d"s;
  const auto position = decode(bytes);
  ASSERT_TRUE(position) << position.error().message;
  EXPECT_EQ(position->identity.device, 2u);
  EXPECT_EQ(position->identity.inode, 42u);
  EXPECT_EQ(position->identity.created_ms, 7);
  EXPECT_EQ(position->offset, 5u);
  EXPECT_EQ(position->cut_bytes, 100u);
  EXPECT_EQ(position->anchor, "ab\n");
  EXPECT_TRUE(position->mid_line);
  EXPECT_TRUE(position->drained);
  EXPECT_EQ(position->encoding, Encoding::undecided);
  EXPECT_TRUE(position->trail.hashes().empty());
}

// With an encoding, and no trail.
TEST(Position, OfVersion2IsRead) {
  using namespace std::string_literals;
  const std::string bytes = "DLTP\x02"s + "\x02\0\0\0\0\0\0\0"s + "\x2a\0\0\0\0\0\0\0"s +
                            "\x07\0\0\0\0\0\0\0"s + "\x05\0\0\0\0\0\0\0"s + "\x64\0\0\0\0\0\0\0"s + "\x05"s +
                            "\x03\0"s + "ab\n" + "\x08\xdb\xd6\x64\x99\xba\x4b\xdd"s;
  const auto position = decode(bytes);
  ASSERT_TRUE(position) << position.error().message;
  EXPECT_EQ(position->offset, 5u);
  EXPECT_EQ(position->anchor, "ab\n");
  EXPECT_TRUE(position->mid_line);
  EXPECT_FALSE(position->drained);
  EXPECT_EQ(position->encoding, Encoding::eight_bit);
  EXPECT_TRUE(position->trail.hashes().empty());
}

}  // namespace
