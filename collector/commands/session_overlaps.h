// Which sessions share time with another of the same technician, looked up around each session that is shown
// instead of among all there are.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "collector/store/overview.h"
#include "collector/store/session_page.h"
#include "common/base/result.h"

namespace collector::commands {

// For one read: `tx` outlives it. Days that were looked up are kept, kDaysMax at most, so that a list in
// order of time reads each day once.
class SessionOverlaps {
 public:
  explicit SessionOverlaps(store::Transaction& tx) : tx_{tx} {}

  // False for attempts, withdrawn sessions, and those without a technician, a start or an end.
  [[nodiscard]] base::Result<bool> overlaps(const store::OverviewRow& row);

  static constexpr std::size_t kDaysMax = 64;

 private:
  using Served = std::vector<store::ServedRow>;

  [[nodiscard]] base::Result<const Served*> day(std::int64_t number);
  [[nodiscard]] base::Result<const Served*> odd();

  store::Transaction& tx_;
  std::map<std::int64_t, Served> days_;  // By the days since 1970, in UTC, on which sessions began.
  std::optional<Served> odd_;            // Those that no day finds.
};

}  // namespace collector::commands
