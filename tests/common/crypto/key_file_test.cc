#include "common/crypto/key_file.h"

#include <gmock/gmock.h>

#include <fstream>

#include "common/crypto/ed25519.h"
#include "common/crypto/secret_file.h"
#include "common/crypto/tls_key.h"

namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using testing::HasSubstr;

class KeyFile : public testing::Test {
 protected:
  KeyFile() {
    fs::remove_all(folder);
    fs::create_directories(folder);
  }
  ~KeyFile() override { fs::remove_all(folder); }

  fs::path folder =
      fs::path{testing::TempDir()} /
      ("key_file_" + std::string{testing::UnitTest::GetInstance()->current_test_info()->name()});
  fs::path path = folder / "record.key";
};

TEST_F(KeyFile, ComesBack) {
  const auto pem = crypto::TlsKey::generate().value().pem().value();
  ASSERT_TRUE(crypto::write_key_file(path, pem));
  EXPECT_EQ(crypto::read_key_file(path).value(), pem);
  const auto key = crypto::SigningKey::generate().value();
  ASSERT_TRUE(key.save(path));
  EXPECT_EQ(crypto::SigningKey::load(path).value().public_key(), key.public_key());
}

// What 0.1 wrote, on Windows too.
TEST_F(KeyFile, APlainOneIsRead) {
  const auto key = crypto::TlsKey::generate().value();
  ASSERT_TRUE(crypto::write_secret_file(path, key.pem().value()));
  EXPECT_EQ(crypto::TlsKey::load(path).value().pem().value(), key.pem().value());
}

#ifdef _WIN32
TEST_F(KeyFile, IsWrappedOnWindows) {
  const auto key = crypto::TlsKey::generate().value();
  ASSERT_TRUE(key.save(path));
  auto stored = crypto::read_secret_file(path).value();
  EXPECT_THAT(stored, HasSubstr("wrapped by DPAPI"));
  EXPECT_EQ(stored.find("PRIVATE KEY"), std::string::npos);
  stored.back() = static_cast<char>(stored.back() ^ 1);
  ASSERT_TRUE(crypto::write_secret_file(path, stored));
  const auto damaged = crypto::read_key_file(path);
  ASSERT_FALSE(damaged);
  EXPECT_THAT(damaged.error().message, HasSubstr("enrol this workstation again"));
}
#else
TEST_F(KeyFile, OneThatOthersMayReadIsRefused) {
  const auto key = crypto::TlsKey::generate().value();
  for (const auto more : {fs::perms::group_read, fs::perms::others_read, fs::perms::group_write}) {
    ASSERT_TRUE(key.save(path));
    fs::permissions(path, more, fs::perm_options::add);
    const auto refused = crypto::TlsKey::load(path);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::permission_denied);
    EXPECT_THAT(refused.error().message, HasSubstr("chmod 600 " + path.string()));
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_TRUE(crypto::TlsKey::load(path)) << "mended as the message says";
  }
}
#endif

TEST_F(KeyFile, OneThatIsNotThereIsNotFound) {
  EXPECT_EQ(crypto::read_key_file(path).error().code, ErrorCode::not_found);
}

}  // namespace
