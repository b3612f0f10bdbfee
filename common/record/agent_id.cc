#include "common/record/agent_id.h"

#include <algorithm>

#include "common/base/hex.h"
#include "common/crypto/random.h"

namespace record {

std::string AgentId::hex() const {
  return base::to_hex(bytes());
}

base::Result<AgentId> AgentId::random() {
  const auto bytes = crypto::random_bytes(kSize);
  if (!bytes) return std::unexpected{bytes.error()};
  return from_bytes(*bytes);
}

base::Result<AgentId> AgentId::from_bytes(std::string_view bytes) {
  if (bytes.size() != kSize) {
    return base::fail(base::ErrorCode::invalid_argument,
                      "an agent id has 16 bytes, not " + std::to_string(bytes.size()));
  }
  AgentId id;
  std::copy(bytes.begin(), bytes.end(), id.value.begin());
  return id;
}

base::Result<AgentId> AgentId::from_hex(std::string_view hex) {
  const auto bytes = base::from_hex(hex);
  if (!bytes) return base::fail("reading an agent id", bytes.error());
  return from_bytes(*bytes);
}

}  // namespace record
