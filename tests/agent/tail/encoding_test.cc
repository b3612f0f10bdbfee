#include "agent/tail/encoding.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "tests/agent/tail/utf16.h"

namespace agent::tail {

void PrintTo(const Sniffed& sniffed, std::ostream* out) {
  *out << to_string(sniffed.encoding) << (sniffed.half_first ? ", half first" : "");
}

namespace {

using namespace std::string_literals;
using testing::utf16_bytes;

constexpr Sniffed kUndecided{};
constexpr Sniffed kEightBit{.encoding = Encoding::eight_bit};
constexpr Sniffed kWide{.encoding = Encoding::utf16le};
constexpr Sniffed kWideHalf{.encoding = Encoding::utf16le, .half_first = true};

const std::string kLine = "   info 2026-03-01 10:00:00.000  lsvc  1234  app.session - begun";
// "Недоступно" and "连接服务器上的远程会话失败", as a localised system says it.
const std::u16string kCyrillic = u"\u041d\u0435\u0434\u043e\u0441\u0442\u0443\u043f\u043d\u043e";
const std::u16string kChinese =
    u"\u8fde\u63a5\u670d\u52a1\u5668\u4e0a\u7684\u8fdc\u7a0b\u4f1a\u8bdd\u5931\u8d25";

TEST(Sniff, Table) {
  struct Row {
    const char* name;
    std::string bytes;
    Sniffed follows;
    Sniffed not_now;
    Sniffed none;
  };
  const std::string hole(500, '\0');
  const std::string wide = utf16_bytes(kLine + "\r\n");
  const std::vector<Row> rows{
      {"nothing", "", kUndecided, kUndecided, kEightBit},
      {"one byte", "a", kUndecided, kUndecided, kEightBit},
      {"half a byte order mark", "\xff", kUndecided, kUndecided, kEightBit},
      {"a byte order mark only", "\xff\xfe", kWide, kWide, kWide},
      {"a byte order mark the other way round", "\xfe\xff", kUndecided, kUndecided, kEightBit},
      {"a byte order mark behind a hole", hole + "\xff\xfe", kWide, kWide, kWide},
      {"NULs only", hole, kUndecided, kUndecided, kEightBit},
      {"one character", utf16_bytes("a"), kUndecided, kUndecided, kEightBit},
      {"two characters", utf16_bytes("ab"), kWide, kWide, kWide},
      {"two characters but for the last NUL", "a\0b"s, kUndecided, kUndecided, kEightBit},
      {"one line", kLine + "\n", kEightBit, kEightBit, kEightBit},
      {"a short line", "a\n", kUndecided, kEightBit, kEightBit},
      {"a short line and more", "a\nb", kUndecided, kEightBit, kEightBit},
      {"a line without its end", kLine, kUndecided, kUndecided, kEightBit},
      {"an empty line", "\n", kUndecided, kUndecided, kEightBit},
      {"a line behind a hole", hole + "a\n", kUndecided, kEightBit, kEightBit},
      {"a line with a hole", "a" + hole + kLine + "\n", kEightBit, kEightBit, kEightBit},
      {"garbage in the module", "\xe0/\x82\x02\n", kUndecided, kUndecided, kEightBit},
      {"garbage in the module, then a line", "\xe0/\x82\x02\n" + kLine + "\n", kEightBit, kEightBit,
       kEightBit},
      {"the rest of a line in UTF-8", "\xd0\xbd\xd0\xbe\n" + kLine + "\n", kEightBit, kEightBit, kEightBit},
      {"much text without an end", std::string(kSniffBytesMax, 'x'), kEightBit, kEightBit, kEightBit},
      {"a NUL after each message", "one\n\0two\n\0"s, kUndecided, kEightBit, kEightBit},
      {"wide", wide, kWide, kWide, kWide},
      {"wide, half of a character cut away", wide.substr(1), kWide, kWide, kWide},
      {"wide behind an even hole", hole + wide, kWide, kWide, kWide},
      {"wide behind an odd hole", hole.substr(1) + wide, kWide, kWide, kWide},
      {"wide with a hole in its first line", wide.substr(0, 2) + hole + wide, kWide, kWide, kWide},
      {"wide Cyrillic", utf16_bytes(kCyrillic) + wide, kWide, kWide, kWide},
      {"wide Cyrillic, half of a character cut away", utf16_bytes(kCyrillic).substr(1) + wide, kWideHalf,
       kWideHalf, kWideHalf},
      {"wide Chinese", utf16_bytes(kChinese) + wide, kWide, kWide, kWide},
      {"wide Chinese, half of a character cut away", utf16_bytes(kChinese).substr(1) + wide, kWideHalf,
       kWideHalf, kWideHalf},
      {"a byte that is an LF in 8-bit text", utf16_bytes(u"\u4e0a") + wide, kWide, kWide, kWide},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(sniff(row.bytes, Rest::follows), row.follows) << row.name;
    EXPECT_EQ(sniff(row.bytes, Rest::not_now), row.not_now) << row.name;
    EXPECT_EQ(sniff(row.bytes, Rest::none), row.none) << row.name;
  }
}

// What was decided from few bytes stands when more are there.
TEST(Sniff, MoreBytesNeverChangeADecision) {
  const std::string wide = utf16_bytes(kChinese + u"\r\n" + kCyrillic) + utf16_bytes("\r\n" + kLine);
  const std::string narrow = "\xd0\xbd\n" + kLine + "\n";
  for (const std::string& all : {wide, wide.substr(1), narrow, std::string(40, '\0') + wide + narrow,
                                 narrow + wide, std::string(3000, '\xd0')}) {
    Sniffed before;
    for (std::size_t length = 0; length <= all.size(); ++length) {
      const Sniffed now = sniff(std::string_view{all}.substr(0, length), Rest::follows);
      if (before != Sniffed{}) {
        ASSERT_EQ(now, before) << length;
      }
      before = now;
    }
    EXPECT_NE(before.encoding, Encoding::undecided);
  }
}

// Wherever a file in UTF-16LE is cut, it is seen as what it is.
TEST(Sniff, AfterACutAtEveryByte) {
  std::string all;
  for (int i = 0; i < 4; ++i) {
    all += utf16_bytes(kLine + ": ") + utf16_bytes(kChinese + u" " + kCyrillic) + utf16_bytes("\r\n");
  }
  const std::size_t line_bytes = all.size() / 4;
  for (std::size_t cut = 0; cut < 3 * line_bytes; ++cut) {
    EXPECT_EQ(sniff(std::string_view{all}.substr(cut), Rest::follows).encoding, Encoding::utf16le) << cut;
  }
}

TEST(Sniff, TheSearchEnds) {
  EXPECT_EQ(sniff("a" + std::string(kSniffBytesMax - 2, '\0'), Rest::follows), kUndecided);
  EXPECT_EQ(sniff("a" + std::string(kSniffBytesMax - 1, '\0'), Rest::follows), kEightBit);
}

}  // namespace
}  // namespace agent::tail
