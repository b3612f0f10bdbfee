// Work on the phone or on site, entered by a person.

#include "tests/collector/actions/desk_office.h"

namespace collector::actions {
namespace {

class ManualSessionTest : public DeskOffice {
 protected:
  EnteredSession call() {
    return {.customer = "bakery",
            .terminal = {},
            .technician = 1,
            .started = at_min(0),
            .duration = 25min,
            .work_type = "phone",
            .comment = "Explained the printer"};
  }
  std::int64_t add(const EnteredSession& entered) {
    return write([&](store::Transaction& t) {
      return must(add_session(t, mary(), entered, store::utc_start_of_day));
    });
  }
  std::string key_of(std::int64_t session) {
    return read(
        [&](store::Transaction& t) { return must(store::find_session(t, session)).value().session_key; });
  }
  void at_noon() { clock_.now = at_min(240); }
};
INSTANTIATE_TEST_SUITE_P(On, ManualSessionTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(ManualSessionTest, IsChargedAndToldLikeAnyOther) {
  at_noon();
  const auto key = key_of(add(call()));
  run();
  EXPECT_EQ(state(key), "ready 30");
  EXPECT_EQ(row(key).technician_rule, "manual");
  EXPECT_EQ(row(key).work_type, "phone");
  EXPECT_EQ(row(key).session.agent_id, "");
  EXPECT_EQ(balance("bakery"), 30);
  clock_.now += 61min;
  run();
  ASSERT_EQ(inbox_->mails.size(), 1u);
  EXPECT_NE(inbox_->mails[0].find("Explained the printer"), std::string::npos);
  EXPECT_NE(inbox_->mails[0].find("phone"), std::string::npos);
}

TEST_P(ManualSessionTest, TagsWork) {
  at_noon();
  auto entered = call();
  entered.comment = "Explained the printer {5}";
  const auto key = key_of(add(entered));
  run();
  EXPECT_EQ(state(key), "ready 5");
  EXPECT_EQ(row(key).text, "Explained the printer");
}

TEST_P(ManualSessionTest, HeldAndReleased) {
  at_noon();
  auto entered = call();
  entered.comment = "~ more tomorrow";
  const auto key = key_of(add(entered));
  run();
  EXPECT_EQ(state(key), "review [\"hold\"]");
  release(key);
  run();
  EXPECT_EQ(state(key), "ready 30");
}

TEST_P(ManualSessionTest, ItsTerminalIsShown) {
  at_noon();
  auto entered = call();
  entered.terminal = kBakery;
  const auto key = key_of(add(entered));
  run();
  EXPECT_EQ(row(key).terminal_description, "bakery's till");
}

TEST_P(ManualSessionTest, WithdrawnNothingIsChargedAndTheRowStays) {
  at_noon();
  const auto session = add(call());
  const auto key = key_of(session);
  run();
  write([&](store::Transaction& t) { must(withdraw_session(t, mary("entered twice"), session)); });
  EXPECT_TRUE(row(key).withdrawn);
  run();
  EXPECT_EQ(state(key), "review [\"withdrawn\"]");
  EXPECT_EQ(balance("bakery"), 60);
  clock_.now += 61min;
  run();
  EXPECT_TRUE(inbox_->mails.empty());
  for (const auto& again : {std::string{"release"}, std::string{"change"}, std::string{"withdraw"}}) {
    EXPECT_EQ(refused([&](store::Transaction& t) {
                SessionChange minutes;
                minutes.minutes = 5;
                if (again == "release") return release_session(t, mary(), session);
                if (again == "withdraw") return withdraw_session(t, mary(), session);
                return change_session(t, mary(), session, minutes, store::utc_start_of_day);
              }),
              base::ErrorCode::conflict)
        << again;
    EXPECT_NE(message_.find("was withdrawn by mary"), std::string::npos) << message_;
  }
}

TEST_P(ManualSessionTest, OnlyWhatAPersonEnteredIsWithdrawn) {
  worked("a", kBakery, 0, 5min, "Printer");
  const auto session = id("a");
  EXPECT_EQ(refused([&](store::Transaction& t) { return withdraw_session(t, mary(), session); }),
            base::ErrorCode::conflict);
  EXPECT_NE(message_.find("--no-charge"), std::string::npos) << message_;
}

TEST_P(ManualSessionTest, WhatCannotBeIsRefusedAndNothingIsLeft) {
  at_noon();
  struct Row {
    const char* message;
    std::function<void(EnteredSession&)> spoil;
  };
  const Row table[] = {
      {"customer 'who': there is no such code", [](EnteredSession& e) { e.customer = "who"; }},
      {"technician '9': there is no such number", [](EnteredSession& e) { e.technician = 9; }},
      {"terminal '1': the customer has no such address", [](EnteredSession& e) { e.terminal = "1"; }},
      {"work type 'remote': phone or on_site", [](EnteredSession& e) { e.work_type = "remote"; }},
      {"duration '0 s'", [](EnteredSession& e) { e.duration = 0s; }},
      {"duration '-60 s'", [](EnteredSession& e) { e.duration = -60s; }},
      {"it has not ended yet", [](EnteredSession& e) { e.started = at_min(230); }},
  };
  for (const auto& one : table) {
    auto entered = call();
    one.spoil(entered);
    EXPECT_EQ(refused([&](store::Transaction& t) {
                return add_session(t, mary(), entered, store::utc_start_of_day);
              }),
              base::ErrorCode::invalid_argument)
        << one.message;
    EXPECT_NE(message_.find(one.message), std::string::npos) << message_;
  }
  EXPECT_TRUE(summary().sessions.empty());
}

}  // namespace
}  // namespace collector::actions
