// One agent to a data folder: two would seal two histories under one name.

#pragma once

#include <cstdint>
#include <filesystem>
#include <utility>

#include "common/base/result.h"

namespace agent::commands {

// Holds `agent.lock` for as long as it lives; the system lets go of it when the process ends, however it
// ends.
class Single {
 public:
  // conflict if another agent runs with this folder.
  [[nodiscard]] static base::Result<Single> take(const std::filesystem::path& directory);
  Single(Single&& other) noexcept : handle_{std::exchange(other.handle_, -1)} {}
  Single& operator=(Single&&) = delete;
  ~Single();

 private:
  explicit Single(std::intptr_t handle) : handle_{handle} {}
  std::intptr_t handle_;
};

// Whether an agent holds the lock now. permission_denied if the lock may not be looked at. On most systems
// this can be told by trying only: an agent that starts in the same instant may find the folder taken.
[[nodiscard]] base::Result<bool> is_taken(const std::filesystem::path& directory);

}  // namespace agent::commands
