// One folder whose changes Windows reports.

#pragma once

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace agent::tail {

// What the folder is watched for.
enum class Interest {
  names,   // What comes, leaves and changes its permissions; quiet in a user's home.
  writes,  // Also writes to its files.
};

struct FolderChange {
  DWORD action = 0;  // FILE_ACTION_...
  std::string name;  // UTF-8; of an entry in the folder.
};

// The folder can be renamed and deleted while it is watched; its name is free again when this object is gone.
// The thread that arms it must outlive it: Windows cancels what a thread has asked for when it ends.
class WindowsFolder {
 public:
  // `event` is set at each change, and reset by each arming. Nothing if the folder is missing, no folder or
  // closed to us.
  static std::unique_ptr<WindowsFolder> open(const std::string& path, Interest interest, HANDLE event);
  ~WindowsFolder();
  WindowsFolder(const WindowsFolder&) = delete;
  WindowsFolder& operator=(const WindowsFolder&) = delete;

  [[nodiscard]] Interest interest() const { return interest_; }
  // take() has something to tell.
  [[nodiscard]] bool ready() const;

  struct Taken {
    std::vector<FolderChange> changes = {};
    bool overflow = false;  // There were more changes than Windows could keep.
    bool gone = false;      // It will tell nothing any more: the folder was deleted.
  };
  // Only when ready(). Arms again.
  Taken take();

 private:
  WindowsFolder(HANDLE folder, Interest interest, HANDLE event);
  [[nodiscard]] bool arm();

  // Enough for some fifty names; what comes while it is full is an overflow.
  static constexpr std::size_t kBufferBytes = 8 * 1024;

  HANDLE folder_;
  Interest interest_;
  OVERLAPPED pending_{};
  alignas(DWORD) std::array<char, kBufferBytes> buffer_{};
};

}  // namespace agent::tail
