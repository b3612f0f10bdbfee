// `calendars`: the holidays that contracts may refer to. They come from files of the import kind `holidays`.

#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace collector::commands {

struct CalendarsOptions {
  std::filesystem::path config;
  std::string name;  // Of the one to be shown.
  bool json = false;
};
// JSON: [{"calendar":"GR","holidays":12,"first":"2026-01-01","last":"2026-12-26"},...]
int run_calendars_list(const CalendarsOptions& options, std::ostream& out, std::ostream& err);
// JSON: {"calendar":"GR","holidays":[{"day":"2026-12-25","name":"Christmas"},...]}
int run_calendar_show(const CalendarsOptions& options, std::ostream& out, std::ostream& err);

struct CalendarRemoveOptions {
  std::filesystem::path config;
  std::string name;
  std::string day;  // 2026-12-25
  std::string reason;
};
int run_calendar_remove(const CalendarRemoveOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
