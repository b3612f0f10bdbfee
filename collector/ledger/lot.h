// A stock of minutes or money with days of its own: what a period includes, what it left over, what was
// bought for a time. The name says it all, so that a person can read it and nothing beside it has to be kept.

#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "collector/directory/nouns.h"
#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::ledger {

// The instant at which a day begins in an IANA time zone. The pure rooms have no zone database.
using StartOfDay =
    std::function<base::Result<timing::UtcMs>(std::chrono::year_month_day, const std::string&)>;

enum class Origin { bought, included, rolled };

struct Lot {
  Origin origin = Origin::bought;
  std::chrono::year_month_day first_day;  // In the contract's time zone, both included.
  std::chrono::year_month_day last_day;

  bool operator==(const Lot&) const = default;
};

// "included 2026-11-01..2026-11-30".
std::string to_string(const Lot& lot);

// The lot of that name; corrupt, quoting it, for any other text.
[[nodiscard]] base::Result<Lot> lot_from(std::string_view name);

// The first day of the contract's period number `index`, from 0 on: its own first day and so many months
// later, on the last day of a month that has no such day. Nothing if the contract knows no periods.
std::optional<std::chrono::year_month_day> period_start(const directory::Contract& contract, int index);

// "2026-11-01".
std::string day_text(std::chrono::year_month_day day);

// The day after, or before if `days` is below zero.
std::chrono::year_month_day plus_days(std::chrono::year_month_day day, int days);

}  // namespace collector::ledger
