#include "agent/outbox/quarantine.h"

#include <fstream>
#include <iterator>
#include <system_error>

namespace agent::outbox {

using base::ErrorCode;
using base::fail;

namespace {

constexpr const char* kMark = ".damaged";

std::filesystem::path beside(const std::filesystem::path& path, const std::string& suffix) {
  auto other = path;
  other += suffix;
  return other;
}

}  // namespace

void mark_damaged(const std::filesystem::path& path, const std::string& reason) {
  std::error_code error;
  // Not for a database that lives elsewhere, in a test's memory.
  if (!std::filesystem::exists(path, error)) return;
  std::ofstream{beside(path, kMark), std::ios::binary} << reason;
}

base::Status expect_unmarked(const std::filesystem::path& path) {
  const auto mark = beside(path, kMark);
  std::error_code error;
  if (!std::filesystem::exists(mark, error)) return {};
  if (!std::filesystem::exists(path, error)) {
    // quarantine() was killed when all but the mark was moved.
    std::filesystem::remove(mark, error);
    return {};
  }
  std::ifstream in{mark, std::ios::binary};
  const std::string reason{std::istreambuf_iterator<char>{in}, {}};
  return fail(ErrorCode::corrupt, "the outbox " + path.string() + " was found damaged: " + reason);
}

base::Result<std::filesystem::path> quarantine(const std::filesystem::path& path, timing::UtcMs now) {
  const std::string suffix = ".damaged-" + std::to_string(timing::to_ms(now));
  // The mark goes last: killed before, it is found again.
  for (const std::string part : {"-wal", "-shm", "", kMark}) {
    const auto from = beside(path, part);
    std::error_code error;
    if (!std::filesystem::exists(from, error)) continue;
    std::filesystem::rename(from, beside(path, suffix + (part == kMark ? ".reason" : part)), error);
    if (error)
      return fail(ErrorCode::internal, "cannot move " + from.string() + " aside: " + error.message());
  }
  return beside(path, suffix);
}

}  // namespace agent::outbox
