#include "collector/identity/password.h"

#include <gmock/gmock.h>

namespace {

using namespace collector::identity;

TEST(Password, IsKnownAgainAndNoOther) {
  const std::string password = "correct horse \xce\xb1";
  const auto hash = hash_password(password).value();
  EXPECT_THAT(hash, testing::StartsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
  EXPECT_TRUE(verify_password(password, hash));
  EXPECT_FALSE(verify_password("correct horse", hash));
  EXPECT_FALSE(verify_password("", hash));
  EXPECT_FALSE(verify_password(std::string(kPasswordBytesMax + 1, 'x'), hash));
}

TEST(Password, TheSameOneIsHashedDifferently) {
  EXPECT_NE(hash_password("correct horse").value(), hash_password("correct horse").value());
}

TEST(Password, TooShortAndTooLongAreRefused) {
  EXPECT_FALSE(hash_password("123456789"));
  EXPECT_TRUE(hash_password("1234567890"));
  EXPECT_TRUE(hash_password(std::string(kPasswordBytesMax, 'x')));
  EXPECT_FALSE(hash_password(std::string(kPasswordBytesMax + 1, 'x')));
}

TEST(Password, WhatIsNoHashVerifiesNothing) {
  for (const auto* hash :
       {"", "plain text", "$argon2id$v=19$m=19456,t=2,p=1$", "$2b$12$abcdefghijklmnopqrstuv"}) {
    EXPECT_FALSE(verify_password("correct horse", hash)) << hash;
    EXPECT_FALSE(verify_password("", hash)) << hash;
  }
}

TEST(Password, OldParametersAreNoticed) {
  EXPECT_FALSE(needs_rehash(hash_password("correct horse").value()));
  EXPECT_TRUE(needs_rehash("$argon2id$v=19$m=4096,t=3,p=1$c29tZXNhbHQ$aGFzaA"));
  EXPECT_TRUE(needs_rehash(""));
}

}  // namespace
