// `rate` with the templates of a collector.

#include "collector/commands/rate.h"
#include "collector/store/directory.h"
#include "tests/collector/commands/desk.h"

namespace collector::commands {
namespace {

DESK_SUITE(StoredRateTest);

Ran rated(const std::filesystem::path& config, const std::string& name, std::int64_t seconds) {
  RateOptions options;
  options.config = config;
  options.template_name = name;
  options.seconds = seconds;
  return ran([&](auto& out, auto& err) { return run_rate(options, out, err); });
}

TEST_P(StoredRateTest, TheCollectorsTemplateComesFirst) {
  auto place = workspace();
  store::must(place.database.transaction([](store::Transaction& tx) -> base::Status {
    rating::Rule rule;
    rule.first_block_s = 900;
    for (const char* name : {"quarter-hours", "standard"}) {
      if (const auto put = store::add_template_version(tx, name, rule); !put)
        return std::unexpected{put.error()};
    }
    return {};
  }));
  EXPECT_TRUE(rated(config(), "quarter-hours", 60).out.starts_with("1:00 under 'quarter-hours': 15 min\n"));
  EXPECT_TRUE(rated(config(), "standard", 60).out.starts_with("1:00 under 'standard': 15 min\n"));
  EXPECT_TRUE(rated(config(), "plain", 60).out.starts_with("1:00 under 'plain': 10 min\n"));
}

TEST_P(StoredRateTest, AnUnknownTemplateIsAUsageError) {
  const auto answer = rated(config(), "quarter-hour", 60);
  EXPECT_EQ(answer.code, 2);
  EXPECT_NE(answer.err.find("quarter-hour"), std::string::npos);
}

}  // namespace
}  // namespace collector::commands
