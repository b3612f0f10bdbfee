#include "common/base/hex.h"

#include <gtest/gtest.h>

namespace {

TEST(Hex, EveryByteComesBack) {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  const auto hex = base::to_hex(all);
  EXPECT_EQ(hex.substr(0, 8), "00010203");
  EXPECT_EQ(hex.substr(hex.size() - 4), "feff");
  EXPECT_EQ(base::from_hex(hex).value(), all);
}

TEST(Hex, UpperCaseIsRead) {
  EXPECT_EQ(base::from_hex("0AfF").value(), "\x0a\xff");
}

TEST(Hex, WhatIsNoHexIsRefused) {
  EXPECT_FALSE(base::from_hex("0"));
  EXPECT_FALSE(base::from_hex("0g"));
  EXPECT_FALSE(base::from_hex("\\x"));
}

}  // namespace
