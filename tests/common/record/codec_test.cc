#include "common/record/codec.h"

#include <gtest/gtest.h>

namespace {

using base::ErrorCode;

TEST(Codec, ComesBack) {
  for (const std::string& bytes :
       {std::string{}, std::string{"a"}, std::string(100'000, 'a'), std::string{"a\0b", 3}}) {
    EXPECT_EQ(record::decompress(record::compress(bytes).value(), bytes.size()).value(), bytes);
  }
}

TEST(Codec, AnotherSizeThanDeclaredIsRefused) {
  const auto frame = record::compress("some bytes").value();
  for (const std::size_t declared : {0u, 9u, 11u, 1000u}) {
    EXPECT_EQ(record::decompress(frame, declared).error().code, ErrorCode::corrupt);
  }
}

TEST(Codec, EveryTruncationAndAdditionIsRefused) {
  const auto frame = record::compress("some bytes, some bytes").value();
  for (std::size_t size = 0; size < frame.size(); ++size) {
    EXPECT_FALSE(record::decompress(std::string_view{frame}.substr(0, size), 22)) << size;
  }
  EXPECT_FALSE(record::decompress(frame + 'x', 22));
  EXPECT_FALSE(record::decompress(frame + record::compress("").value(), 22));
  EXPECT_FALSE(record::decompress("", 0));
}

}  // namespace
