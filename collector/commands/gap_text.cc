#include "collector/commands/gap_text.h"

#include "common/timing/utc.h"

namespace collector::commands {

namespace {

constexpr std::size_t kDay = 10;

// "2026-11-16 14:03:02".
std::string moment(timing::UtcMs time) {
  auto text = timing::to_rfc3339(time).substr(0, 19);
  text[kDay] = ' ';
  return text;
}

std::string span(const store::GapRow& gap) {
  if (!gap.from && !gap.to) return "lines are missing, noticed " + moment(gap.observed) + " UTC";
  if (!gap.to) return "lines after " + moment(*gap.from) + " UTC are missing";
  if (!gap.from) return "lines before " + moment(*gap.to) + " UTC are missing";
  const auto from = moment(*gap.from);
  const auto to = moment(*gap.to);
  const bool one_day = from.substr(0, kDay) == to.substr(0, kDay);
  return "lines between " + from + " and " + (one_day ? to.substr(kDay + 1) : to) + " UTC are missing";
}

}  // namespace

std::string gap_text(const store::GapRow& gap) {
  std::string text = span(gap) + " (" + gap.cause;
  if (gap.bytes_lost_min > 0) text += ", at least " + std::to_string(gap.bytes_lost_min) + " bytes";
  return text + ")";
}

}  // namespace collector::commands
