#include "common/crypto/random.h"

#include <gtest/gtest.h>

namespace {

TEST(Random, HasTheLengthAndIsNeverTheSame) {
  EXPECT_EQ(crypto::random_bytes(0).value(), "");
  const auto one = crypto::random_bytes(16).value();
  EXPECT_EQ(one.size(), 16u);
  EXPECT_NE(one, crypto::random_bytes(16).value());
}

TEST(Random, Comparison) {
  EXPECT_TRUE(crypto::equal_in_constant_time("", ""));
  EXPECT_TRUE(crypto::equal_in_constant_time("secret", "secret"));
  EXPECT_FALSE(crypto::equal_in_constant_time("secret", "secreT"));
  EXPECT_FALSE(crypto::equal_in_constant_time("secret", "secre"));
}

}  // namespace
