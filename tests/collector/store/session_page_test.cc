#include "collector/store/session_page.h"

#include <algorithm>

#include "collector/store/decisions.h"
#include "collector/store/session.h"
#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::store {
namespace {

STORE_SUITE(SessionPageTest);

using Ids = std::vector<std::int64_t>;

Ids ids_of(const std::vector<Place>& places) {
  Ids ids;
  for (const auto& place : places) ids.push_back(place.session_id);
  return ids;
}

std::vector<Place> page(Transaction& t, const PageFilter& filter, const Place& behind = {},
                        std::int64_t limit = 100) {
  return must(session_page(t, filter, behind, limit));
}

// Sessions that begin at 1, 2, ... s.
Ids make_sessions(Transaction& t, const SmallWorld& world, int count) {
  Ids ids;
  for (int i = 1; i <= count; ++i) {
    auto row = session_row(world, "k" + std::to_string(i));
    row.started = at(i * 1'000);
    row.ended = at(i * 1'000 + 500);
    ids.push_back(must(upsert_session(t, row)).id);
  }
  return ids;
}

TEST_P(SessionPageTest, PagesFollowEachOtherWithoutAGapOrARepeat) {
  const auto world = write(make_small_world);
  const auto ids = write([&](Transaction& t) {
    auto made = make_sessions(t, world, 5);
    // Two of one moment, and one whose start a person stated in the midst of all.
    auto row = session_row(world, "twin");
    row.started = at(3'000);
    made.push_back(must(upsert_session(t, row)).id);
    row = session_row(world, "stated");
    row.started = {};
    row.requested = at(9'000);
    made.push_back(must(upsert_session(t, row)).id);
    auto attribution = attribution_row(world, made.back(), "ready");
    attribution.stated_start = at(3'500);
    must(add_attribution(t, attribution));
    return made;
  });
  const Ids all{ids[4], ids[3], ids[6], ids[5], ids[2], ids[1], ids[0]};
  for (std::int64_t limit = 1; limit <= 8; ++limit) {
    read([&](Transaction& t) {
      Ids found;
      Place behind;
      while (true) {
        const auto places = page(t, {}, behind, limit);
        EXPECT_LE(std::ssize(places), limit);
        if (places.empty()) break;
        for (const auto& place : places) found.push_back(place.session_id);
        behind = places.back();
      }
      EXPECT_EQ(found, all) << limit;
    });
  }
  read([&](Transaction& t) {
    EXPECT_EQ(ids_of(page(t, {.from = at(3'000)})), (Ids{ids[4], ids[3], ids[6], ids[5], ids[2]}));
    const Place before{.moment = at(3'500), .session_id = std::numeric_limits<std::int64_t>::min()};
    EXPECT_EQ(ids_of(page(t, {.from = at(2'000)}, before)), (Ids{ids[5], ids[2], ids[1]}));
  });
}

TEST_P(SessionPageTest, WhatIsFewIsFoundByItself) {
  const auto world = write(make_small_world);
  const auto ids = write([&](Transaction& t) { return make_sessions(t, world, 4); });
  write([&](Transaction& t) {
    must(add_attribution(t, attribution_row(world, ids[0], "ready")));
    must(add_attribution(t, attribution_row(world, ids[1], "review")));
    must(add_attribution(t, attribution_row(world, ids[2], "ready")));
    must(add_decision(t,
                      {.session_id = ids[3], .decided = at(1), .who = "mary", .why = "", .withdrawn = true}));
    const auto attribution = must(latest_attribution(t, ids[2]));
    auto charge = charge_row(world, ids[2], attribution->id);
    charge.id = must(add_charge(t, charge));
    auto entry = entry_row(charge);
    entry.kind = "hold";
    entry.lines.clear();
    must(add_entry(t, entry, "charge"));
    t.session().script("INSERT INTO billed_session VALUES (" + std::to_string(ids[0]) + ", 'INV-1', 1)");
  });
  const auto found = [&](const PageFilter& filter) {
    return read([&](Transaction& t) { return ids_of(page(t, filter)); });
  };
  EXPECT_EQ(found({.among = Among::unsettled}), (Ids{ids[3], ids[1]}));
  EXPECT_EQ(found({.among = Among::held}), Ids{ids[2]});
  EXPECT_EQ(found({.among = Among::withdrawn}), Ids{ids[3]});
  EXPECT_EQ(found({.among = Among::customer, .customer_id = world.customer_id}),
            (Ids{ids[2], ids[1], ids[0]}));
  EXPECT_EQ(found({.among = Among::customer, .customer_id = world.customer_id + 1}), Ids{});
  EXPECT_EQ(
      found(
          {.among = Among::customer, .customer_id = world.customer_id, .contract_id = world.contract_id + 1}),
      Ids{});
  EXPECT_EQ(found({.technician_id = world.technician_id}), (Ids{ids[2], ids[1], ids[0]}));
  EXPECT_EQ(found({.technician_id = world.technician_id + 1}), Ids{});
  EXPECT_EQ(found({.outcome = "active"}), Ids{});
  EXPECT_EQ(found({.billed = true}), Ids{ids[0]});
  EXPECT_EQ(found({.billed = false}), (Ids{ids[3], ids[2], ids[1]}));
}

TEST_P(SessionPageTest, WhoServedWhen) {
  constexpr std::int64_t kDay = 86'400'000;
  const auto world = write(make_small_world);
  const auto id = write([&](Transaction& t) {
    Ids made;
    const auto add = [&](const std::string& key, std::int64_t begin, std::int64_t end, bool attributed) {
      auto row = session_row(world, key);
      row.started = at(begin);
      row.ended = at(end);
      made.push_back(must(upsert_session(t, row)).id);
      if (attributed) must(add_attribution(t, attribution_row(world, made.back(), "ready")));
    };
    add("first", 1'000, 2'000, true);
    add("of nobody", 1'000, 2'000, false);
    add("long", 5'000, 6'000 + kDay, true);
    add("next day", kDay, kDay + 1'000, true);
    return made;
  });
  read([&](Transaction& t) {
    Ids found;
    for (const auto& row : must(served_between(t, at(0), at(kDay)))) {
      EXPECT_EQ(row.technician_id, world.technician_id);
      found.push_back(row.session_id);
    }
    std::ranges::sort(found);
    EXPECT_EQ(found, (Ids{id[0], id[2]}));
    const auto odd = must(served_oddly(t));
    ASSERT_EQ(odd.size(), 1u);
    EXPECT_EQ(odd[0].session_id, id[2]);
    EXPECT_EQ(odd[0].end, at(6'000 + kDay));
  });
}

}  // namespace
}  // namespace collector::store
