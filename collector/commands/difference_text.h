// How a difference is written for people.

#pragma once

#include <cstdint>
#include <string>

namespace collector::commands {

// "+5", "-5", "0".
inline std::string with_sign(std::int64_t number) {
  return (number > 0 ? "+" : "") + std::to_string(number);
}

}  // namespace collector::commands
