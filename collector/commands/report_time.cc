#include "collector/commands/report_time.h"

#include <boost/json.hpp>
#include <map>
#include <ostream>

#include "collector/attribution/overlap.h"
#include "collector/commands/moment.h"
#include "collector/commands/session_rows.h"
#include "collector/commands/session_state.h"
#include "collector/commands/workspace.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

struct Sums {
  std::string name = "nobody";
  std::int64_t sessions = 0;
  std::int64_t charged_min = 0;
  std::int64_t no_charge_s = 0;
  std::int64_t review_s = 0;
  attribution::Spent spent = {};
  std::vector<attribution::Interval> intervals = {};
};

void add(Sums& sums, const store::OverviewRow& row) {
  ++sums.sessions;
  const auto state = state_of(row);
  // What is held is charged when it is let go.
  if (state != "held") sums.charged_min += row.minutes.value_or(0);
  const auto seconds = seconds_of(row);
  if (!seconds) return;
  if (state == "no_charge") sums.no_charge_s += *seconds;
  if (waits_for_a_person(state)) sums.review_s += *seconds;
  sums.intervals.push_back({.id = row.session.id, .begin = *started_of(row), .end = *ended_of(row)});
}

// By technician's number; 0 for sessions that are nobody's.
base::Result<std::map<std::int64_t, Sums>> sums_of(store::Transaction& tx, const RowFilter& filter) {
  std::map<std::int64_t, Sums> all;
  const auto done = each_row(tx, filter, [&](store::OverviewRow&& row) -> base::Result<bool> {
    auto& sums = all[row.technician_number.value_or(0)];
    if (row.technician_name) sums.name = *row.technician_name;
    add(sums, row);
    return true;
  });
  if (!done) return std::unexpected{done.error()};
  for (auto& [number, sums] : all) sums.spent = attribution::time_spent(sums.intervals);
  return all;
}

Sums total_of(const std::map<std::int64_t, Sums>& all) {
  Sums total;
  total.name = "all";
  for (const auto& [number, sums] : all) {
    total.sessions += sums.sessions;
    total.spent.customers_s += sums.spent.customers_s;
    total.spent.technician_s += sums.spent.technician_s;
    total.charged_min += sums.charged_min;
    total.no_charge_s += sums.no_charge_s;
    total.review_s += sums.review_s;
  }
  return total;
}

json::object to_json(const Sums& sums) {
  return {{"technician", sums.name},
          {"sessions", sums.sessions},
          {"customers_s", sums.spent.customers_s},
          {"technician_s", sums.spent.technician_s},
          {"charged_min", sums.charged_min},
          {"no_charge_s", sums.no_charge_s},
          {"review_s", sums.review_s}};
}

void print(std::ostream& out, const std::map<std::int64_t, Sums>& all) {
  using base::TextTable;
  const auto right = TextTable::Align::right;
  TextTable table{{{.heading = "TECHNICIAN"},
                   {.heading = "SESSIONS", .align = right},
                   {.heading = "CUSTOMERS' TIME", .align = right},
                   {.heading = "TECHNICIAN'S TIME", .align = right},
                   {.heading = "CHARGED MIN", .align = right},
                   {.heading = "NO CHARGE", .align = right},
                   {.heading = "UNDER REVIEW", .align = right}}};
  const auto line = [&](const Sums& sums) {
    table.add({sums.name, std::to_string(sums.sessions), clock_text(sums.spent.customers_s),
               clock_text(sums.spent.technician_s), std::to_string(sums.charged_min),
               clock_text(sums.no_charge_s), clock_text(sums.review_s)});
  };
  for (const auto& [number, sums] : all) line(sums);
  line(total_of(all));
  out << table.text();
}

}  // namespace

int run_report_time(const ReportTimeOptions& options, std::ostream& out, std::ostream& err) {
  RowFilter filter{.technician = options.technician};
  if (auto done = set_moment(filter.from, options.from, "from"); !done) return report(err, done.error());
  if (auto done = set_moment(filter.to, options.to, "to"); !done) return report(err, done.error());
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  std::map<std::int64_t, Sums> all;
  const auto read = workspace->database.read([&](store::Transaction& tx) -> base::Status {
    auto sums = sums_of(tx, filter);
    if (!sums) return std::unexpected{sums.error()};
    all = std::move(*sums);
    return {};
  });
  if (!read) return report(err, read.error());
  if (!options.json) {
    print(out, all);
    return 0;
  }
  json::array technicians;
  for (const auto& [number, sums] : all) {
    auto one = to_json(sums);
    one["number"] = number == 0 ? json::value(nullptr) : json::value(number);
    technicians.push_back(std::move(one));
  }
  out << json::serialize(
             json::object{{"technicians", std::move(technicians)}, {"total", to_json(total_of(all))}})
      << '\n';
  return 0;
}

}  // namespace collector::commands
