// bench_rate
//
// A million sessions are rated again, on one core and without a database: by the standard rule, and by one
// with everything in it. Exit code 1 if it takes longer than docs/performance.md promises.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <vector>

#include "collector/rating/rate.h"

namespace {

using namespace collector::rating;

constexpr std::size_t kSessions = 1'000'000;
constexpr double kSecondsMax = 5;

double processor_s() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// A year of them, from seconds to hours; always the same.
std::vector<Stretch> sessions() {
  std::vector<Stretch> all;
  std::uint64_t state = 1;
  const auto random = [&](std::uint64_t bound) {
    state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    return static_cast<std::int64_t>((state >> 33) % bound);
  };
  for (std::size_t i = 0; i < kSessions; ++i) {
    const auto begin = std::chrono::seconds{1'767'225'600 + random(31'536'000)};
    all.push_back({.begin = timing::UtcMs{begin}, .seconds = random(random(20) == 0 ? 14'400 : 2'400)});
  }
  return all;
}

Rule everything() {
  Rule rule;
  rule.min_charge_min = 15;
  rule.work_types = {{"training", 750}, {"travel", 500}};
  rule.grades = {{"junior", 800}, {"senior", 1'250}};
  constexpr std::uint8_t kWorkdays = 0x1F, kWeekend = 0x60;
  rule.bands = {
      {.name = "holiday", .weekdays = 0, .holidays = true, .weight = 2'000},
      {.name = "weekend", .weekdays = kWeekend, .weight = 1'750},
      {.name = "night", .weekdays = kWorkdays, .from_min = 0, .to_min = 420, .weight = 1'500},
      {.name = "evening", .weekdays = kWorkdays, .from_min = 1'080, .to_min = 1'440, .weight = 1'250}};
  rule.rate_per_hour = 95'00;
  rule.base_fee = 5'00;
  return rule;
}

// Processor seconds for all of `all`; the sum of the minutes, so that nothing is left out.
double rate_all(const std::vector<Stretch>& all, const Rule& rule, const Calendar& calendar,
                std::int64_t& minutes) {
  const double begun = processor_s();
  for (const Stretch& session : all) {
    const auto rated =
        rate(rule,
             {.stretches = {&session, 1}, .work_type = "training", .grade = "senior", .calendar = &calendar});
    minutes += rated->minutes;
  }
  return processor_s() - begun;
}

}  // namespace

int main() {
  const auto all = sessions();
  const Calendar berlin{.offsets = {{timing::UtcMs{std::chrono::seconds{1'761'440'400}}, 3'600},
                                    {timing::UtcMs{std::chrono::seconds{1'774'746'000}}, 7'200},
                                    {timing::UtcMs{std::chrono::seconds{1'792'890'000}}, 3'600}},
                        .holidays = {20'454, 20'546, 20'549, 20'574, 20'812, 20'813}};
  std::int64_t minutes = 0;
  const double standard = rate_all(all, Rule{}, berlin, minutes);
  const double with_everything = rate_all(all, everything(), berlin, minutes);
  std::printf(
      "rate           %zu sessions again: %.2f s; with bands, weights and money %.2f s (at most %.0f)\n",
      kSessions, standard, with_everything, kSecondsMax);
  std::printf("               %lld minutes in all\n", static_cast<long long>(minutes));
  return standard <= kSecondsMax && with_everything <= kSecondsMax ? 0 : 1;
}
