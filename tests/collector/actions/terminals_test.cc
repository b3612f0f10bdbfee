#include "collector/actions/terminals.h"

#include "collector/store/terminals.h"
#include "tests/collector/actions/firm.h"

namespace collector::actions {
namespace {

constexpr const char* kTill = "410100201";

class TerminalsTest : public FirmTest {
 protected:
  void SetUp() override {
    add_customer("mill", "Mill");
    add_customer("law", "Law");
  }
  auto assign(const std::string& customer, std::int64_t now_ms, std::optional<std::int64_t> from_ms = {},
              std::optional<std::string> description = {}) {
    return [=, this](Transaction& t) {
      Assignment wanted{.address = "410 100 201", .customer = customer, .description = description};
      if (from_ms) wanted.from = at(*from_ms);
      return assign_terminal(t, actor(now_ms), wanted);
    };
  }
  Assigned must_assign(const std::string& customer, std::int64_t now_ms,
                       std::optional<std::int64_t> from_ms = {},
                       std::optional<std::string> description = {}) {
    return write([&](Transaction& t) { return must(assign(customer, now_ms, from_ms, description)(t)); });
  }
  // "mill - 100", "law 100 -": whose it was, in time; withdrawn ones in brackets.
  std::vector<std::string> history() {
    return read([](Transaction& t) {
      std::vector<std::string> words;
      const auto bound = [](const std::optional<timing::UtcMs>& moment) {
        return moment ? std::to_string(timing::to_ms(*moment)) : std::string{"-"};
      };
      for (const auto& row : must(store::terminals_of_address(t, kTill))) {
        const std::string owner = row.customer_id == must(the_customer(t, "mill")).id ? "mill" : "law";
        const auto text = owner + " " + bound(row.valid_from) + " " + bound(row.valid_to);
        words.push_back(row.withdrawn ? "(" + text + ")" : text);
      }
      return words;
    });
  }
};
INSTANTIATE_TEST_SUITE_P(On, TerminalsTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);
using Words = std::vector<std::string>;

TEST_P(TerminalsTest, NobodysIsAssignedFromAlways) {
  const auto assigned = must_assign("mill", 1'000, {}, "Till");
  EXPECT_TRUE(assigned.done.created);
  EXPECT_EQ(assigned.terminal.description, "Till");
  EXPECT_FALSE(assigned.former);
  EXPECT_EQ(history(), Words{"mill - -"});
  EXPECT_EQ(version(), 3);
  EXPECT_EQ(newest_change().after,
            R"({"address":"410100201","customer":"mill","description":"Till","valid_from_utc":null,)"
            R"("valid_to_utc":null,"withdrawn_utc":null})");
}

TEST_P(TerminalsTest, AMoveClosesOneTimeAndOpensAnother) {
  must_assign("mill", 1'000, {}, "Till");
  const auto moved = must_assign("law", 2'000);
  EXPECT_EQ(moved.former, "mill");
  EXPECT_EQ(moved.terminal.description, "");
  EXPECT_EQ(history(), (Words{"mill - 2000", "law 2000 -"}));
  EXPECT_EQ(must_assign("mill", 3'000, 2'500).former, "law");
  EXPECT_EQ(history(), (Words{"mill - 2000", "law 2000 2500", "mill 2500 -"}));
  const auto again = must_assign("mill", 4'000);
  EXPECT_FALSE(again.done.changed) << "it is his already";
  EXPECT_EQ(again.terminal.description, "Till") << "as he called it before";
  EXPECT_TRUE(must_assign("mill", 4'000, {}, "Counter").done.changed);
  EXPECT_EQ(noted(),
            (Words{"create customer mill", "create customer law", "create terminal 410100201",
                   "change terminal 410100201", "create terminal 410100201", "change terminal 410100201",
                   "create terminal 410100201", "change terminal 410100201"}));
}

TEST_P(TerminalsTest, WhoseItWasIsNotOverwritten) {
  must_assign("mill", 1'000, 1'000);
  must_assign("law", 2'000);
  for (const std::int64_t from : {0, 500, 1'000, 1'500, 1'999, 2'000}) {
    EXPECT_EQ(refused(assign("mill", 3'000, from)), ErrorCode::conflict) << from;
  }
  EXPECT_EQ(
      message_,
      "overlapping validity: 410100201 belongs to law from 1970-01-01T00:00:02.000Z on, and whose it was "
      "is not overwritten; begin after that, or if it never was theirs use: terminals release 410100201 "
      "--mistake");
  EXPECT_EQ(refused(assign("law", 3'000, 1'500)), ErrorCode::conflict) << "nor by the present owner";
  EXPECT_EQ(history(), (Words{"mill 1000 2000", "law 2000 -"}));
}

TEST_P(TerminalsTest, TheOwnersTimeIsCarriedBackOverTimeThatIsNobodys) {
  must_assign("mill", 1'000, 1'000);
  EXPECT_TRUE(must_assign("mill", 1'000, 500).done.changed);
  EXPECT_EQ(history(), Words{"mill 500 -"});
  EXPECT_FALSE(must_assign("mill", 1'000, 700).done.changed) << "he has it since then";
  EXPECT_EQ(history(), Words{"mill 500 -"});
}

TEST_P(TerminalsTest, AReleasedOneGoesToTheNextFromThere) {
  must_assign("mill", 1'000);
  const auto release = [&](std::int64_t now_ms) {
    return [=, this](Transaction& t) { return release_terminal(t, actor(now_ms), kTill, at(now_ms)); };
  };
  write([&](Transaction& t) { must(release(2'000)(t)); });
  EXPECT_EQ(history(), Words{"mill - 2000"});
  EXPECT_EQ(refused(release(3'000)), ErrorCode::not_found);
  EXPECT_NE(message_.find("410100201 is nobody's terminal at 1970-01-01T00:00:03.000Z"), std::string::npos);
  must_assign("law", 9'000);
  EXPECT_EQ(history(), (Words{"mill - 2000", "law 2000 -"})) << "what waited since then is law's";
  EXPECT_EQ(refused(release(2'000)), ErrorCode::invalid_argument) << "law never had it then";
}

TEST_P(TerminalsTest, AMistakeIsWithdrawnAndStaysReadable) {
  must_assign("law", 1'000);
  const auto withdraw = [&](const std::string& why) {
    return [=, this](Transaction& t) { return withdraw_terminal(t, actor(2'000, why), kTill, at(2'000)); };
  };
  EXPECT_EQ(refused(withdraw("")), ErrorCode::invalid_argument);
  write([&](Transaction& t) { must(withdraw("the wrong customer")(t)); });
  EXPECT_EQ(newest_change().why, "the wrong customer");
  must_assign("mill", 3'000);
  EXPECT_EQ(history(), (Words{"mill - -", "(law - -)"}));
  write([&](Transaction& t) {
    const auto zone = [](auto, const auto&) { return base::Result<timing::UtcMs>{}; };
    EXPECT_EQ(must(store::load_directory(t, zone)).terminals.size(), 1u) << "attribution never sees it";
    EXPECT_EQ(must(store::terminal_addresses_at(t, at(5'000))), Words{kTill});
  });
}

TEST_P(TerminalsTest, WhatIsWrongIsNamed) {
  EXPECT_EQ(refused(assign("mil", 1'000)), ErrorCode::not_found);
  EXPECT_EQ(refused([&](Transaction& t) {
              return assign_terminal(t, actor(), {.address = "12x", .customer = "mill"});
            }),
            ErrorCode::invalid_argument);
  EXPECT_EQ(message_, "address '12x' is no AnyDesk ID (digits) or alias (name@namespace)");
  EXPECT_EQ(refused(assign("mill", 1'000, {}, std::string(501, 'd'))), ErrorCode::invalid_argument);
  EXPECT_TRUE(history().empty());
}

TEST_P(TerminalsTest, TheDatabaseKeepsTheHistory) {
  must_assign("mill", 1'000);
  must_assign("law", 2'000);
  for (const char* statement :
       {"DELETE FROM terminal", "UPDATE terminal SET customer_id = 2", "UPDATE terminal SET address = '1'",
        "UPDATE terminal SET valid_to_ms = NULL",
        "INSERT INTO terminal (customer_id, address, description) VALUES (1, '410100201', '')",
        "INSERT INTO terminal (customer_id, address, description, valid_from_ms, valid_to_ms) VALUES (1, "
        "'410100201', '', 1999, 2000)"}) {
    EXPECT_EQ(refused([&](Transaction& t) -> base::Status {
                t.session().script(statement);
                return {};
              }),
              ErrorCode::conflict)
        << statement;
  }
  EXPECT_EQ(history(), (Words{"mill - 2000", "law 2000 -"}));
}

}  // namespace
}  // namespace collector::actions
