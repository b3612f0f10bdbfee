#include "common/crypto/enroll_token.h"

#include <gmock/gmock.h>

namespace {

using crypto::EnrollToken;
using testing::HasSubstr;

const EnrollToken kToken{.secret = "0123456789abcdef", .ca_certificate = crypto::sha256("a CA")};

TEST(EnrollToken, ComesBack) {
  const auto text = kToken.text();
  EXPECT_EQ(text.size(), 75u);
  EXPECT_THAT(text, testing::StartsWith("dlt1_"));
  EXPECT_EQ(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"),
            std::string::npos);
  EXPECT_EQ(EnrollToken::from_text(text).value(), kToken);
  EXPECT_EQ(EnrollToken::from_text(" \t" + text + "\r\n").value(), kToken);
}

TEST(EnrollToken, IsNeverTheSame) {
  const auto one = EnrollToken::generate(kToken.ca_certificate).value();
  EXPECT_EQ(one.secret.size(), EnrollToken::kSecretBytes);
  EXPECT_NE(one, EnrollToken::generate(kToken.ca_certificate).value());
}

TEST(EnrollToken, EveryWrongCharacterIsNoticed) {
  const auto text = kToken.text();
  for (std::size_t i = 5; i < text.size(); ++i) {
    for (const char c : {'A', 'z', '0', '_', '!'}) {
      auto typo = text;
      if (typo[i] == c) continue;
      typo[i] = c;
      const auto read = EnrollToken::from_text(typo);
      ASSERT_FALSE(read) << typo;
      EXPECT_THAT(read.error().message, HasSubstr("typing mistake"));
      EXPECT_THAT(read.error().message, testing::Not(HasSubstr(typo.substr(5, 8))));
    }
  }
}

TEST(EnrollToken, EveryTruncationIsNoticed) {
  const auto text = kToken.text();
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(EnrollToken::from_text(text.substr(0, size)));
  EXPECT_THAT(EnrollToken::from_text(text.substr(0, 73)).error().message, HasSubstr("part of it is missing"));
  EXPECT_THAT(EnrollToken::from_text(text + "AA").error().message, HasSubstr("something was added"));
  EXPECT_THAT(EnrollToken::from_text("eyJhbGciOi").error().message, HasSubstr("begins with dlt1_"));
}

}  // namespace
