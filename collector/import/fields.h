// The cells of one row, read as what they should be. What is wrong is noted
// with the row's line and the column's name, and reading goes on, so that a
// person sees every problem of a file at once.

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/import/csv.h"
#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::import {

struct Problem {
  std::string file;
  int line = 0;  // 0: the file as a whole.
  std::string what;
};

class Fields {
 public:
  // `header` and `row` of equal length. Cells that the store would refuse (text.h) are problems already.
  Fields(const std::vector<std::string>& header, const CsvRow& row);

  bool has(std::string_view column) const;             // Whether the file has that column.
  std::string text(std::string_view column);           // Must not be empty.
  std::string optional_text(std::string_view column);  // Blanks around it are cut.
  // Empty is `fallback`, or a problem where there is none.
  std::int64_t integer(std::string_view column, std::int64_t min, std::int64_t max,
                       std::optional<std::int64_t> fallback = std::nullopt);
  std::optional<std::int64_t> optional_integer(std::string_view column, std::int64_t min, std::int64_t max);
  bool flag(std::string_view column, bool fallback);  // yes, no; empty is `fallback`.
  std::string choice(std::string_view column, const std::vector<std::string>& allowed);
  std::string email(std::string_view column);     // May be empty.
  std::string language(std::string_view column);  // A language's code in lower case; may be empty.
  std::chrono::year_month_day day(std::string_view column);
  std::optional<std::chrono::year_month_day> optional_day(std::string_view column);
  // A day (its beginning in UTC) or a time with a zone.
  std::optional<timing::UtcMs> optional_moment(std::string_view column);
  timing::UtcMs moment(std::string_view column);
  // An AnyDesk ID (digits, blanks between them are cut) or an alias name@namespace, in lower case because
  // AnyDesk does not tell cases apart; may be empty.
  std::string anydesk_address(std::string_view column);
  std::vector<std::string> domains(std::string_view column);  // Mail domains; may be empty.

  // The cells as they stand in the file: a JSON object of texts, by column.
  std::string json() const;

  // Anything else that is wrong with the row.
  void complain(std::string_view column, std::string what);
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  std::string cell(std::string_view column) const;
  // The value, or nothing and a problem.
  template <class Value>
  std::optional<Value> taken(std::string_view column, const base::Result<Value>& value);

  std::map<std::string, std::string, std::less<>> cells_;
  std::vector<std::string> problems_;
};

}  // namespace collector::import
