#include "collector/attribution/suggest_series.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace collector::attribution {
namespace {

// Technician, terminal, begin and end in minutes; the customer is the terminal's.
struct Session {
  std::int64_t technician;
  std::int64_t terminal;
  int begin;
  int end;
};

using Groups = std::vector<std::vector<std::int64_t>>;

struct Row {
  const char* name;
  std::vector<Session> sessions;
  std::set<std::pair<std::int64_t, std::int64_t>> dismissed;
  Groups suggested;
};

TEST(SuggestSeries, SessionsThatFollowEachOtherClosely) {
  const Row rows[] = {
      {"none", {}, {}, {}},
      {"one", {{1, 1, 0, 10}}, {}, {}},
      {"a restart", {{1, 1, 0, 10}, {1, 1, 15, 20}}, {}, {{0, 1}}},
      {"exactly the gap", {{1, 1, 0, 10}, {1, 1, 25, 30}}, {}, {{0, 1}}},
      {"one minute more", {{1, 1, 0, 10}, {1, 1, 26, 30}}, {}, {}},
      {"three, each close to the next", {{1, 1, 0, 10}, {1, 1, 20, 30}, {1, 1, 40, 50}}, {}, {{0, 1, 2}}},
      {"two technicians", {{1, 1, 0, 10}, {2, 1, 11, 20}}, {}, {}},
      {"two terminals", {{1, 1, 0, 10}, {1, 2, 11, 20}}, {}, {}},
      {"another customer in between", {{1, 1, 0, 10}, {1, 2, 11, 12}, {1, 1, 13, 20}}, {}, {{0, 2}}},
      {"at the same time", {{1, 1, 0, 10}, {1, 1, 5, 20}}, {}, {{0, 1}}},
      {"dismissed", {{1, 1, 0, 10}, {1, 1, 15, 20}}, {{0, 1}}, {}},
      {"one pair of three dismissed", {{1, 1, 0, 10}, {1, 1, 11, 20}, {1, 1, 21, 30}}, {{0, 1}}, {{1, 2}}},
      {"the earlier group first",
       {{2, 2, 50, 60}, {2, 2, 61, 70}, {1, 1, 80, 90}, {1, 1, 91, 95}},
       {},
       {{0, 1}, {2, 3}}},
  };
  for (const auto& row : rows) {
    std::vector<SeriesCandidate> candidates;
    for (const auto& one : row.sessions) {
      candidates.push_back({.session_id = std::ssize(candidates),
                            .technician_id = one.technician,
                            .customer_id = one.terminal,
                            .terminal_id = one.terminal,
                            .started = timing::UtcMs{} + std::chrono::minutes{one.begin},
                            .ended = timing::UtcMs{} + std::chrono::minutes{one.end}});
    }
    EXPECT_EQ(suggest_series(candidates, std::chrono::minutes{15}, row.dismissed), row.suggested) << row.name;
    std::ranges::reverse(candidates);
    EXPECT_EQ(suggest_series(candidates, std::chrono::minutes{15}, row.dismissed), row.suggested)
        << row.name << ", told in another order";
  }
}

}  // namespace
}  // namespace collector::attribution
