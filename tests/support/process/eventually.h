// Waiting for what another process does: a state is looked at until it is there, never a time waited out.

#pragma once

#include <chrono>
#include <thread>

namespace support {

// Generous: on a loaded machine and under a sanitizer everything still arrives long before.
inline constexpr std::chrono::seconds kPatience{90};

// True as soon as `condition` holds; false if it does not within `limit`.
template <class Condition>
bool eventually(Condition condition, std::chrono::milliseconds limit = kPatience) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  return true;
}

}  // namespace support
