#include "common/crypto/digest.h"

#include <gtest/gtest.h>

namespace {

using crypto::Digest;

// FIPS 180-4, appendix B.1 and the empty message.
constexpr auto kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr auto kEmpty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

TEST(Digest, KnownAnswers) {
  EXPECT_EQ(crypto::sha256("abc").hex(), kAbc);
  EXPECT_EQ(crypto::sha256("").hex(), kEmpty);
}

TEST(Digest, PartsGiveTheSameAsTheWholeAndTheObjectStartsAfresh) {
  crypto::Sha256 hash;
  EXPECT_EQ(hash.update("a").update("").update("bc").finish().hex(), kAbc);
  EXPECT_EQ(hash.finish().hex(), kEmpty);
  EXPECT_EQ(hash.update("abc").finish().hex(), kAbc);
}

TEST(Digest, BytesComeBackAndOnlyThirtyTwo) {
  const auto digest = crypto::sha256("abc");
  EXPECT_EQ(Digest::from_bytes(digest.bytes()).value(), digest);
  EXPECT_FALSE(Digest::from_bytes(digest.bytes().substr(1)));
  EXPECT_FALSE(Digest::from_bytes(""));
}

}  // namespace
