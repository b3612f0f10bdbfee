#include "collector/mail/retry.h"

#include <algorithm>

namespace collector::mail {

namespace {

using std::chrono::milliseconds;

milliseconds doubled(std::int64_t times, milliseconds first, milliseconds longest) {
  auto delay = first;
  for (std::int64_t i = 1; i < times && delay < longest; ++i) delay *= 2;
  return std::min(delay, longest);
}

// `chance` is mixed (SplitMix64's last steps), so that numbers in a row are far from each other.
milliseconds spread(milliseconds delay, std::uint64_t chance) {
  chance = (chance ^ (chance >> 30)) * 0xbf58476d1ce4e5b9U;
  chance = (chance ^ (chance >> 27)) * 0x94d049bb133111ebU;
  chance ^= chance >> 31;
  const auto quarter = static_cast<std::uint64_t>(delay.count() / 4);
  return delay + milliseconds{quarter == 0 ? 0 : static_cast<std::int64_t>(chance % quarter)};
}

}  // namespace

std::optional<timing::UtcMs> next_try(std::int64_t attempts, timing::UtcMs now, std::uint64_t chance) {
  if (attempts >= kAttemptsMax) return std::nullopt;
  return now + spread(doubled(attempts, kFirstDelay, kLongestDelay), chance);
}

timing::UtcMs pause_until(std::int64_t failures, timing::UtcMs now, std::uint64_t chance) {
  return now + spread(doubled(failures, kFirstPause, kLongestPause), chance);
}

}  // namespace collector::mail
