#include "agent/trace/eight_bytes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "agent/trace/header.h"

namespace {

using namespace agent::trace;

// What the words are searched for, at every place and length, beside every byte there is.
TEST(EightBytes, BlanksAreFoundAsByteByByte) {
  for (std::size_t size = 0; size <= 20; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string blanks(size, ' ');
        blanks[place] = static_cast<char>(byte);
        EXPECT_EQ(behind_blanks(blanks, 0), byte == ' ' ? size : place);
        std::string others(size, static_cast<char>(byte));
        others[place] = ' ';
        EXPECT_EQ(next_blank(others, 0), byte == ' ' ? 0 : place);
        EXPECT_EQ(next_blank(others, place + 1), byte == ' ' ? place + 1 : size);
      }
    }
  }
}

TEST(EightBytes, DigitsInFrontEndAtTheFirstOtherByte) {
  const std::string digits = "90817263";
  const std::uint32_t numbers[] = {0, 9, 90, 908, 9081, 90817, 908172, 9081726, 90817263};
  for (unsigned count = 0; count < 8; ++count) {
    for (int byte = 0; byte < 256; ++byte) {
      if (byte >= '0' && byte <= '9') continue;
      std::string text = digits;
      std::fill(text.begin() + count, text.end(), static_cast<char>(byte));
      EXPECT_EQ(digits_in_front(eight_bytes(text.data())), count) << byte;
      if (count == 0) continue;
      EXPECT_EQ(number_in_front(eight_bytes(text.data()), count), numbers[count]);
    }
  }
  EXPECT_EQ(digits_in_front(eight_bytes(digits.data())), 8U);
  EXPECT_EQ(number_in_front(eight_bytes(digits.data()), 8), numbers[8]);
}

// Each byte of a time takes every value: only digits, and the separators themselves, are let through.
TEST(EightBytes, ATimeIsRefusedForAnyWrongByte) {
  const std::string line =
      "   info 2026-11-16 08:09:10.123       gsvc   9248  12332   14  app.session - 5: x";
  for (std::size_t i = 0; i < 23; ++i) {
    const bool separator = line[8 + i] < '0' || line[8 + i] > '9';
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = line;
      changed[8 + i] = static_cast<char>(byte);
      const auto header = parse_header(changed);
      const bool digit = byte >= '0' && byte <= '9';
      if (changed == line) {
        EXPECT_TRUE(header);
      } else if (separator || !digit) {
        EXPECT_FALSE(header) << changed;
      } else if (const auto want = timing::from_rfc3339(changed.substr(8, 23) + "Z"); want) {
        ASSERT_TRUE(header) << changed;
        EXPECT_EQ(timing::to_rfc3339(header->at), timing::to_rfc3339(*want));
      } else if (changed.substr(25, 2) != "60") {
        EXPECT_FALSE(header) << changed;
      }
    }
  }
}

}  // namespace
