#include "collector/mail/retry.h"

#include <algorithm>

namespace collector::mail {

std::optional<timing::UtcMs> next_try(std::int64_t attempts, timing::UtcMs now) {
  if (attempts >= kAttemptsMax) return std::nullopt;
  auto delay = kFirstDelay;
  for (std::int64_t i = 1; i < attempts && delay < kLongestDelay; ++i) delay *= 2;
  return now + std::min(delay, kLongestDelay);
}

}  // namespace collector::mail
