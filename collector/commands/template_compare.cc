// The comparing command of templates.h.

#include <boost/json.hpp>
#include <ostream>

#include "collector/commands/difference_text.h"
#include "collector/commands/named_rule.h"
#include "collector/commands/templates.h"
#include "collector/commands/workspace.h"
#include "collector/rating/duration_text.h"
#include "collector/rating/money.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

using base::TextTable;

// The table of docs/rating.md.
constexpr std::array<std::int64_t, 12> kUsual_s{30,    31,    600,   659,   660,   661,
                                                1'199, 1'200, 1'201, 1'260, 1'800, 3'600};

struct Row {
  std::int64_t seconds = 0;
  rating::Rated first, second;
};

base::Result<std::vector<Row>> compare(const TemplateCompareOptions& options, const rating::Rule& first,
                                       const rating::Rule& second) {
  const auto at = RateAt::make(options.circumstances, options.config);
  if (!at) return std::unexpected{at.error()};
  auto durations = options.seconds;
  if (durations.empty()) durations.assign(kUsual_s.begin(), kUsual_s.end());
  std::vector<Row> rows;
  for (const auto seconds : durations) {
    const auto one = at->price(first, seconds), other = at->price(second, seconds);
    if (!one) return std::unexpected{one.error()};
    if (!other) return std::unexpected{other.error()};
    rows.push_back({.seconds = seconds, .first = one->rated, .second = other->rated});
  }
  return rows;
}

void print_json(const TemplateCompareOptions& options, const std::vector<Row>& rows, std::ostream& out) {
  const auto side = [](const rating::Rated& rated) {
    return json::object{{"minutes", rated.minutes}, {"amount", rated.amount}};
  };
  json::array list;
  for (const auto& row : rows) {
    list.push_back(
        json::object{{"seconds", row.seconds}, {"first", side(row.first)}, {"second", side(row.second)}});
  }
  out << json::serialize(json::object{
             {"first", options.first}, {"second", options.second}, {"durations", std::move(list)}})
      << '\n';
}

void print_table(const TemplateCompareOptions& options, bool money, const std::vector<Row>& rows,
                 std::ostream& out) {
  constexpr auto kRight = TextTable::Align::right;
  std::vector<TextTable::Column> columns{{.heading = "LASTS", .align = kRight},
                                         {.heading = options.first + " MIN", .align = kRight},
                                         {.heading = options.second + " MIN", .align = kRight},
                                         {.heading = "MORE", .align = kRight}};
  if (money) {
    columns.push_back({.heading = options.first + " COSTS", .align = kRight});
    columns.push_back({.heading = options.second + " COSTS", .align = kRight});
  }
  TextTable table{std::move(columns)};
  for (const auto& row : rows) {
    std::vector<std::string> cells{rating::duration_text(row.seconds), std::to_string(row.first.minutes),
                                   std::to_string(row.second.minutes),
                                   with_sign(row.second.minutes - row.first.minutes)};
    if (money) {
      cells.push_back(rating::money_text(row.first.amount));
      cells.push_back(rating::money_text(row.second.amount));
    }
    table.add(cells);
  }
  out << table.text();
}

bool knows_money(const rating::Rule& rule) {
  return rule.rate_per_hour > 0 || rule.base_fee > 0;
}

}  // namespace

int run_template_compare(const TemplateCompareOptions& options, std::ostream& out, std::ostream& err) {
  const auto first = named_template(options.config, options.first);
  if (!first) return report(err, first.error());
  const auto second = named_template(options.config, options.second);
  if (!second) return report(err, second.error());
  const auto rows = compare(options, first->rule, second->rule);
  if (!rows) return report(err, rows.error());
  if (options.json) {
    print_json(options, *rows, out);
  } else {
    print_table(options, knows_money(first->rule) || knows_money(second->rule), *rows, out);
  }
  return 0;
}

}  // namespace collector::commands
