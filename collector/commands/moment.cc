#include "collector/commands/moment.h"

#include "collector/directory/typed.h"

namespace collector::commands {

namespace {

std::unexpected<base::Error> refuse(std::string_view field, const base::Error& error) {
  return base::fail(error.code, std::string{field} + " " + error.message);
}

}  // namespace

base::Result<timing::UtcMs> parse_moment(std::string_view text, std::string_view field) {
  auto moment = directory::typed_moment(text);
  if (!moment) return refuse(field, moment.error());
  return moment;
}

base::Result<std::chrono::year_month_day> parse_day(std::string_view text, std::string_view field) {
  auto day = directory::typed_day(text);
  if (!day) return refuse(field, day.error());
  return day;
}

base::Status set_moment(std::optional<timing::UtcMs>& place, const std::optional<std::string>& text,
                        std::string_view field) {
  if (!text) return {};
  const auto moment = parse_moment(*text, field);
  if (!moment) return std::unexpected{moment.error()};
  place = *moment;
  return {};
}

}  // namespace collector::commands
