#include "collector/store/overview.h"

#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::store {
namespace {

STORE_SUITE(OverviewTest);

TEST_P(OverviewTest, ASessionGathersWhatIsKnownOfIt) {
  const auto world = write(make_small_world);
  const auto overview = [&] {
    const auto rows = read([](Transaction& t) { return must(session_overview(t, {})); });
    EXPECT_EQ(rows.size(), 1u);
    return rows.at(0);
  };
  const auto session =
      write([&](Transaction& t) { return must(upsert_session(t, session_row(world, "k"))).id; });
  auto row = overview();
  EXPECT_EQ(row.session.id, session);
  EXPECT_EQ(row.session.agent_id, world.agent_id);
  EXPECT_EQ(row.session.ended, at(70'000));
  EXPECT_EQ(row.session.revision, 1);
  EXPECT_EQ(row.disposition, std::nullopt);
  EXPECT_EQ(row.customer_name, std::nullopt);
  EXPECT_EQ(row.minutes, std::nullopt);
  EXPECT_EQ(row.mail_state, std::nullopt);

  const auto posted = write([&](Transaction& t) { return post_session(t, world, "k"); });
  row = overview();
  EXPECT_EQ(row.attribution_id, posted.attribution_id);
  EXPECT_EQ(row.disposition, "ready");
  EXPECT_EQ(row.reasons, "[]");
  EXPECT_EQ(row.text, "Printer");
  EXPECT_EQ(row.technician_number, 7);
  EXPECT_EQ(row.technician_name, "Ada");
  EXPECT_EQ(row.technician_rule, "support_point");
  EXPECT_EQ(row.no_charge, 0);
  EXPECT_EQ(row.customer_code, "ACME");
  EXPECT_EQ(row.customer_name, "Acme");
  EXPECT_EQ(row.terminal_description, "Server");
  EXPECT_EQ(row.contract_name, "Support");
  EXPECT_EQ(row.charge_id, posted.charge.id);
  EXPECT_EQ(row.seconds, 60);
  EXPECT_EQ(row.minutes, 10);
  EXPECT_EQ(row.entry_id, posted.entry.id);
  EXPECT_EQ(row.mail_state, std::nullopt);

  write([&](Transaction& t) {
    must(queue_item(t, {.id = 0,
                        .customer_id = world.customer_id,
                        .session_id = session,
                        .entry_id = posted.entry.id,
                        .window_closes = at(1),
                        .mail_id = {},
                        .created = at(1)}));
  });
  EXPECT_EQ(overview().mail_state, "queued");
  write([&](Transaction& t) {
    must(add_mail(t, mail_row(world.customer_id, "<1@x>"), {must(items_of(t, world.customer_id)).at(0).id}));
  });
  EXPECT_EQ(overview().mail_state, "composed");

  write([&](Transaction& t) { must(add_attribution(t, attribution_row(world, session, "review"))); });
  row = overview();
  EXPECT_EQ(row.disposition, "review");
  EXPECT_EQ(row.minutes, std::nullopt) << "the charge in force is that of the attribution in force";
  EXPECT_EQ(row.entry_id, posted.entry.id) << "still open until it is reversed";
}

TEST_P(OverviewTest, TheFilterIsThatOfTheList) {
  const auto world = write(make_small_world);
  write([&](Transaction& t) {
    must(upsert_session(t, session_row(world, "a")));
    auto row = session_row(world, "b");
    row.outcome = "failed";
    row.started = {};
    must(upsert_session(t, row));
  });
  const auto count = [&](const SessionFilter& filter) {
    return read([&](Transaction& t) { return must(session_overview(t, filter)); }).size();
  };
  EXPECT_EQ(count({}), 2u);
  EXPECT_EQ(count({.limit = 1, .outcome = {}, .remote_id = {}, .from = {}, .to = {}}), 1u);
  EXPECT_EQ(count({.limit = 9, .outcome = "failed", .remote_id = {}, .from = {}, .to = {}}), 1u);
  EXPECT_EQ(count({.limit = 9, .outcome = {}, .remote_id = {}, .from = at(9'001), .to = {}}), 1u);
}

}  // namespace
}  // namespace collector::store
