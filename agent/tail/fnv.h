// FNV-1a, 64 bits: against what is torn or mixed up, not against an attacker.

#pragma once

#include <cstdint>
#include <string_view>

namespace agent::tail {

// The same on every system and in every release: it is stored.
constexpr std::uint64_t fnv1a(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

}  // namespace agent::tail
