// The right to put an enrolment in place: one program at a time moves the files of a data folder.
//
// Not `agent.lock`, which a running agent holds all the time: this one is held while a few files are moved.

#pragma once

#include <cstdint>
#include <filesystem>
#include <utility>

#include "common/base/result.h"

namespace agent::identity {

// Holds `identity.lock` for as long as it lives; the system lets go of it when the process ends, however it
// ends.
class FolderLock {
 public:
  // Waits for whoever holds it. permission_denied if the file cannot be opened, unavailable if it cannot be
  // locked.
  [[nodiscard]] static base::Result<FolderLock> take(const std::filesystem::path& directory);
  FolderLock(FolderLock&& other) noexcept : handle_{std::exchange(other.handle_, -1)} {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(std::intptr_t handle) : handle_{handle} {}
  std::intptr_t handle_;
};

}  // namespace agent::identity
