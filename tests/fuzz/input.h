// The fuzzer's bytes as text, taken from the front; and a check that holds in every build.

#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace fuzz {

inline void require(bool holds) {
  if (!holds) std::abort();
}

class Input {
 public:
  // The fuzzer's bytes are text here; no cast but this one turns them into it.
  Input(const std::uint8_t* data, std::size_t size) : rest_{reinterpret_cast<const char*>(data), size} {}

  bool empty() const { return rest_.empty(); }
  // What is left; 0 bytes are taken where there are none.
  std::string_view rest() const { return rest_; }
  std::string_view take(std::size_t bytes) {
    const auto part = rest_.substr(0, bytes);
    rest_.remove_prefix(part.size());
    return part;
  }
  std::uint32_t number(std::size_t bytes) {
    std::uint32_t value = 0;
    for (const char c : take(bytes)) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }

 private:
  std::string_view rest_;
};

}  // namespace fuzz
