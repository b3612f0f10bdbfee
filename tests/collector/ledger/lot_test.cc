#include "collector/ledger/lot.h"

#include <gtest/gtest.h>

#include "tests/collector/ledger/book.h"

namespace collector::ledger {
namespace {

using directory::Model;
using directory::Period;

TEST(Lot, ItsNameSaysAllOfIt) {
  for (const auto* name : {"bought 2026-03-01..2027-02-28", "included 2026-11-01..2026-11-30",
                           "rolled 2028-02-29..2028-02-29"}) {
    EXPECT_EQ(to_string(lot_from(name).value()), name);
  }
  for (const auto* name :
       {"", "bought", "bought 2026-03-01", "sold 2026-03-01..2027-02-28", "bought 2026-02-30..2027-02-28",
        "bought 2026-03-01..2027-13-28", "bought 2026-03-01. 2027-02-28", "bought 2026-03-01..2027-02-28 ",
        "bought 2026/03/01..2027-02-28", "bought 2026-03/01..2027-02-28", "bought x026-03-01..2027-02-28",
        "bought 2026-x3-01..2027-02-28", "bought 202x-03-01..2027-02-28", "bought 2026-03-x1..2027-02-28",
        "bought-2026-03-01..2027-02-28"}) {
    const auto lot = lot_from(name);
    ASSERT_FALSE(lot) << name;
    EXPECT_EQ(lot.error().code, base::ErrorCode::corrupt);
  }
}

TEST(Lot, PeriodsAreCountedFromTheContractsFirstDay) {
  const struct {
    const char* first;
    Period period;
    int index;
    const char* begins;
  } rows[] = {
      {"2026-01-01", Period::month, 0, "2026-01-01"},   {"2026-01-01", Period::month, 11, "2026-12-01"},
      {"2026-01-15", Period::month, 12, "2027-01-15"},  {"2026-01-31", Period::month, 1, "2026-02-28"},
      {"2026-01-31", Period::month, 2, "2026-03-31"},   {"2027-12-31", Period::month, 2, "2028-02-29"},
      {"2026-11-30", Period::quarter, 1, "2027-02-28"}, {"2028-02-29", Period::year, 1, "2029-02-28"},
      {"2028-02-29", Period::year, 4, "2032-02-29"},
  };
  for (const auto& row : rows) {
    auto one = contract(1, Model::flat_fee, row.first);
    one.terms.period = row.period;
    EXPECT_EQ(day_text(period_start(one, row.index).value()), row.begins) << row.first << " " << row.index;
  }
  EXPECT_FALSE(period_start(contract(1, Model::flat_fee, "2026-01-01"), 0));
}

}  // namespace
}  // namespace collector::ledger
