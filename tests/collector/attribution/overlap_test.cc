#include "collector/attribution/overlap.h"

#include <gtest/gtest.h>

#include <random>

namespace collector::attribution {
namespace {

// In minutes.
struct Row {
  const char* name;
  std::vector<std::pair<int, int>> sessions;
  std::set<std::int64_t> overlapping;
  std::int64_t wall_min;
  std::int64_t sum_min;
};

std::vector<Interval> intervals(const std::vector<std::pair<int, int>>& sessions) {
  std::vector<Interval> all;
  for (const auto& [begin, end] : sessions) {
    all.push_back({.id = std::ssize(all),
                   .begin = timing::UtcMs{} + std::chrono::minutes{begin},
                   .end = timing::UtcMs{} + std::chrono::minutes{end}});
  }
  return all;
}

TEST(Overlap, WhatIsSharedCountsOnceOnTheWall) {
  const Row rows[] = {
      {"none", {}, {}, 0, 0},
      {"one", {{0, 10}}, {}, 10, 10},
      {"one after the other", {{0, 10}, {20, 30}}, {}, 20, 20},
      {"the next begins as the one before ends", {{0, 10}, {10, 20}}, {}, 20, 20},
      {"half at once", {{0, 10}, {5, 15}}, {0, 1}, 15, 20},
      {"the same time", {{0, 10}, {0, 10}}, {0, 1}, 10, 20},
      {"one within the other", {{0, 30}, {10, 20}}, {0, 1}, 30, 40},
      {"two within one, apart from each other", {{0, 30}, {5, 10}, {20, 25}}, {0, 1, 2}, 30, 40},
      {"a chain", {{0, 10}, {5, 15}, {12, 20}, {30, 40}}, {0, 1, 2}, 30, 38},
      {"told in another order", {{30, 40}, {12, 20}, {0, 10}, {5, 15}}, {1, 2, 3}, 30, 38},
      {"no length, inside another", {{0, 10}, {5, 5}}, {}, 10, 10},
  };
  for (const auto& row : rows) {
    const auto all = intervals(row.sessions);
    EXPECT_EQ(overlapping(all), row.overlapping) << row.name;
    EXPECT_EQ(time_spent(all).technician_s, row.wall_min * 60) << row.name;
    EXPECT_EQ(time_spent(all).customers_s, row.sum_min * 60) << row.name;
  }
}

TEST(Overlap, PartsOfASecondAreNobodys) {
  const auto at = [](int ms) { return timing::UtcMs{} + std::chrono::milliseconds{ms}; };
  const std::vector<Interval> all{{.id = 1, .begin = at(0), .end = at(1'900)},
                                  {.id = 2, .begin = at(5'000), .end = at(6'900)}};
  EXPECT_EQ(time_spent(all).customers_s, 2);
  EXPECT_EQ(time_spent(all).technician_s, 2);
}

TEST(Overlap, AgreesWithCountingEveryMinute) {
  std::mt19937 random{14};
  for (int round = 0; round < 200; ++round) {
    std::vector<std::pair<int, int>> sessions;
    std::vector<std::vector<std::int64_t>> at(100);
    for (std::int64_t id = 0; id < 6; ++id) {
      const int begin = static_cast<int>(random() % 80), length = static_cast<int>(random() % 20);
      sessions.emplace_back(begin, begin + length);
      for (int minute = begin; minute < begin + length; ++minute)
        at[static_cast<std::size_t>(minute)].push_back(id);
    }
    std::int64_t wall = 0;
    std::set<std::int64_t> shared;
    for (const auto& ids : at) {
      if (!ids.empty()) ++wall;
      if (ids.size() > 1) shared.insert(ids.begin(), ids.end());
    }
    EXPECT_EQ(time_spent(intervals(sessions)).technician_s, wall * 60);
    EXPECT_EQ(overlapping(intervals(sessions)), shared);
  }
}

}  // namespace
}  // namespace collector::attribution
