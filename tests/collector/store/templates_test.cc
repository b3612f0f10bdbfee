#include "collector/store/templates.h"

#include "collector/store/session.h"
#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::store {
namespace {

STORE_SUITE(TemplatesTest);

rating::Rule full() {
  return {.free_s = 0,
          .first_block_s = 900,
          .grace_s = 120,
          .increment_s = 300,
          .boundary = rating::Boundary::after,
          .grace_scope = rating::GraceScope::every,
          .min_charge_min = 20,
          .max_charge_min = 480,
          .round_group = rating::RoundGroup::day,
          .work_types = {{"travel", 500},
                         {"\xC3\x9C"
                          "bung",
                          0}},
          .grades = {{"senior", 1'250}},
          .bands = {{.name = "Evening",
                     .weekdays = 0x11,
                     .holidays = true,
                     .from_min = 1'020,
                     .to_min = 1'440,
                     .weight = 1'500},
                    {.name = "Night", .weekdays = 0x7F, .from_min = 0, .to_min = 360, .weight = 2'000}},
          .rate_per_hour = 90'00,
          .base_fee = 2'50};
}

TEST_P(TemplatesTest, AWholeRuleComesBack) {
  write([](Transaction& t) {
    const auto put = must(add_template_version(t, "all", full()));
    EXPECT_TRUE(put.created);
    EXPECT_EQ(must(find_template(t, "all")).rule, full());
    EXPECT_FALSE(must(add_template_version(t, "all", full())).changed) << "nothing differs";
  });
}

// Every field makes a version, so none is lost on the way.
TEST_P(TemplatesTest, EveryFieldMakesANewVersion) {
  const std::vector<void (*)(rating::Rule&)> changes{
      [](rating::Rule& r) { r.free_s = 1; },
      [](rating::Rule& r) { r.first_block_s = 60; },
      [](rating::Rule& r) { r.grace_s = 1; },
      [](rating::Rule& r) { r.increment_s = 60; },
      [](rating::Rule& r) { r.boundary = rating::Boundary::start; },
      [](rating::Rule& r) { r.grace_scope = rating::GraceScope::first; },
      [](rating::Rule& r) { r.min_charge_min = 1; },
      [](rating::Rule& r) { r.max_charge_min = 21; },
      [](rating::Rule& r) { r.max_charge_min.reset(); },
      [](rating::Rule& r) { r.round_group = rating::RoundGroup::session; },
      [](rating::Rule& r) { r.round_group = rating::RoundGroup::series; },
      [](rating::Rule& r) { r.work_types.erase("travel"); },
      [](rating::Rule& r) { r.grades["senior"] = 1; },
      [](rating::Rule& r) { std::swap(r.bands[0], r.bands[1]); },
      [](rating::Rule& r) { r.rate_per_hour = 1; },
      [](rating::Rule& r) { r.base_fee = 1; }};
  write([&](Transaction& t) {
    std::int64_t version = 1;
    must(add_template_version(t, "t", full()));
    for (const auto& change : changes) {
      auto rule = full();
      change(rule);
      EXPECT_TRUE(must(add_template_version(t, "t", rule)).created) << version;
      const auto newest = must(find_template(t, "t"));
      EXPECT_EQ(newest.version, ++version);
      EXPECT_EQ(newest.rule, rule) << version;
      must(add_template_version(t, "t", full()));
      ++version;
    }
  });
}

TEST_P(TemplatesTest, OldVersionsStayAndTheNewestAreListed) {
  write([](Transaction& t) {
    must(add_template_version(t, "b", {}));
    must(add_template_version(t, "b", full()));
    must(add_template_version(t, "a", {}));
    EXPECT_EQ(must(find_template(t, "b", 1)).rule, rating::Rule{});
    EXPECT_EQ(must(find_template(t, "b", 2)).rule, full());
    EXPECT_EQ(find_template(t, "b", 3).error().code, base::ErrorCode::not_found);
    EXPECT_NE(find_template(t, "c", 1).error().message.find("no version 1 of template \"c\""),
              std::string::npos);
    const auto all = must(list_templates(t));
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].name, "a");
    EXPECT_EQ(all[1].name, "b");
    EXPECT_EQ(all[1].version, 2);
    EXPECT_EQ(all[1].rule, full());
  });
}

TEST_P(TemplatesTest, AContractComesWithItsWholeRule) {
  auto world = write(make_small_world);
  write([&](Transaction& t) {
    auto contract = contract_of(world, "Night");
    contract.template_id = must(add_template_version(t, "night", full())).id;
    must(upsert_contract(t, contract));
  });
  const auto all = read([](Transaction& t) { return must(load_directory(t, utc_start_of_day)); });
  EXPECT_EQ(all.contracts.at(0).rule, rating::Rule{});
  EXPECT_EQ(all.contracts.at(1).rule, full());
}

TEST_P(TemplatesTest, WhatIsNoRuleIsNotRead) {
  EXPECT_EQ(
      refused([](Transaction& t) -> base::Result<directory::Template> {
        t.session().script(
            "INSERT INTO template (name, version, free_s, first_block_s, grace_s, increment_s, boundary, "
            "grace_scope, weights) VALUES ('bad', 1, 30, 600, 60, 600, 'start', 'first', 'oops')");
        return find_template(t, "bad");
      }),
      base::ErrorCode::corrupt);
  EXPECT_NE(message_.find("this is no JSON"), std::string::npos) << message_;
}

TEST_P(TemplatesTest, NoVersionIsEverChanged) {
  write([](Transaction& t) { must(add_template_version(t, "a", {})); });
  for (const char* statement : {"UPDATE template SET weights = '{}'", "DELETE FROM template"}) {
    const auto done = connection_.transaction([&](Transaction& t) -> base::Status {
      try {
        t.session().script(statement);
        return {};
      } catch (...) {
        return std::unexpected{current_error(t.session(), "change a template")};
      }
    });
    ASSERT_FALSE(done) << statement;
    EXPECT_NE(done.error().message.find("append-only"), std::string::npos) << done.error().message;
  }
}

}  // namespace
}  // namespace collector::store
