#include "collector/commands/calendars.h"

#include <algorithm>
#include <boost/json.hpp>
#include <ostream>

#include "collector/actions/templates.h"
#include "collector/commands/moment.h"
#include "collector/commands/person.h"
#include "collector/commands/workspace.h"
#include "collector/store/holidays.h"
#include "common/base/nearest.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

using base::TextTable;

std::string day_text(std::chrono::year_month_day day) {
  return timing::to_rfc3339(timing::UtcMs{std::chrono::sys_days{day}.time_since_epoch()}).substr(0, 10);
}

base::Result<std::vector<directory::HolidayCalendar>> load(const std::filesystem::path& config) {
  auto workspace = open_workspace(config);
  if (!workspace) return std::unexpected{workspace.error()};
  std::vector<directory::HolidayCalendar> all;
  const auto read = workspace->database.read([&](store::Transaction& tx) -> base::Status {
    auto calendars = store::list_calendars(tx);
    if (!calendars) return std::unexpected{calendars.error()};
    all = *std::move(calendars);
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  return all;
}

base::Error unknown(const std::string& name, const std::vector<directory::HolidayCalendar>& all) {
  std::vector<std::string> names;
  for (const auto& one : all) names.push_back(one.name);
  const auto near = base::nearest(name, names);
  return {base::ErrorCode::not_found, "there is no calendar of holidays '" + name + "'" +
                                          (near ? "; did you mean '" + *near + "'?" : "")};
}

}  // namespace

int run_calendars_list(const CalendarsOptions& options, std::ostream& out, std::ostream& err) {
  const auto all = load(options.config);
  if (!all) return report(err, all.error());
  json::array list;
  TextTable table{{{.heading = "CALENDAR"},
                   {.heading = "HOLIDAYS", .align = TextTable::Align::right},
                   {.heading = "FIRST"},
                   {.heading = "LAST"}}};
  for (const auto& one : *all) {
    const auto first = day_text(one.holidays.front().day), last = day_text(one.holidays.back().day);
    list.push_back(json::object{
        {"calendar", one.name}, {"holidays", one.holidays.size()}, {"first", first}, {"last", last}});
    table.add({one.name, std::to_string(one.holidays.size()), first, last});
  }
  if (options.json) {
    out << json::serialize(list) << '\n';
  } else {
    out << (table.empty() ? "No calendars; import one: a CSV file with calendar,day,name.\n" : table.text());
  }
  return 0;
}

int run_calendar_show(const CalendarsOptions& options, std::ostream& out, std::ostream& err) {
  const auto all = load(options.config);
  if (!all) return report(err, all.error());
  const auto found = std::ranges::find(*all, options.name, &directory::HolidayCalendar::name);
  if (found == all->end()) return report(err, unknown(options.name, *all));
  json::array list;
  TextTable table{{{.heading = "DAY"}, {.heading = "NAME"}}};
  for (const auto& holiday : found->holidays) {
    list.push_back(json::object{{"day", day_text(holiday.day)}, {"name", holiday.name}});
    table.add({day_text(holiday.day), holiday.name});
  }
  if (options.json) {
    out << json::serialize(json::object{{"calendar", found->name}, {"holidays", std::move(list)}}) << '\n';
  } else {
    out << table.text();
  }
  return 0;
}

int run_calendar_remove(const CalendarRemoveOptions& options, std::ostream& out, std::ostream& err) {
  const auto day = parse_day(options.day, "the day");
  if (!day) return report(err, day.error());
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto actor = this_actor(options.reason);
  const auto done = workspace->database.transaction(
      [&](store::Transaction& tx) { return actions::remove_holiday(tx, actor, options.name, *day); });
  if (!done) return report(err, done.error());
  out << day_text(*day) << " is no holiday in '" << options.name << "' any more\n";
  return 0;
}

}  // namespace collector::commands
