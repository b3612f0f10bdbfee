#include "common/crypto/ed25519.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>

#include "common/base/hex.h"
#include "common/crypto/openssl.h"
#include "common/crypto/secret_file.h"
#include "common/crypto/tls_key.h"

namespace {

using base::ErrorCode;
using crypto::SigningKey;

std::filesystem::path unique_path(const std::string& name) {
  return std::filesystem::path{testing::TempDir()} /
         ("deskledger_ed25519_" + std::to_string(::getpid()) + name);
}

std::string unhex(std::string_view hex) {
  return base::from_hex(hex).value();
}

// RFC 8032 section 7.1, tests 1 and 2.
TEST(Ed25519, KnownAnswers) {
  const struct {
    std::string_view seed, public_key, message, signature;
  } rows[] = {
      {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
       "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
       "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
       "d25bf5f0595bbe24655141438e7a100b"},
      {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
       "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
       "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
       "387b2eaeb4302aeeb00d291612bb0c00"}};
  for (const auto& row : rows) {
    const auto key = SigningKey::from_seed(unhex(row.seed)).value();
    EXPECT_EQ(base::to_hex(key.public_key().bytes()), row.public_key);
    EXPECT_EQ(base::to_hex(key.sign(unhex(row.message))), row.signature);
    EXPECT_TRUE(crypto::verify(key.public_key(), unhex(row.message), unhex(row.signature)));
  }
}

TEST(Ed25519, NothingElseVerifies) {
  const auto key = SigningKey::generate().value();
  const auto other = SigningKey::generate().value();
  const std::string message = "minutes";
  const auto signature = key.sign(message);
  EXPECT_TRUE(crypto::verify(key.public_key(), message, signature));
  EXPECT_FALSE(crypto::verify(other.public_key(), message, signature));
  EXPECT_FALSE(crypto::verify(key.public_key(), "minute", signature));
  EXPECT_FALSE(crypto::verify(key.public_key(), message, ""));
  EXPECT_FALSE(crypto::verify(key.public_key(), message, signature + '\0'));
  EXPECT_FALSE(crypto::verify(crypto::PublicKey{}, message, std::string(64, '\0')));
  for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
    auto flipped = signature;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(crypto::verify(key.public_key(), message, flipped)) << bit;
  }
}

// The agent and the collector may have another library each.
TEST(Ed25519, OpensslAgrees) {
  const std::string seed(32, '\x07');
  const auto key = SigningKey::from_seed(seed).value();
  const crypto::KeyPtr native{
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, crypto::bytes_of(seed), seed.size())};
  std::string message;
  for (int length = 0; length < 300; ++length, message += static_cast<char>(length)) {
    std::string theirs(crypto::kSignatureBytes, '\0');
    std::size_t size = theirs.size();
    const crypto::DigestContextPtr signing{EVP_MD_CTX_new()}, verifying{EVP_MD_CTX_new()};
    ASSERT_EQ(EVP_DigestSignInit(signing.get(), nullptr, nullptr, nullptr, native.get()), 1);
    ASSERT_EQ(EVP_DigestSign(signing.get(), reinterpret_cast<unsigned char*>(theirs.data()), &size,
                             crypto::bytes_of(message), message.size()),
              1);
    const auto ours = key.sign(message);
    EXPECT_EQ(ours, theirs) << length;
    EXPECT_TRUE(crypto::verify(key.public_key(), message, theirs)) << length;
    ASSERT_EQ(EVP_DigestVerifyInit(verifying.get(), nullptr, nullptr, nullptr, native.get()), 1);
    EXPECT_EQ(EVP_DigestVerify(verifying.get(), crypto::bytes_of(ours), ours.size(),
                               crypto::bytes_of(message), message.size()),
              1)
        << length;
  }
}

TEST(Ed25519, AKeyIsSavedForItsOwnerAlone) {
  const auto path = unique_path("key.pem");
  const auto key = SigningKey::generate().value();
  ASSERT_TRUE(key.save(path));
#ifndef _WIN32  // There the access list counts, which secret_file_test.cc looks at.
  EXPECT_EQ(std::filesystem::status(path).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
#endif
  const auto loaded = SigningKey::load(path);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->public_key(), key.public_key());
  EXPECT_EQ(loaded->sign("m"), key.sign("m"));
  std::filesystem::remove(path);
}

TEST(Ed25519, WhatIsNoKeyIsRefused) {
  EXPECT_EQ(SigningKey::load(unique_path("none.pem")).error().code, ErrorCode::not_found);
  const auto path = unique_path("bad.pem");
  ASSERT_TRUE(
      crypto::write_secret_file(path, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"));
  EXPECT_EQ(SigningKey::load(path).error().code, ErrorCode::corrupt);
  ASSERT_TRUE(crypto::TlsKey::generate().value().save(path));
  EXPECT_EQ(SigningKey::load(path).error().code, ErrorCode::corrupt);
  std::filesystem::remove(path);
  EXPECT_FALSE(SigningKey::from_seed("short"));
}

}  // namespace
