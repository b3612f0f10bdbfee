#include "common/crypto/base64url.h"

#include <gtest/gtest.h>

namespace {

// RFC 4648 section 10, without the padding, and the two characters that differ from plain base64.
TEST(Base64Url, KnownAnswers) {
  const struct {
    std::string_view bytes, text;
  } rows[] = {{"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
              {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "-_8"}};
  for (const auto& row : rows) {
    EXPECT_EQ(crypto::to_base64url(row.bytes), row.text);
    EXPECT_EQ(crypto::from_base64url(row.text).value(), row.bytes);
  }
}

TEST(Base64Url, WhatIsNotIsRefused) {
  for (const auto* text : {"Z", "Zg==", "Zh", "Zm9vY", "Z g", "+w", "/w", "Zm9"}) {
    EXPECT_FALSE(crypto::from_base64url(text)) << text;
  }
}

}  // namespace
