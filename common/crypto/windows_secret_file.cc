#include <windows.h>
// sddl.h needs windows.h before it.
#include <sddl.h>

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "common/crypto/secret_file.h"

namespace crypto {

namespace {

struct LocalFreeing {
  void operator()(void* memory) const { LocalFree(memory); }
};
template <class T>
using LocalMemory = std::unique_ptr<T, LocalFreeing>;

class Handle {
 public:
  explicit Handle(HANDLE handle) : handle_{handle} {}
  ~Handle() { close(); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  [[nodiscard]] bool open() const { return handle_ != INVALID_HANDLE_VALUE && handle_ != nullptr; }
  [[nodiscard]] HANDLE get() const { return handle_; }
  void close() {
    if (open()) CloseHandle(handle_);
    handle_ = INVALID_HANDLE_VALUE;
  }

 private:
  HANDLE handle_;
};

std::unexpected<base::Error> fail_with(DWORD error, std::string attempted,
                                       const std::filesystem::path& path) {
  const auto code = error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND
                        ? base::ErrorCode::not_found
                    : error == ERROR_ACCESS_DENIED ? base::ErrorCode::permission_denied
                                                   : base::ErrorCode::unavailable;
  return base::fail(code,
                    std::move(attempted) + ' ' + path.string() + ": Windows error " + std::to_string(error));
}

// The account this process runs as, "S-1-5-...". Empty with GetLastError set.
std::wstring own_sid() {
  HANDLE opened = nullptr;
  if (OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &opened) == 0) return {};
  const Handle token{opened};
  DWORD needed = 0;
  GetTokenInformation(token.get(), TokenUser, nullptr, 0, &needed);
  std::vector<std::byte> buffer(needed);
  if (GetTokenInformation(token.get(), TokenUser, buffer.data(), needed, &needed) == 0) return {};
  wchar_t* text = nullptr;
  // A vector's memory is aligned for any of the system's structures.
  if (ConvertSidToStringSidW(reinterpret_cast<TOKEN_USER*>(buffer.data())->User.Sid, &text) == 0) return {};
  const LocalMemory<wchar_t> owned{text};
  return owned.get();
}

// Protected: nothing is inherited from the folder above, which lets every user read below ProgramData.
// SY is the system, BA the administrators; both could take the file anyway, and an administrator asks for
// `status`.
LocalMemory<void> owner_only(bool folder) {
  const std::wstring sid = own_sid();
  if (sid.empty()) return nullptr;
  const std::wstring rights = folder ? L"OICI;FA;;;" : L";FA;;;";
  const std::wstring list =
      L"O:" + sid + L"D:P(A;" + rights + L"SY)(A;" + rights + L"BA)(A;" + rights + sid + L")";
  void* descriptor = nullptr;
  if (ConvertStringSecurityDescriptorToSecurityDescriptorW(list.c_str(), SDDL_REVISION_1, &descriptor,
                                                           nullptr) == 0) {
    return nullptr;
  }
  return LocalMemory<void>{descriptor};
}

bool write_all(HANDLE file, std::string_view bytes) {
  while (!bytes.empty()) {
    DWORD written = 0;
    if (WriteFile(file, bytes.data(), static_cast<DWORD>(bytes.size()), &written, nullptr) == 0) return false;
    bytes.remove_prefix(written);
  }
  return true;
}

base::Status write_durably(const std::filesystem::path& path, std::string_view contents) {
  const auto access = owner_only(false);
  if (!access) return fail_with(GetLastError(), "making the access list of", path);
  SECURITY_ATTRIBUTES attributes{
      .nLength = sizeof attributes, .lpSecurityDescriptor = access.get(), .bInheritHandle = FALSE};
  // CREATE_NEW after a removal: the access list of a file left over from a crash would otherwise win over
  // ours.
  DeleteFileW(path.c_str());
  const Handle file{
      CreateFileW(path.c_str(), GENERIC_WRITE, 0, &attributes, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr)};
  if (!file.open()) return fail_with(GetLastError(), "creating", path);
  if (!write_all(file.get(), contents)) return fail_with(GetLastError(), "writing", path);
  if (FlushFileBuffers(file.get()) == 0) return fail_with(GetLastError(), "writing", path);
  return {};
}

}  // namespace

base::Status write_secret_file(const std::filesystem::path& path, std::string_view contents) {
  auto temporary = path;
  temporary += L".new";
  if (auto written = write_durably(temporary, contents); !written) {
    DeleteFileW(temporary.c_str());
    return written;
  }
  // Write-through returns once the new name is on the disk.
  if (MoveFileExW(temporary.c_str(), path.c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH) == 0) {
    const auto failed = fail_with(GetLastError(), "replacing", path);
    DeleteFileW(temporary.c_str());
    return failed;
  }
  return {};
}

base::Result<std::string> read_secret_file(const std::filesystem::path& path) {
  // Shared for deletion too, or a concurrent replacement would fail.
  const Handle file{CreateFileW(path.c_str(), GENERIC_READ,
                                FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr)};
  if (!file.open()) return fail_with(GetLastError(), "opening", path);
  std::string contents;
  std::array<char, 4096> part{};
  for (;;) {
    DWORD got = 0;
    if (ReadFile(file.get(), part.data(), static_cast<DWORD>(part.size()), &got, nullptr) == 0) {
      return fail_with(GetLastError(), "reading", path);
    }
    if (got == 0) return contents;
    contents.append(part.data(), got);
    if (contents.size() > kSecretFileBytesMax) {
      return base::fail(base::ErrorCode::corrupt, path.string() + " is too large for a key or certificate");
    }
  }
}

base::Status keep_folder_private(const std::filesystem::path& folder) {
  const auto access = owner_only(true);
  if (!access) return fail_with(GetLastError(), "making the access list of", folder);
  // The owner too: whoever made the folder before us could otherwise change the list back.
  constexpr SECURITY_INFORMATION what =
      OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION;
  if (SetFileSecurityW(folder.c_str(), what, access.get()) == 0) {
    return fail_with(GetLastError(), "restricting access to", folder);
  }
  return {};
}

}  // namespace crypto
