// The name of one agent: 16 random bytes, given by the collector at enrolment, for ever.

#pragma once

#include <array>
#include <compare>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace record {

struct AgentId {
  static constexpr std::size_t kSize = 16;

  std::array<char, kSize> value{};

  auto operator<=>(const AgentId&) const = default;

  std::string_view bytes() const { return {value.data(), value.size()}; }
  // 32 lower-case digits: the common name of the agent's certificate.
  std::string hex() const;

  [[nodiscard]] static base::Result<AgentId> random();
  // invalid_argument unless `bytes` are exactly 16.
  [[nodiscard]] static base::Result<AgentId> from_bytes(std::string_view bytes);
  // invalid_argument unless `hex` is exactly 32 hexadecimal digits.
  [[nodiscard]] static base::Result<AgentId> from_hex(std::string_view hex);
};

}  // namespace record
