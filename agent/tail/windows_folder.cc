#include "agent/tail/windows_folder.h"

#include <cstddef>
#include <cstring>
#include <filesystem>

#include "common/base/path.h"

namespace agent::tail {

std::unique_ptr<WindowsFolder> WindowsFolder::open(const std::string& path, Interest interest, HANDLE event) {
  // Shared for everything, or AnyDesk and its users could not delete or rename their own folder.
  const HANDLE handle =
      ::CreateFileW(base::extended(base::path_of(path)).wstring().c_str(), FILE_LIST_DIRECTORY,
                    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                    FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OVERLAPPED, nullptr);
  if (handle == INVALID_HANDLE_VALUE) return nullptr;
  std::unique_ptr<WindowsFolder> folder{new WindowsFolder{handle, interest, event}};
  // Fails if it is no folder, or if its file system cannot tell of changes.
  if (!folder->arm()) return nullptr;
  return folder;
}

WindowsFolder::WindowsFolder(HANDLE folder, Interest interest, HANDLE event)
    : folder_{folder}, interest_{interest} {
  pending_.hEvent = event;
}

WindowsFolder::~WindowsFolder() {
  if (!ready()) ::CancelIoEx(folder_, &pending_);
  // The system may write into the buffer until the call is over. The wait can end early, as the event is
  // shared with other folders.
  DWORD bytes = 0;
  while (!ready()) ::GetOverlappedResult(folder_, &pending_, &bytes, TRUE);
  ::CloseHandle(folder_);
}

bool WindowsFolder::arm() {
  DWORD filter = FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_DIR_NAME | FILE_NOTIFY_CHANGE_SECURITY;
  if (interest_ == Interest::writes) filter |= FILE_NOTIFY_CHANGE_SIZE | FILE_NOTIFY_CHANGE_LAST_WRITE;
  const BOOL armed = ::ReadDirectoryChangesW(folder_, buffer_.data(), static_cast<DWORD>(buffer_.size()),
                                             FALSE, filter, nullptr, &pending_, nullptr);
  if (armed == 0) pending_.Internal = 0;  // It may say "pending" though nothing is.
  return armed != 0;
}

bool WindowsFolder::ready() const {
  return HasOverlappedIoCompleted(&pending_);
}

WindowsFolder::Taken WindowsFolder::take() {
  Taken taken;
  DWORD bytes = 0;
  if (::GetOverlappedResult(folder_, &pending_, &bytes, FALSE) == 0) {
    if (::GetLastError() != ERROR_NOTIFY_ENUM_DIR) {
      taken.gone = true;
      return taken;
    }
    bytes = 0;
  }
  taken.overflow = bytes == 0;
  constexpr std::size_t kHead = offsetof(FILE_NOTIFY_INFORMATION, FileName);
  std::size_t at = 0;
  while (at + kHead <= bytes) {
    FILE_NOTIFY_INFORMATION info{};
    std::memcpy(&info, buffer_.data() + at, kHead);
    if (info.FileNameLength > bytes - at - kHead) break;
    std::wstring name(info.FileNameLength / sizeof(wchar_t), L'\0');
    std::memcpy(name.data(), buffer_.data() + at + kHead, name.size() * sizeof(wchar_t));
    taken.changes.push_back({info.Action, std::filesystem::path{name}.string()});
    if (info.NextEntryOffset == 0) break;
    at += info.NextEntryOffset;
  }
  taken.gone = !arm();
  return taken;
}

}  // namespace agent::tail
