// From attribution over charge to entry: what each step is given to do, and
// what the database refuses.

#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::store {
namespace {

STORE_SUITE(FlowTest);

TEST_P(FlowTest, AnAttributionComesBackAsItWas) {
  const auto world = write(make_small_world);
  const auto [session, comment, id] = write([&](Transaction& t) {
    const auto s = must(upsert_session(t, session_row(world, "k"))).id;
    const auto c = must(add_comment(t, comment_row("123456789", 10'000, "7 Printer"))).id;
    auto row = attribution_row(world, s, "ready");
    must(add_attribution(t, row));
    row.comment_id = c;
    row.no_charge = true;
    row.override_min = 25;
    row.directory_version = 3;
    row.technician_id = {};
    row.terminal_id = {};
    return std::tuple{s, c, must(add_attribution(t, row))};
  });
  const auto all = read([&, s = session](Transaction& t) { return must(attributions_of(t, s)); });
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].comment_id, std::nullopt);
  EXPECT_EQ(all[0].technician_id, world.technician_id);
  EXPECT_EQ(all[0].terminal_id, world.terminal_id);
  const auto latest =
      read([&, s = session](Transaction& t) { return must(latest_attribution(t, s)).value(); });
  EXPECT_EQ(latest.id, id);
  EXPECT_EQ(latest.session_id, session);
  EXPECT_EQ(latest.session_revision, 1);
  EXPECT_EQ(latest.comment_id, comment);
  EXPECT_EQ(latest.directory_version, 3);
  EXPECT_EQ(latest.disposition, "ready");
  EXPECT_EQ(latest.technician_id, std::nullopt);
  EXPECT_EQ(latest.technician_rule, "support_point");
  EXPECT_EQ(latest.customer_id, world.customer_id);
  EXPECT_EQ(latest.terminal_id, std::nullopt);
  EXPECT_EQ(latest.contract_id, world.contract_id);
  EXPECT_TRUE(latest.no_charge);
  EXPECT_EQ(latest.override_min, 25);
  EXPECT_EQ(latest.text, "Printer");
  EXPECT_EQ(latest.reasons, "[]");
  EXPECT_EQ(latest.steps, "[1]");
  EXPECT_EQ(latest.created, at(80'000));
  EXPECT_FALSE(read([](Transaction& t) { return must(latest_attribution(t, 99)); }));
  EXPECT_EQ(refused([&, s = session](Transaction& t) {
              return add_attribution(t, attribution_row(world, s, "perhaps"));
            }),
            base::ErrorCode::conflict);
}

TEST_P(FlowTest, OnlyTheAttributionInForceIsCharged) {
  const auto world = write(make_small_world);
  const auto session =
      write([&](Transaction& t) { return must(upsert_session(t, session_row(world, "k"))).id; });
  const auto to_charge = [&] {
    std::vector<std::int64_t> ids;
    for (const auto& row : read([](Transaction& t) { return must(attributions_to_charge(t, 10)); }))
      ids.push_back(row.id);
    return ids;
  };
  const auto attribute = [&](const std::string& disposition, std::int64_t revision = 1) {
    return write([&](Transaction& t) {
      auto row = attribution_row(world, session, disposition);
      row.session_revision = revision;
      return must(add_attribution(t, row));
    });
  };
  using Ids = std::vector<std::int64_t>;
  const auto first = attribute("ready");
  EXPECT_EQ(to_charge(), Ids{first});
  attribute("review");
  EXPECT_EQ(to_charge(), Ids{});
  const auto second = attribute("ready");
  EXPECT_EQ(to_charge(), Ids{second});
  auto row = session_row(world, "k");
  row.ended = at(71'000);
  write([&](Transaction& t) { must(upsert_session(t, row)); });
  EXPECT_EQ(to_charge(), Ids{}) << "of an earlier revision";
  const auto third = attribute("ready", 2);
  write([&](Transaction& t) { must(add_charge(t, charge_row(world, session, third))); });
  EXPECT_EQ(to_charge(), Ids{});
  EXPECT_EQ(refused([&](Transaction& t) { return add_charge(t, charge_row(world, session, third)); }),
            base::ErrorCode::conflict);
}

TEST_P(FlowTest, OnlyTheChargeInForceIsPosted) {
  const auto world = write(make_small_world);
  const auto posted = write([&](Transaction& t) { return post_session(t, world, "k"); });
  const auto charges = read([&](Transaction& t) { return must(charges_of(t, posted.session_id)); });
  ASSERT_EQ(charges.size(), 1u);
  EXPECT_EQ(charges[0].id, posted.charge.id);
  EXPECT_EQ(charges[0].attribution_id, posted.attribution_id);
  EXPECT_EQ(charges[0].session_id, posted.session_id);
  EXPECT_EQ(charges[0].contract_id, world.contract_id);
  EXPECT_EQ(charges[0].template_id, world.template_id);
  EXPECT_EQ(charges[0].rating_version, 1);
  EXPECT_EQ(charges[0].seconds, 60);
  EXPECT_EQ(charges[0].minutes, 10);
  EXPECT_EQ(charges[0].steps, "[2]");
  EXPECT_EQ(charges[0].created, at(90'000));
  EXPECT_TRUE(read([](Transaction& t) { return must(charges_to_post(t, 10)); }).empty());
  EXPECT_EQ(refused([&](Transaction& t) { return add_entry(t, posted.entry); }), base::ErrorCode::conflict)
      << "a charge is posted once";

  const auto charge = [&](std::int64_t minutes) {
    return write([&](Transaction& t) {
      const auto a = must(add_attribution(t, attribution_row(world, posted.session_id, "ready")));
      auto row = charge_row(world, posted.session_id, a);
      row.minutes = minutes;
      return must(add_charge(t, row));
    });
  };
  const auto to_post = [&] {
    std::vector<std::int64_t> ids;
    for (const auto& row : read([](Transaction& t) { return must(charges_to_post(t, 10)); }))
      ids.push_back(row.id);
    return ids;
  };
  charge(20);
  const auto newest = charge(30);
  EXPECT_EQ(to_post(), std::vector{newest});
  charge(10);
  EXPECT_TRUE(to_post().empty()) << "the ledger says so already";
}

TEST_P(FlowTest, TheSameMinutesToAnotherContractArePosted) {
  const auto world = write(make_small_world);
  const auto posted = write([&](Transaction& t) { return post_session(t, world, "k"); });
  const auto charge = write([&](Transaction& t) {
    const auto other = must(upsert_contract(t, contract_of(world, "Other"))).id;
    const auto a = must(add_attribution(t, attribution_row(world, posted.session_id, "ready")));
    auto row = charge_row(world, posted.session_id, a);
    row.contract_id = other;
    return must(add_charge(t, row));
  });
  const auto to_post = read([](Transaction& t) { return must(charges_to_post(t, 10)); });
  ASSERT_EQ(to_post.size(), 1u);
  EXPECT_EQ(to_post[0].id, charge);
}

TEST_P(FlowTest, AReversedChargeIsPostedAgainOnlyByANewOne) {
  const auto world = write(make_small_world);
  const auto posted = write([&](Transaction& t) { return post_session(t, world, "k"); });
  const auto charge = write([&](Transaction& t) {
    must(add_attribution(t, attribution_row(world, posted.session_id, "review")));
    auto reversal = posted.entry;
    reversal.kind = "reversal";
    reversal.minutes = 10;
    reversal.reverses_entry_id = posted.entry.id;
    must(add_entry(t, reversal));
    EXPECT_TRUE(must(charges_to_post(t, 10)).empty());
    const auto a = must(add_attribution(t, attribution_row(world, posted.session_id, "ready")));
    return must(add_charge(t, charge_row(world, posted.session_id, a)));
  });
  const auto to_post = read([](Transaction& t) { return must(charges_to_post(t, 10)); });
  ASSERT_EQ(to_post.size(), 1u);
  EXPECT_EQ(to_post[0].id, charge);
}

TEST_P(FlowTest, ABalanceIsASumAndACorrectionAnEntry) {
  const auto world = write(make_small_world);
  const auto other =
      write([&](Transaction& t) { return must(upsert_contract(t, contract_of(world, "Other"))).id; });
  const auto posted = write([&](Transaction& t) {
    must(add_entry(t, {.id = 0,
                       .contract_id = world.contract_id,
                       .kind = "grant",
                       .minutes = 600,
                       .session_id = {},
                       .charge_id = {},
                       .reverses_entry_id = {},
                       .reason = "bought",
                       .created = at(1)}));
    return post_session(t, world, "k");
  });
  const auto balance = [&] {
    const auto rows = read([](Transaction& t) { return must(contract_balances(t)); });
    EXPECT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[1].contract_id, other);
    EXPECT_EQ(rows[1].minutes, 0);
    EXPECT_EQ(rows[1].entries, 0);
    return std::pair{rows[0].minutes, rows[0].entries};
  };
  EXPECT_EQ(balance(), (std::pair<std::int64_t, std::int64_t>{590, 2}));
  EXPECT_EQ(read([&](Transaction& t) { return must(find_open_entry(t, posted.session_id))->id; }),
            posted.entry.id);
  EXPECT_TRUE(read([](Transaction& t) { return must(entries_to_reverse(t, 10)); }).empty());

  write(
      [&](Transaction& t) { must(add_attribution(t, attribution_row(world, posted.session_id, "review"))); });
  const auto wrong = read([](Transaction& t) { return must(entries_to_reverse(t, 10)); });
  ASSERT_EQ(wrong.size(), 1u);
  EXPECT_EQ(wrong[0].id, posted.entry.id);
  const EntryRow reversal{.id = 0,
                          .contract_id = world.contract_id,
                          .kind = "reversal",
                          .minutes = 10,
                          .session_id = posted.session_id,
                          .charge_id = posted.charge.id,
                          .reverses_entry_id = posted.entry.id,
                          .reason = "under review",
                          .created = at(2)};
  write([&](Transaction& t) { must(add_entry(t, reversal)); });
  EXPECT_EQ(balance(), (std::pair<std::int64_t, std::int64_t>{600, 3}));
  EXPECT_TRUE(read([](Transaction& t) { return must(entries_to_reverse(t, 10)); }).empty());
  EXPECT_FALSE(read([&](Transaction& t) { return must(find_open_entry(t, posted.session_id)); }));
  EXPECT_EQ(refused([&](Transaction& t) { return add_entry(t, reversal); }), base::ErrorCode::conflict)
      << "an entry is reversed once";

  const auto of_session =
      read([&](Transaction& t) { return must(entries_of_session(t, posted.session_id)); });
  ASSERT_EQ(of_session.size(), 2u);
  EXPECT_EQ(of_session[1].kind, "reversal");
  EXPECT_EQ(of_session[1].reverses_entry_id, posted.entry.id);
  EXPECT_EQ(of_session[1].reason, "under review");
  EXPECT_EQ(of_session[1].created, at(2));
  const auto of_contract =
      read([&](Transaction& t) { return must(entries_of_contract(t, world.contract_id)); });
  ASSERT_EQ(of_contract.size(), 3u);
  EXPECT_EQ(of_contract[0].kind, "grant");
  EXPECT_EQ(of_contract[0].session_id, std::nullopt);
  EXPECT_EQ(of_contract[1].charge_id, posted.charge.id);
}

}  // namespace
}  // namespace collector::store
