#include <windows.h>
// dpapi.h needs windows.h before it.
#include <dpapi.h>

#include <memory>

#include "common/crypto/key_file.h"
#include "common/crypto/secret_file.h"

namespace crypto {

namespace {

// Before the wrapped bytes; no PEM text begins like this.
constexpr std::string_view kWrapped = "deskledger key, wrapped by DPAPI for this machine\r\n";

// Any other program's wrapped bytes are refused.
constexpr std::string_view kPurpose = "deskledger private key";

DATA_BLOB blob_of(std::string_view bytes) {
  // The functions take a pointer to mutable bytes and do not change them.
  return {.cbData = static_cast<DWORD>(bytes.size()),
          .pbData = const_cast<BYTE*>(reinterpret_cast<const BYTE*>(bytes.data()))};
}

std::string take(DATA_BLOB& blob) {
  std::string bytes(reinterpret_cast<const char*>(blob.pbData), blob.cbData);
  SecureZeroMemory(blob.pbData, blob.cbData);
  LocalFree(blob.pbData);
  return bytes;
}

}  // namespace

base::Status write_key_file(const std::filesystem::path& path, std::string_view pem) {
  DATA_BLOB plain = blob_of(pem), purpose = blob_of(kPurpose), wrapped{};
  if (CryptProtectData(&plain, nullptr, &purpose, nullptr, nullptr,
                       CRYPTPROTECT_LOCAL_MACHINE | CRYPTPROTECT_UI_FORBIDDEN, &wrapped) == 0) {
    return base::fail(base::ErrorCode::unavailable, "wrapping the key for " + path.string() +
                                                        ": Windows error " + std::to_string(GetLastError()));
  }
  return write_secret_file(path, std::string{kWrapped} + take(wrapped));
}

base::Result<std::string> read_key_file(const std::filesystem::path& path) {
  auto stored = read_secret_file(path);
  if (!stored || !stored->starts_with(kWrapped)) return stored;
  DATA_BLOB wrapped = blob_of(std::string_view{*stored}.substr(kWrapped.size()));
  DATA_BLOB purpose = blob_of(kPurpose), plain{};
  if (CryptUnprotectData(&wrapped, nullptr, &purpose, nullptr, nullptr, CRYPTPROTECT_UI_FORBIDDEN, &plain) ==
      0) {
    return base::fail(base::ErrorCode::permission_denied,
                      path.string() + " was wrapped by another machine, or is damaged (Windows error " +
                          std::to_string(GetLastError()) + "): enrol this workstation again");
  }
  return take(plain);
}

}  // namespace crypto
