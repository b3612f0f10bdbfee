#include "collector/commands/rate_at.h"

#include <algorithm>

#include "collector/commands/moment.h"
#include "collector/commands/workspace.h"
#include "collector/pipeline/calendars.h"
#include "collector/store/holidays.h"
#include "common/base/nearest.h"

namespace collector::commands {

namespace {

using base::ErrorCode;
using base::fail;

base::Result<directory::HolidayCalendar> named_calendar(const std::filesystem::path& config,
                                                        const std::string& name) {
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
  std::vector<std::string> names;
  for (auto& one : all) {
    if (one.name == name) return std::move(one);
    names.push_back(one.name);
  }
  const auto near = base::nearest(name, names);
  return fail(ErrorCode::not_found, "there is no calendar of holidays '" + name + "'" +
                                        (near ? "; did you mean '" + *near + "'?" : ""));
}

}  // namespace

base::Result<RateAt> RateAt::make(const Circumstances& circumstances,
                                  const std::optional<std::filesystem::path>& config) {
  RateAt made;
  made.circumstances_ = circumstances;
  std::optional<directory::HolidayCalendar> holidays;
  if (circumstances.holiday_calendar) {
    if (!config) {
      return fail(ErrorCode::invalid_argument,
                  "the calendar '" + *circumstances.holiday_calendar + "' is in a collector: add --config");
    }
    auto found = named_calendar(*config, *circumstances.holiday_calendar);
    if (!found) return std::unexpected{found.error()};
    holidays = *std::move(found);
  }
  if (!circumstances.at) return made;
  const auto begin = parse_moment(*circumstances.at, "--at");
  if (!begin) return std::unexpected{begin.error()};
  made.begin_ = *begin;
  auto calendar = pipeline::calendar_around(*begin, circumstances.zone, holidays ? &*holidays : nullptr);
  if (!calendar) return std::unexpected{calendar.error()};
  made.calendar_ = *std::move(calendar);
  return made;
}

base::Result<Priced> RateAt::price(const rating::Rule& rule, std::int64_t seconds) const {
  const rating::Stretch stretch{.begin = begin_, .seconds = seconds};
  const rating::Input input{.stretches = {&stretch, 1},
                            .adjustments = circumstances_.adjustments,
                            .work_type = circumstances_.work_type,
                            .grade = circumstances_.grade,
                            .calendar = calendar_ ? &*calendar_ : nullptr};
  auto rated = rating::rate(rule, input);
  if (!rated) return std::unexpected{rated.error()};
  auto steps = rating::explain(rule, input, *rated);
  return Priced{.rated = *std::move(rated), .steps = std::move(steps)};
}

}  // namespace collector::commands
