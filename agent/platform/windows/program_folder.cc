#include "agent/platform/windows/program_folder.h"

// windows.h comes before what needs it.
#include "agent/platform/windows/service_name.h"

#include <aclapi.h>
#include <sddl.h>

#include <memory>
#include <vector>

namespace agent::platform {

namespace {

struct LocalFreeing {
  void operator()(void* memory) const { LocalFree(memory); }
};
using Descriptor = std::unique_ptr<void, LocalFreeing>;

// Protected: nothing comes down from ProgramData, where every user may read and make folders. SY is the
// system, BA the administrators.
Descriptor system_and_administrators() {
  void* descriptor = nullptr;
  ConvertStringSecurityDescriptorToSecurityDescriptorW(L"D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)",
                                                       SDDL_REVISION_1, &descriptor, nullptr);
  return Descriptor{descriptor};
}

bool is_own(PSID owner) {
  HANDLE token = nullptr;
  if (OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token) == 0) return false;
  DWORD needed = 0;
  GetTokenInformation(token, TokenUser, nullptr, 0, &needed);
  std::vector<std::byte> buffer(needed);
  const bool got = GetTokenInformation(token, TokenUser, buffer.data(), needed, &needed) != 0;
  CloseHandle(token);
  return got && EqualSid(reinterpret_cast<TOKEN_USER*>(buffer.data())->User.Sid, owner) != 0;
}

// Who may change a folder's access list whatever it says.
base::Result<bool> belongs_to_us(const std::filesystem::path& folder) {
  PSID owner = nullptr;
  void* descriptor = nullptr;
  std::wstring name = folder.wstring();
  const DWORD error = GetNamedSecurityInfoW(name.data(), SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, &owner,
                                            nullptr, nullptr, nullptr, &descriptor);
  if (error != ERROR_SUCCESS) return windows_failure(error, "asking whose folder " + folder.string() + " is");
  const Descriptor freed{descriptor};
  return IsWellKnownSid(owner, WinLocalSystemSid) != 0 ||
         IsWellKnownSid(owner, WinBuiltinAdministratorsSid) != 0 || is_own(owner);
}

}  // namespace

base::Status make_program_folder(const std::filesystem::path& folder) {
  const auto access = system_and_administrators();
  if (!access) return windows_failure(GetLastError(), "making an access list");
  SECURITY_ATTRIBUTES attributes{
      .nLength = sizeof attributes, .lpSecurityDescriptor = access.get(), .bInheritHandle = FALSE};
  if (CreateDirectoryW(folder.c_str(), &attributes) != 0) return {};
  if (GetLastError() != ERROR_ALREADY_EXISTS) {
    return windows_failure(GetLastError(), "making the folder " + folder.string());
  }
  const auto ours = belongs_to_us(folder);
  if (!ours) return std::unexpected{ours.error()};
  if (!*ours) {
    return base::fail(base::ErrorCode::conflict,
                      folder.string() +
                          " belongs to another user, who may have left a configuration in it: look "
                          "what it holds, remove it, and install again");
  }
  if (SetFileSecurityW(folder.c_str(), DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION,
                       access.get()) == 0) {
    return windows_failure(GetLastError(), "restricting access to " + folder.string());
  }
  return {};
}

}  // namespace agent::platform
