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

TEST_P(FlowTest, AttributionsComeInOrderAndSayWhichIsInForce) {
  const auto world = write(make_small_world);
  const auto [first, second, third] = write([&](Transaction& t) {
    const auto one = must(upsert_session(t, session_row(world, "1"))).id;
    const auto two = must(upsert_session(t, session_row(world, "2"))).id;
    return std::tuple{must(add_attribution(t, attribution_row(world, one, "ready"))),
                      must(add_attribution(t, attribution_row(world, two, "review"))),
                      must(add_attribution(t, attribution_row(world, one, "review")))};
  });
  const auto after = [&](std::int64_t id, std::int64_t limit = 10) {
    std::vector<std::pair<std::int64_t, bool>> all;
    for (const auto& row : read([&](Transaction& t) { return must(attributions_after(t, id, limit)); })) {
      all.emplace_back(row.attribution.id, row.in_force);
    }
    return all;
  };
  using Rows = std::vector<std::pair<std::int64_t, bool>>;
  EXPECT_EQ(after(0), (Rows{{first, false}, {second, true}, {third, true}}));
  EXPECT_EQ(after(0, 1), (Rows{{first, false}}));
  EXPECT_EQ(after(second), (Rows{{third, true}}));
  EXPECT_EQ(after(third), Rows{});
}

TEST_P(FlowTest, AChargeComesBackAsItWas) {
  const auto world = write(make_small_world);
  const auto posted = write([&](Transaction& t) { return post_session(t, world, "k"); });
  const auto charges = read([&](Transaction& t) { return must(charges_of(t, posted.session_id)); });
  ASSERT_EQ(charges.size(), 1u);
  for (const auto& charge :
       {charges[0], read([&](Transaction& t) { return must(find_charge(t, posted.charge.id)).value(); })}) {
    EXPECT_EQ(charge.id, posted.charge.id);
    EXPECT_EQ(charge.subject, "s" + std::to_string(posted.session_id));
    EXPECT_EQ(charge.customer_id, world.customer_id);
    EXPECT_EQ(charge.contract_id, world.contract_id);
    EXPECT_EQ(charge.template_id, world.template_id);
    EXPECT_EQ(charge.rating_version, 1);
    EXPECT_EQ(charge.seconds, 60);
    EXPECT_EQ(charge.minutes, 10);
    EXPECT_EQ(charge.amount, 250);
    EXPECT_EQ(charge.at, at(10'000));
    EXPECT_EQ(charge.tie, "key");
    EXPECT_EQ(charge.session_id, posted.session_id);
    EXPECT_FALSE(charge.voided);
    EXPECT_EQ(charge.steps, "[2]");
    EXPECT_EQ(charge.created, at(90'000));
    EXPECT_EQ(charge.parts, posted.charge.parts);
  }
  EXPECT_FALSE(read([](Transaction& t) { return must(find_charge(t, 99)); }));
  EXPECT_FALSE(read([](Transaction& t) { return must(newest_charge(t, "s99")); }));
}

TEST_P(FlowTest, OfASubjectTheNewestChargeIsInForceUntilItIsVoided) {
  const auto world = write(make_small_world);
  const auto posted = write([&](Transaction& t) { return post_session(t, world, "k"); });
  const auto in_force = [&](std::int64_t from = 0) {
    std::vector<std::int64_t> minutes;
    for (const auto& row :
         read([&](Transaction& t) { return must(charges_from(t, world.customer_id, at(from))); })) {
      minutes.push_back(row.minutes);
    }
    return minutes;
  };
  const auto add = [&](ChargeRow row) { write([&](Transaction& t) { must(add_charge(t, row)); }); };
  using Minutes = std::vector<std::int64_t>;
  EXPECT_EQ(in_force(), Minutes{10});
  EXPECT_EQ(in_force(10'000), Minutes{10});
  EXPECT_EQ(in_force(10'001), Minutes{});
  auto again = posted.charge;
  again.minutes = 30;
  add(again);
  EXPECT_EQ(in_force(), Minutes{30});
  EXPECT_EQ(read([&](Transaction& t) { return must(newest_charge(t, again.subject))->minutes; }), 30);
  auto series = posted.charge;
  series.subject = "r1";
  series.minutes = 50;
  series.at = at(9'000);
  add(series);
  EXPECT_EQ(in_force(), (Minutes{50, 30})) << "in order of time";
  again.voided = true;
  again.parts.clear();
  add(again);
  EXPECT_EQ(in_force(), Minutes{50});
  EXPECT_TRUE(read([](Transaction& t) { return must(charges_from(t, 99, at(0))); }).empty());
}

TEST_P(FlowTest, ABalanceIsASumAndACorrectionAnEntry) {
  const auto world = write(make_small_world);
  const auto posted = write([&](Transaction& t) {
    must(add_entry(t, grant_row(world, 600), ""));
    return post_session(t, world, "k");
  });
  const auto balance = [&] { return read([&](Transaction& t) { return balance_of(t, world.contract_id); }); };
  const auto open = [&] {
    return read([&](Transaction& t) { return must(open_entries_of_session(t, posted.session_id)).size(); });
  };
  EXPECT_EQ(balance(), 590);
  EXPECT_EQ(open(), 1u);
  EXPECT_TRUE(read([&](Transaction& t) { return must(is_open(t, posted.entry.id)); }));
  EXPECT_EQ(refused([&](Transaction& t) { return add_entry(t, posted.entry, "charge"); }),
            base::ErrorCode::conflict)
      << "one entry speaks for a subject";

  const auto reversal = reversal_of(posted.entry);
  write([&](Transaction& t) { must(add_entry(t, reversal, "")); });
  EXPECT_EQ(balance(), 600);
  EXPECT_EQ(open(), 0u);
  EXPECT_FALSE(read([&](Transaction& t) { return must(is_open(t, posted.entry.id)); }));
  EXPECT_EQ(refused([&](Transaction& t) { return add_entry(t, reversal, ""); }), base::ErrorCode::conflict)
      << "an entry is reversed once";
  write([&](Transaction& t) { must(add_entry(t, posted.entry, "charge")); });
  EXPECT_EQ(balance(), 590);

  const auto of_session =
      read([&](Transaction& t) { return must(entries_of_session(t, posted.session_id)); });
  ASSERT_EQ(of_session.size(), 3u);
  EXPECT_EQ(of_session[1].kind, "reversal");
  EXPECT_EQ(of_session[1].reverses_entry_id, posted.entry.id);
  EXPECT_EQ(of_session[1].reason, "under review");
  EXPECT_EQ(of_session[1].created, at(96'000));
  const auto of_contract =
      read([&](Transaction& t) { return must(entries_of_contract(t, world.contract_id)); });
  ASSERT_EQ(of_contract.size(), 4u);
  EXPECT_EQ(of_contract[0].kind, "grant");
  EXPECT_EQ(of_contract[0].session_id, std::nullopt);
  EXPECT_EQ(of_contract[1].charge_id, posted.charge.id);
}

TEST_P(FlowTest, AnEntryComesBackWithItsLines) {
  const auto world = write(make_small_world);
  const auto posted = write([&](Transaction& t) {
    must(add_entry(t, grant_row(world, 600), ""));
    return post_session(t, world, "k");
  });
  const auto found = read([&](Transaction& t) { return must(find_entry(t, posted.entry.id)).value(); });
  EXPECT_EQ(found.customer_id, world.customer_id);
  EXPECT_EQ(found.at, at(10'000));
  EXPECT_EQ(found.subject, posted.entry.subject);
  EXPECT_EQ(found.minutes, -10);
  EXPECT_EQ(found.amount, 0);
  EXPECT_EQ(found.lines, posted.entry.lines);
  EXPECT_FALSE(read([](Transaction& t) { return must(find_entry(t, 99)); }));
  const auto from = [&](std::int64_t ms) {
    return read([&](Transaction& t) { return must(entries_from(t, world.customer_id, at(ms))); });
  };
  ASSERT_EQ(from(0).size(), 2u);
  EXPECT_FALSE(from(0)[0].open) << "a person's entry stands";
  EXPECT_TRUE(from(0)[1].open);
  EXPECT_EQ(from(0)[1].entry.lines, posted.entry.lines);
  ASSERT_EQ(from(10'000).size(), 1u);
  EXPECT_TRUE(from(10'001).empty());
  auto unbalanced = posted.entry;
  unbalanced.subject = "s98";
  unbalanced.lines[0].quantity = 0;
  EXPECT_EQ(refused([&](Transaction& t) { return add_entry(t, unbalanced, "charge"); }),
            base::ErrorCode::conflict)
      << "no line of nothing";
}

TEST_P(FlowTest, LedgersArePlannedFromTheEarliestMomentAndAsSoonAsAnybodyAsks) {
  const auto world = write(make_small_world);
  write([&](Transaction& t) { must(planned(t, world.customer_id)); });
  const auto due = [&](std::int64_t now) {
    std::vector<std::int64_t> from;
    for (const auto& row : read([&](Transaction& t) { return must(ledgers_to_plan(t, at(now), 10)); })) {
      EXPECT_EQ(row.customer_id, world.customer_id);
      from.push_back(timing::to_ms(row.from));
    }
    return from;
  };
  using Moments = std::vector<std::int64_t>;
  const auto again = [&](std::int64_t from, std::int64_t when) {
    write([&](Transaction& t) { must(plan_again(t, world.customer_id, at(from), at(when))); });
  };
  EXPECT_EQ(due(1'000'000), Moments{});
  again(500, 500);
  EXPECT_EQ(due(499), Moments{});
  EXPECT_EQ(due(500), Moments{500});
  again(700, 0);
  EXPECT_EQ(due(1), Moments{500}) << "from the earlier one, at once";
  again(300, 900);
  EXPECT_EQ(due(1), Moments{300});
  write([&](Transaction& t) { must(planned(t, world.customer_id)); });
  EXPECT_EQ(due(1'000'000), Moments{});
}

}  // namespace
}  // namespace collector::store
