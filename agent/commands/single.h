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

}  // namespace agent::commands
