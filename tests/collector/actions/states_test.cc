// What may be done to a session in which state: active is locked, under review is open, billed is frozen.

#include <functional>
#include <map>

#include "collector/actions/adjustments.h"
#include "collector/store/decisions.h"
#include "tests/collector/actions/desk_office.h"

namespace collector::actions {
namespace {

class StatesTest : public DeskOffice {
 protected:
  using Write = std::function<base::Status(store::Transaction&, std::int64_t)>;

  // Every write about one session there is.
  std::map<std::string, Write> writes() {
    const auto change = [this](auto set) -> Write {
      return [this, set](store::Transaction& t, std::int64_t session) {
        SessionChange what;
        set(what);
        return change_session(t, mary(), session, what, store::utc_start_of_day);
      };
    };
    return {
        {"change minutes", change([](SessionChange& c) { c.minutes = 25; })},
        {"change no charge", change([](SessionChange& c) { c.no_charge = true; })},
        {"change comment", change([](SessionChange& c) { c.comment = "Other"; })},
        {"change technician", change([](SessionChange& c) { c.technician = 1; })},
        {"change customer", change([](SessionChange& c) { c.customer = "lawyer"; })},
        {"change work type", change([](SessionChange& c) { c.work_type = "travel"; })},
        {"reset", change([](SessionChange& c) { c.reset.emplace_back("released"); })},
        {"release", [this](auto& t, auto session) { return release_session(t, mary(), session); }},
        {"hold", [this](auto& t, auto session) { return hold_session(t, mary(), session); }},
        {"withdraw", [this](auto& t, auto session) { return withdraw_session(t, mary(), session); }},
        {"join",
         [this](auto& t, auto session) -> base::Status {
           const auto joined = join_series(t, mary(), {session, other_});
           return joined ? base::Status{} : std::unexpected{joined.error()};
         }},
        {"leave", [this](auto& t, auto session) { return leave_series(t, mary(), session); }},
        {"dismiss", [this](auto& t, auto session) { return dismiss_series(t, mary(), {session, other_}); }},
    };
  }
  void all_refused(const std::string& key, const std::string& why) {
    const auto session = id(key);
    const auto before = summary();
    for (const auto& [name, write] : writes()) {
      const auto done = connection_.transaction([&](store::Transaction& t) { return write(t, session); });
      ASSERT_FALSE(done) << name;
      EXPECT_EQ(done.error().code, base::ErrorCode::conflict) << name;
      EXPECT_NE(done.error().message.find(why), std::string::npos) << name << ": " << done.error().message;
    }
    run();
    EXPECT_EQ(summary(), before);
  }

  std::int64_t other_ = 0;  // A session beside it.
};
INSTANTIATE_TEST_SUITE_P(On, StatesTest, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(StatesTest, ASessionInProgressIsLocked) {
  worked("other", kBakery, 100, 5min, "Mail");
  other_ = id("other");
  receive({pipeline::active(completed("running", kBakery, at_min(0), 5min))});
  run();
  all_refused("running", "is in progress: it can be changed when it has ended");
  const auto session = id("running");
  const auto adjusted = connection_.transaction(
      [&](store::Transaction& t) { return adjust_session(t, mary(), session, {.minutes = 5}); });
  EXPECT_EQ(adjusted.error().code, base::ErrorCode::conflict);
}

TEST_P(StatesTest, ABilledSessionTakesAnAdjustmentAndNothingElse) {
  worked("other", kBakery, 100, 5min, "Mail");
  other_ = id("other");
  worked("a", kBakery, 0, 5min, "Printer");
  bill("a");
  all_refused("a", "is billed with INV-7 and frozen: only an adjustment can correct it");
  const auto session = id("a");
  must(connection_.transaction(
      [&](store::Transaction& t) { return adjust_session(t, mary(), session, {.minutes = 5}); }));
  run();
  EXPECT_EQ(balance("bakery"), 60 - 10 - 10 + 5);
}

TEST_P(StatesTest, WhatIsChargedTogetherWithABilledSessionIsFrozen) {
  worked("other", kBakery, 100, 5min, "Mail");
  other_ = id("other");
  worked("a", kBakery, 0, 5min, "Printer");
  worked("b", kBakery, 20, 5min, "Printer");
  join({"a", "b"});
  run();
  bill("a");
  all_refused("b", "is billed with INV-7 and frozen");
}

TEST_P(StatesTest, WhatIsNotBilledIsChangedAndNotAdjusted) {
  worked("a", kBakery, 0, 5min, "Printer");
  const auto session = id("a");
  const auto adjusted = connection_.transaction(
      [&](store::Transaction& t) { return adjust_session(t, mary(), session, {.minutes = 5}); });
  EXPECT_EQ(adjusted.error().code, base::ErrorCode::conflict);
  EXPECT_NE(adjusted.error().message.find("it can still be changed"), std::string::npos);
}

// N37: edited under review -> changed -> looked at again once -> charged, told, clean.
TEST_P(StatesTest, AnEditedSessionIsChangedUntilTheNextRunWhichHappensOnce) {
  worked("a", kBakery, 0, 5min, "Printer ~");
  ASSERT_EQ(state("a"), "review [\"hold\"]");
  EXPECT_FALSE(row("a").changed);
  SessionChange comment;
  comment.comment = "Printer {20}";
  change("a", comment);
  EXPECT_TRUE(row("a").changed);
  EXPECT_EQ(state("a"), "review [\"hold\"]") << "until the next run";
  run();
  EXPECT_FALSE(row("a").changed);
  EXPECT_EQ(state("a"), "ready 20");
  EXPECT_EQ(balance("bakery"), 40);
  EXPECT_EQ(attributions("a"), 2u);
  EXPECT_EQ(run(), 0) << "the cycle is idempotent";
  EXPECT_EQ(attributions("a"), 2u);
  EXPECT_EQ(entries("a"), (std::vector<std::int64_t>{-20}));
  clock_.now += 2h;
  run();
  EXPECT_EQ(mails().size(), 1u);
}

// N36: by the tag, or by a person with who and when.
TEST_P(StatesTest, NoChargeIsSetByTheTagOrByAPersonWhoIsNamed) {
  worked("tag", kBakery, 0, 5min, "Printer #");
  worked("person", kBakery, 20, 5min, "Printer");
  SessionChange nothing;
  nothing.no_charge = true;
  change("person", nothing, "a gift");
  run();
  EXPECT_EQ(row("tag").no_charge, 1);
  EXPECT_EQ(row("person").no_charge, 1);
  EXPECT_EQ(balance("bakery"), 60);
  const auto session = id("person");
  const auto decisions = read([&](store::Transaction& t) { return must(store::decisions_of(t, session)); });
  ASSERT_EQ(decisions.size(), 1u);
  EXPECT_EQ(decisions[0].who, "mary");
  EXPECT_EQ(decisions[0].why, "a gift");
  EXPECT_EQ(decisions[0].decided, clock_.now);
  SessionChange charge;
  charge.no_charge = false;
  change("person", charge, "not a gift");
  run();
  EXPECT_EQ(state("person"), "ready 10");
}

}  // namespace
}  // namespace collector::actions
