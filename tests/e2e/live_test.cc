// The same sessions through the live path as from the whole trace, once each.

#include <gmock/gmock.h>

#include <algorithm>
#include <ostream>

#include "tests/e2e/checks.h"
#include "tests/e2e/firm.h"
#include "tests/support/database/fresh_database.h"
#include "tests/support/process/eventually.h"
#include "tests/support/site/live_trace.h"
#include "tests/support/site/sessions.h"

namespace e2e {
namespace {

using support::LiveTrace;
using support::Site;

struct Database {
  const char* name;
  std::string (*fresh_url)();
};

std::ostream& operator<<(std::ostream& out, const Database& database) {
  return out << database.name;
}

class Live : public testing::TestWithParam<Database> {};

// Megabytes of them, with AnyDesk's head cut in place at its own sizes.
TEST_P(Live, SessionsArriveOnceAcrossHeadCuts) {
  const std::string url = GetParam().fresh_url();
  Site site{PROGRAMS, "live", url};
  start_everything(site);
  LiveTrace trace{site, busy_days(2, 40, 40).trace, support::kHeadCut, seed()};
  ASSERT_GT(trace.text().size(), 3'000'000u);
  trace.write_all();
  expect_arrival(site, support::parsed(site, trace.text()));
  expect_whole_chain(site, url);
  // The size falls by a tenth of a mebibyte a cut.
  EXPECT_GE(counter(site.agent_status(), "cuts_survived"), 1);
  EXPECT_LE(std::filesystem::file_size(site.trace()), support::trace::kHeadCutAtBytes);
  site.stop_agent();
  site.stop_collector();
}

std::string name_of(const testing::TestParamInfo<Database>& info) {
  return info.param.name;
}
INSTANTIATE_TEST_SUITE_P(Databases, Live,
                         testing::Values(Database{"sqlite", support::migrated_sqlite_url},
                                         Database{"postgresql", support::migrated_postgres_url}),
                         name_of);

std::string with_crlf(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string{"\r\n"} : std::string{c};
  return out;
}

// `what` before every `n`th line.
std::string before_lines(const std::string& text, std::size_t n, const std::string& what) {
  std::string out;
  std::size_t line = 0;
  bool begins = true;
  for (const char c : text) {
    if (begins && ++line % n == 0) out += what;
    out += c;
    begins = c == '\n';
  }
  return out;
}

struct Damage {
  const char* name;
  std::string (*apply)(const std::string& text);
};

const Damage kDamages[] = {
    {"crlf", with_crlf},
    {"nul_holes", [](const std::string& text) { return before_lines(text, 50, std::string(1300, '\0')); }},
    {"garbage",
     [](const std::string& text) { return before_lines(text, 30, "\xFF\xFE\x80 \x01\x02 garbage \xC0\n"); }},
    {"cut_first_line", [](const std::string& text) { return "reating remote control session.\n" + text; }},
    {"partial_last_line", [](const std::string& text) { return text + "   info 2026-11-16 15:40:12.1"; }},
    {"everything",
     [](const std::string& text) {
       std::string out = before_lines(text, 40, "\xFF\xFE garbage \xC0\n");
       out = with_crlf(before_lines(out, 60, std::string(700, '\0')));
       return "ote control session.\n" + out + "   info 2026-11-16 15:4";
     }},
};

TEST(Damage, ChangesNothingForParse) {
  const Site site{PROGRAMS, "damage"};
  const auto whole = support::parsed(site, demo_trace());
  ASSERT_EQ(whole.size(), 14u);
  for (const auto& damage : kDamages) {
    EXPECT_THAT(support::parsed(site, damage.apply(demo_trace())), testing::ElementsAreArray(whole))
        << damage.name;
  }
}

TEST(Damage, ChangesNothingForTheLivePath) {
  Site site{PROGRAMS, "damage-live"};
  start_everything(site);
  const Damage& worst = std::end(kDamages)[-1];
  // Small cuts, so that the day has several.
  LiveTrace trace{site, worst.apply(demo_trace()), {.at_bytes = 40'000, .keep_bytes = 30'000}, seed()};
  const auto read = [&] { return counter(site.agent_status(), "lines"); };
  ASSERT_TRUE(support::eventually([&] { return !site.agent_status().at("notes").as_object().empty(); }));
  // Never more ahead of the agent than a cut leaves.
  while (!trace.done()) {
    trace.write_to(std::min(trace.written() + 20'000, trace.text().size()));
    const auto lines = std::count(trace.text().begin(),
                                  trace.text().begin() + static_cast<std::ptrdiff_t>(trace.written()), '\n');
    ASSERT_TRUE(support::eventually([&] { return read() >= lines - 2; })) << read() << " of " << lines;
  }
  expect_arrival(site, support::parsed(site, demo_trace()));
  expect_whole_chain(site, "sqlite:" + site.database().string());
}

TEST(Offline, WhatHappenedWhileTheCollectorWasAwayArrivesLater) {
  Site site{PROGRAMS, "offline"};
  start_everything(site);
  site.stop_collector();
  LiveTrace trace{site, busy_days(1, 34, 1).trace, support::kHeadCut, seed()};
  trace.write_all();
  const auto expected = support::parsed(site, trace.text());
  ASSERT_GE(expected.size(), 30u);
  const auto sealed = [&] { return site.agent_status().at("records_sealed").as_int64(); };
  ASSERT_TRUE(support::eventually([&] { return sealed() >= 2 * std::ssize(expected) - 10; })) << sealed();
  EXPECT_EQ(site.agent_status().at("records_pending").as_int64(), sealed());
  site.start_collector();
  expect_arrival(site, expected);
  expect_whole_chain(site, "sqlite:" + site.database().string());
}

}  // namespace
}  // namespace e2e
