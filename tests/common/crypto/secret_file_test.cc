#include "common/crypto/secret_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace {

namespace fs = std::filesystem;
using base::ErrorCode;

struct SecretFile : testing::Test {
  const fs::path folder = fs::path{testing::TempDir()} / ("deskledger_secret_" + std::to_string(::getpid()));
  const fs::path path = folder / "key.pem";

  SecretFile() { fs::create_directory(folder); }
  ~SecretFile() override { fs::remove_all(folder); }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator{folder}, fs::directory_iterator{}));
  }
};

TEST_F(SecretFile, ComesBackAndIsReplaced) {
  for (const std::string contents : {"first", "", "second and longer"}) {
    ASSERT_TRUE(crypto::write_secret_file(path, contents));
    EXPECT_EQ(crypto::read_secret_file(path).value(), contents);
  }
  EXPECT_EQ(files(), 1u);
}

TEST_F(SecretFile, IsReadableByItsOwnerAloneWhateverWasThere) {
  std::ofstream{path} << "old";
  std::ofstream{path.string() + ".new"} << "left over from a crash";
  fs::permissions(path.string() + ".new", fs::perms::all);
  ASSERT_TRUE(crypto::write_secret_file(path, "new"));
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(files(), 1u);
}

TEST_F(SecretFile, AFailureLeavesTheOldFile) {
  ASSERT_TRUE(crypto::write_secret_file(path, "old"));
  // A folder in the way of the temporary file, and one in the way of the file itself.
  fs::create_directory(path.string() + ".new");
  EXPECT_FALSE(crypto::write_secret_file(path, "new"));
  EXPECT_EQ(crypto::read_secret_file(path).value(), "old");
  fs::create_directory(folder / "taken");
  EXPECT_FALSE(crypto::write_secret_file(folder / "taken", "new"));
  EXPECT_FALSE(fs::exists(folder / "taken.new"));
  EXPECT_EQ(crypto::write_secret_file(folder / "no" / "folder", "new").error().code, ErrorCode::not_found);
}

TEST_F(SecretFile, OddFilesAreRefused) {
  EXPECT_EQ(crypto::read_secret_file(path).error().code, ErrorCode::not_found);
  std::ofstream{path} << std::string(crypto::kSecretFileBytesMax + 1, 'x');
  EXPECT_EQ(crypto::read_secret_file(path).error().code, ErrorCode::corrupt);
  EXPECT_FALSE(crypto::read_secret_file(folder));
}

}  // namespace
