// The chain of changes by persons.

#include "collector/store/changes.h"

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

INSTANTIATE_TEST_SUITE_P(On, ChangesTest, testing::Values(Dialect::sqlite, Dialect::postgresql),
                         dialect_name);

}  // namespace
}  // namespace collector::store
