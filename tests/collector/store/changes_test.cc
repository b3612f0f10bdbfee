// The chain of changes by persons.

#include "collector/store/changes.h"

#include "collector/store/log.h"
#include "collector/store/session.h"
#include "common/crypto/digest.h"
#include "common/record/signed_text.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::store {
namespace {

class ChangesTest : public StoreTest {
 protected:
  std::int64_t note(const Change& change, std::int64_t ms) {
    return write([&](Transaction& t) { return must(note_change(t, change, at(ms))); });
  }
};

const Change kBakery{.who = "mary",
                     .action = "create",
                     .object = "customer",
                     .key = "bakery",
                     .before = "",
                     .after = R"({"name":"Old Mill"})",
                     .why = ""};

TEST_P(ChangesTest, EachIsHashedWithTheOneBefore) {
  auto second = kBakery;
  second.action = "change";
  second.before = kBakery.after;
  second.why = "Renamed — Παλιός Μύλος";
  EXPECT_EQ(note(kBakery, 1'000), 1);
  EXPECT_EQ(note(second, 2'000), 2);
  const auto rows = read([](Transaction& t) { return must(list_changes(t, {})); });
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].change.why, second.why);
  crypto::Digest previous;
  for (const auto& row : {rows[1], rows[0]}) {
    previous = crypto::sha256(
        record::change_text({.number = static_cast<std::uint64_t>(row.number),
                             .previous = previous,
                             .changed_utc_ms = static_cast<std::uint64_t>(timing::to_ms(row.changed)),
                             .who = row.change.who,
                             .action = row.change.action,
                             .object = row.change.object,
                             .key = row.change.key,
                             .before = row.change.before,
                             .after = row.change.after,
                             .why = row.change.why}));
    EXPECT_EQ(row.hash, previous.bytes()) << row.number;
  }
}

TEST_P(ChangesTest, AreFoundByWhatTheyChanged) {
  auto other = kBakery;
  other.key = "lawyer";
  auto terminal = kBakery;
  terminal.object = "terminal";
  note(kBakery, 1);
  note(other, 2);
  note(terminal, 3);
  const auto numbers = [&](const ChangeFilter& filter) {
    std::vector<std::int64_t> all;
    for (const auto& row : read([&](Transaction& t) { return must(list_changes(t, filter)); }))
      all.push_back(row.number);
    return all;
  };
  using Numbers = std::vector<std::int64_t>;
  EXPECT_EQ(numbers({}), (Numbers{3, 2, 1}));
  EXPECT_EQ(numbers({.limit = 2}), (Numbers{3, 2}));
  EXPECT_EQ(numbers({.object = "customer"}), (Numbers{2, 1}));
  EXPECT_EQ(numbers({.object = "customer", .key = "bakery"}), (Numbers{1}));
}

TEST_P(ChangesTest, NobodyOrNothingIsRefused) {
  for (auto field : {&Change::who, &Change::action, &Change::object}) {
    auto change = kBakery;
    (change.*field).clear();
    EXPECT_EQ(refused([&](Transaction& t) { return note_change(t, change, at(1)); }),
              base::ErrorCode::invalid_argument);
  }
}

TEST_P(ChangesTest, OneThatIsTooLargeIsRefused) {
  auto change = kBakery;
  change.after = std::string(change_bytes_max, 'x');
  EXPECT_EQ(refused([&](Transaction& t) { return note_change(t, change, at(1)); }),
            base::ErrorCode::invalid_argument);
  EXPECT_NE(message_.find("too large"), std::string::npos) << message_;
}

// What nobody does by way of this program.
TEST_P(ChangesTest, AnEndThatWasTakenAwayLeavesAGap) {
  note(kBakery, 1);
  note(kBakery, 2);
  write([](Transaction& t) {
    t.session().script(t.session().dialect() == Dialect::sqlite ? "DROP TRIGGER change_no_delete"
                                                                : "ALTER TABLE change DISABLE TRIGGER USER");
    t.session().script("DELETE FROM change WHERE number = 2");
  });
  EXPECT_EQ(note(kBakery, 3), 3);
}

TEST_P(ChangesTest, NothingIsNotedBehindAnEndThatWasSetBack) {
  note(kBakery, 1);
  note(kBakery, 2);
  for (const char* sql : {"UPDATE change_state SET number = 1", "DELETE FROM change_state"}) {
    write([&](Transaction& t) { t.session().script(sql); });
    EXPECT_EQ(refused([&](Transaction& t) { return note_change(t, kBakery, at(3)); }),
              base::ErrorCode::corrupt);
    EXPECT_NE(message_.find("deskledger-collector verify"), std::string::npos) << message_;
  }
}

TEST_P(ChangesTest, TheNewestIsOneOfTheHeadsThatMovedUntilTheLogHasIt) {
  const auto moved = [&] { return read([](Transaction& t) { return must(streams_to_log(t, 10)); }); };
  EXPECT_TRUE(moved().empty());
  note(kBakery, 1);
  note(kBakery, 2);
  const auto heads = moved();
  ASSERT_EQ(heads.size(), 1u);
  EXPECT_EQ(heads[0].agent_id, std::string(16, '\0'));
  EXPECT_EQ(heads[0].epoch, 0);
  EXPECT_EQ(heads[0].committed_seq, 2);
  EXPECT_EQ(heads[0].head, read([](Transaction& t) { return must(list_changes(t, {.limit = 1})); })[0].hash);
  write([&](Transaction& t) { must(append_leaves(t, 0, heads, at(3))); });
  EXPECT_TRUE(moved().empty());
  note(kBakery, 4);
  EXPECT_EQ(moved().size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(On, ChangesTest, testing::Values(Dialect::sqlite, Dialect::postgresql),
                         dialect_name);

}  // namespace
}  // namespace collector::store
