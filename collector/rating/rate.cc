#include "collector/rating/rate.h"

#include <algorithm>

#include "collector/rating/duration_text.h"

namespace collector::rating {

namespace {

using base::ErrorCode;
using base::fail;

std::string minutes_text(std::int64_t minutes) {
  return std::to_string(minutes) + " min";
}

base::Status check_input(std::int64_t duration_s, const Adjustments& adjustments) {
  if (duration_s < 0 || duration_s > kDurationMax_s) {
    return fail(ErrorCode::invalid_argument, "a duration of " + std::to_string(duration_s) +
                                                 " s cannot be rated; it may be from 0 to " +
                                                 std::to_string(kDurationMax_s));
  }
  if (!adjustments.override_min) return {};
  const std::int64_t stated = *adjustments.override_min;
  if (stated < 0 || stated > kOverrideMax_min) {
    return fail(ErrorCode::invalid_argument, "a stated time of " + std::to_string(stated) +
                                                 " min cannot be charged; it may be from 0 to " +
                                                 std::to_string(kOverrideMax_min));
  }
  if (adjustments.no_charge && stated > 0) {
    return fail(ErrorCode::invalid_argument,
                "no charge and a stated time of " + minutes_text(stated) + " contradict each other");
  }
  return {};
}

Rated finish(Rated rated, std::int64_t minutes) {
  rated.minutes = minutes;
  rated.steps.push_back(
      {.what = "charge", .detail = "charge " + minutes_text(minutes), .minutes_so_far = minutes});
  return rated;
}

// How many blocks beyond the first have begun after `seconds`, counted from
// where the first of them is due.
std::int64_t blocks_begun(std::int64_t seconds, const Rule& rule) {
  if (rule.boundary == Boundary::start) return seconds / rule.increment_s + 1;
  return (seconds + rule.increment_s - 1) / rule.increment_s;
}

std::string first_block_text(const Rule& rule) {
  const std::int64_t end_s = rule.first_block_s + rule.grace_s;
  std::string text = "first block: " + minutes_text(rule.first_block_s / 60);
  text += rule.boundary == Boundary::start ? " for less than " : " up to and including ";
  text += duration_text(end_s);
  if (rule.grace_s > 0) {
    text += " (" + duration_text(rule.first_block_s) + " + " + duration_text(rule.grace_s) + " grace)";
  }
  return text;
}

std::string further_text(std::int64_t n, const Rule& rule) {
  std::string text = std::to_string(n) + (n == 1 ? " further block of " : " further blocks of ") +
                     minutes_text(rule.increment_s / 60) + " begun";
  if (rule.grace_scope == GraceScope::every && rule.grace_s > 0) {
    text += ", each " + duration_text(rule.grace_s) + " later";
  }
  return text;
}

}  // namespace

base::Result<Rated> rate(const Rule& rule, std::int64_t duration_s, const Adjustments& adjustments) {
  if (auto ok = check(rule); !ok) return fail("rating rule", ok.error());
  if (auto ok = check_input(duration_s, adjustments); !ok) return std::unexpected{ok.error()};

  Rated rated;
  const auto add = [&rated](std::string what, std::string detail, std::int64_t so_far) {
    rated.steps.push_back({.what = std::move(what), .detail = std::move(detail), .minutes_so_far = so_far});
  };
  const std::string length = duration_text(duration_s);

  if (adjustments.no_charge) {
    add("no charge", "marked as no charge; the session lasted " + length, 0);
    return finish(std::move(rated), 0);
  }
  if (adjustments.override_min) {
    add("stated time",
        minutes_text(*adjustments.override_min) +
            " stated in the comment replace the rule; the session lasted " + length,
        *adjustments.override_min);
    return finish(std::move(rated), *adjustments.override_min);
  }

  if (duration_s <= rule.free_s) {
    add("free time", length + " is not longer than the free " + duration_text(rule.free_s), 0);
    return finish(std::move(rated), 0);
  }
  add("free time", length + " is longer than the free " + duration_text(rule.free_s), 0);

  std::int64_t minutes = rule.first_block_s / 60;
  add("first block", first_block_text(rule), minutes);

  const std::int64_t first_end_s = rule.first_block_s + rule.grace_s;
  const bool beyond = rule.boundary == Boundary::start ? duration_s >= first_end_s : duration_s > first_end_s;
  if (beyond) {
    const std::int64_t due_s = rule.grace_scope == GraceScope::every ? first_end_s : rule.first_block_s;
    const std::int64_t n = blocks_begun(duration_s - due_s, rule);
    minutes += n * (rule.increment_s / 60);
    add("further blocks", further_text(n, rule), minutes);
  }

  if (rule.max_charge_min && minutes > *rule.max_charge_min) {
    minutes = *rule.max_charge_min;
    add("cap", "no more than " + minutes_text(minutes) + " are charged for one session", minutes);
  }
  return finish(std::move(rated), minutes);
}

}  // namespace collector::rating
