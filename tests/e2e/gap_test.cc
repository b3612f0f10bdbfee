// Lines that were lost for good: said once, on both sides.

#include <gmock/gmock.h>

#include <algorithm>
#include <iterator>

#include "tests/e2e/checks.h"
#include "tests/e2e/firm.h"
#include "tests/support/process/eventually.h"
#include "tests/support/site/live_trace.h"
#include "tests/support/site/sessions.h"

namespace e2e {
namespace {

using support::LiveTrace;
using support::Site;

// The end of the last line before `offset`.
std::size_t line_end(const std::string& text, std::size_t offset) {
  return text.rfind('\n', offset) + 1;
}

TEST(Gap, IsShownWhereLinesWereCutAwayUnread) {
  Site site{PROGRAMS, "gap"};
  start_everything(site);
  LiveTrace trace{site, busy_days(3, 40, 30).trace, support::kHeadCut, seed()};
  const std::size_t size = trace.text().size();
  ASSERT_GT(size, 3'000'000u);
  const std::size_t before = line_end(trace.text(), size / 10),
                    after = line_end(trace.text(), size - 300'000);
  trace.write_to(before);
  ASSERT_TRUE(support::eventually([&] {
    const auto status = site.agent_status();
    const auto& sources = status.at("sources").as_array();
    return !sources.empty() &&
           sources.front().as_object().at("read_bytes").to_number<std::size_t>() == before;
  }));
  site.stop_agent();
  trace.write_blindly_to(after);
  const std::string left = support::read_file(site.trace());
  ASSERT_LT(left.size(), after - before) << "nothing would be lost";
  site.start_agent();
  const auto gaps = [&] { return counter(site.agent_status(), "gaps"); };
  const auto told = [&] {
    const auto fleet = site.collector_json({"agents"}).as_object();
    return fleet.at("agents").as_array().at(0).as_object().at("gaps").as_int64();
  };
  EXPECT_TRUE(support::eventually([&] { return gaps() == 1 && told() == 1; })) << gaps() << ", " << told();
  trace.write_blindly_to(size);  // So few bytes that no cut comes near them.
  EXPECT_THAT(site.agent({"status", "--data-directory", site.agent_data()}).out,
              testing::AllOf(testing::HasSubstr("Lost before they were read"),
                             testing::HasSubstr("    between 2026-11-")));

  // Everything whose lines were all there to be read has arrived, and nothing twice.
  const auto whole = support::parsed(site, trace.text());
  auto readable = support::parsed(site, trace.text().substr(0, before));
  std::erase_if(readable,
                [](const auto& one) { return one.outcome != "completed" && one.outcome != "failed"; });
  for (const auto& one : support::parsed(site, trace.text().substr(after - left.size()))) {
    if (std::ranges::binary_search(whole, one)) readable.push_back(one);
  }
  std::ranges::sort(readable);
  std::vector<support::Told> arrived;
  EXPECT_TRUE(support::eventually([&] {
    arrived = support::arrived(site);
    return std::ranges::includes(arrived, readable);
  }));
  std::vector<support::Told> missing;
  std::ranges::set_difference(readable, arrived, std::back_inserter(missing));
  EXPECT_THAT(missing, testing::IsEmpty());
  EXPECT_EQ(std::ranges::adjacent_find(arrived), arrived.end());
  EXPECT_LT(arrived.size(), whole.size());
  EXPECT_EQ(gaps(), 1);
  EXPECT_EQ(told(), 1);
}

}  // namespace
}  // namespace e2e
