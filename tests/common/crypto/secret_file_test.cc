#include "common/crypto/secret_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#ifdef _WIN32
#include <windows.h>
// aclapi.h and sddl.h need windows.h before them.
#include <aclapi.h>
#include <sddl.h>
#endif

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

// Where the new contents are made before they replace the old.
fs::path beside(fs::path path) {
  path += ".new";
  return path;
}

#ifdef _WIN32
// Who may do what, in the system's notation: "D:P(A;;FA;;;SY)...".
std::string access_of(const fs::path& path) {
  auto name = path.wstring();
  PSECURITY_DESCRIPTOR found = nullptr;
  if (GetNamedSecurityInfoW(name.data(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, nullptr, nullptr, nullptr,
                            nullptr, &found) != ERROR_SUCCESS) {
    return "none";
  }
  wchar_t* text = nullptr;
  ConvertSecurityDescriptorToStringSecurityDescriptorW(found, SDDL_REVISION_1, DACL_SECURITY_INFORMATION,
                                                       &text, nullptr);
  const std::string out = text == nullptr ? "none" : fs::path{text}.string();
  LocalFree(text);
  LocalFree(found);
  return out;
}

// Everyone, the users, and whoever is signed in: none may have an entry.
void expect_owner_alone(const fs::path& path, bool) {
  const auto access = access_of(path);
  EXPECT_NE(access.find(";SY)"), std::string::npos) << access;
  for (const auto* other : {";WD)", ";BU)", ";AU)"}) {
    EXPECT_EQ(access.find(other), std::string::npos) << access;
  }
}
#else
void expect_owner_alone(const fs::path& path, bool folder) {
  const auto mode = fs::perms::owner_read | fs::perms::owner_write;
  EXPECT_EQ(fs::status(path).permissions(), folder ? mode | fs::perms::owner_exec : mode);
}
#endif

TEST_F(SecretFile, ComesBackAndIsReplaced) {
  for (const std::string contents : {"first", "", "second and longer"}) {
    ASSERT_TRUE(crypto::write_secret_file(path, contents));
    EXPECT_EQ(crypto::read_secret_file(path).value(), contents);
  }
  EXPECT_EQ(files(), 1u);
}

TEST_F(SecretFile, IsReadableByItsOwnerAloneWhateverWasThere) {
  std::ofstream{path} << "old";
  std::ofstream{beside(path)} << "left over from a crash";
  fs::permissions(beside(path), fs::perms::all);
  ASSERT_TRUE(crypto::write_secret_file(path, "new"));
  expect_owner_alone(path, false);
  EXPECT_EQ(files(), 1u);
}

TEST_F(SecretFile, AFolderIsItsOwnersAlone) {
  ASSERT_TRUE(crypto::keep_folder_private(folder));
  expect_owner_alone(folder, true);
  ASSERT_TRUE(crypto::write_secret_file(path, "inside"));
  EXPECT_EQ(crypto::read_secret_file(path).value(), "inside");
  EXPECT_EQ(crypto::keep_folder_private(folder / "none").error().code, ErrorCode::not_found);
}

TEST_F(SecretFile, AFailureLeavesTheOldFile) {
  ASSERT_TRUE(crypto::write_secret_file(path, "old"));
  // A folder in the way of the temporary file, and one in the way of the file itself.
  fs::create_directory(beside(path));
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
