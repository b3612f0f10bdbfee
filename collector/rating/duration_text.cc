#include "collector/rating/duration_text.h"

namespace collector::rating {

namespace {

std::string two_digits(std::uint64_t n) {
  return (n < 10 ? "0" : "") + std::to_string(n);
}

}  // namespace

std::string duration_text(std::int64_t seconds) {
  // The magnitude is taken unsigned, because the smallest integer has no positive twin.
  const auto bits = static_cast<std::uint64_t>(seconds);
  const std::uint64_t s = seconds < 0 ? 0 - bits : bits;
  std::string text = seconds < 0 ? "-" : "";
  if (s >= 3600) {
    text += std::to_string(s / 3600) + ":" + two_digits(s / 60 % 60);
  } else {
    text += std::to_string(s / 60);
  }
  return text + ":" + two_digits(s % 60);
}

std::string duration_ms_text(std::int64_t ms) {
  const auto bits = static_cast<std::uint64_t>(ms);
  const std::uint64_t m = ms < 0 ? 0 - bits : bits;
  const auto thousandths = std::to_string(1'000 + m % 1'000).substr(1);
  return (ms < 0 ? "-" : "") + duration_text(static_cast<std::int64_t>(m / 1'000)) + "." + thousandths;
}

}  // namespace collector::rating
