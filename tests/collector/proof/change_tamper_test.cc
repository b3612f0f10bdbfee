// Whatever is changed about the chain of changes is found, and the first change that is concerned is named.
// Seven changes, of which the log has the heads of the third, the fifth and the seventh.

#include "collector/proof/log.h"
#include "common/base/hex.h"
#include "tests/collector/proof/world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::proof {
namespace {

using store::must;

constexpr std::int64_t kLast = 7;

class ChangeTamperTest : public testing::TestWithParam<store::Dialect> {
 protected:
  ChangeTamperTest()
      : url_{GetParam() == store::Dialect::sqlite ? support::migrated_sqlite_url()
                                                  : support::migrated_postgres_url()},
        folder_{own_folder("changes")},
        world_{url_, folder_},
        database_{must(store::Connection::open(url_))} {
    for (const int n : {3, 2, 2}) {
      world_.note(database_, n);
      world_.log(database_);
    }
  }
  ~ChangeTamperTest() override { std::filesystem::remove_all(folder_); }

  // Of the database; a bundle of it must say the same.
  std::string after(const std::string& sql) {
    tamper(url_, sql);
    return now();
  }
  std::string now() {
    const auto report = verify(url_, world_.options());
    const auto text = told(report);
    EXPECT_EQ(told(verify_by_bundle(url_, world_.options(), world_.keys())), text);
    what_ = report.findings.empty() ? "" : report.findings.back().what;
    return text;
  }
  // Oldest first.
  std::vector<store::ChangeRow> rows() {
    std::vector<store::ChangeRow> all;
    must(database_.read([&](store::Transaction& tx) -> base::Status {
      all = must(store::list_changes(tx, {.limit = 1'000}));
      return {};
    }));
    return {all.rbegin(), all.rend()};
  }
  // Statements that give `number` another reason and hash it anew, and all that follows up to `last`.
  std::string hashed_anew(std::int64_t number, std::int64_t last) {
    auto all = rows();
    all.at(static_cast<std::size_t>(number - 1)).change.why = "forged";
    std::string sql;
    std::string previous = number == 1 ? "" : all.at(static_cast<std::size_t>(number - 2)).hash;
    for (auto n = number; n <= last; ++n) {
      const auto& row = all.at(static_cast<std::size_t>(n - 1));
      previous = std::string{chained(row, previous).bytes()};
      sql += "UPDATE change SET why = '" + row.change.why + "', hash = '" + base::to_hex(previous) +
             "' WHERE number = " + std::to_string(n) + ";";
    }
    return sql + (last == all.back().number
                      ? "UPDATE change_state SET head = '" + base::to_hex(previous) + "'"
                      : "");
  }
  static std::string set(const std::string& what, std::int64_t number) {
    return "UPDATE change SET " + what + " WHERE number = " + std::to_string(number) + ";";
  }
  static std::string move(std::int64_t number, std::int64_t to) {
    return set("number = " + std::to_string(to), number);
  }
  // Moves all from `number` on by one, up or down; the primary key sees no two of one number meanwhile.
  static std::string shift(std::int64_t number, const std::string& by) {
    return "UPDATE change SET number = number + 1000 WHERE number >= " + std::to_string(number) +
           "; UPDATE change SET number = number - 1000 " + by + " WHERE number >= 1000;";
  }
  static std::string copy(std::int64_t number, std::int64_t to, const std::string& hash = "hash") {
    return "INSERT INTO change SELECT " + std::to_string(to) +
           ", changed_ms, who, action, object, object_key, before, after, why, " + hash +
           " FROM change WHERE number = " + std::to_string(number) + ";";
  }

  std::string url_;
  std::filesystem::path folder_;
  World world_;
  store::Connection database_;
  std::string what_;  // Of the last finding.
};
INSTANTIATE_TEST_SUITE_P(On, ChangeTamperTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(ChangeTamperTest, CleanIsClean) {
  EXPECT_EQ(now(), "");
  const auto all = verify(url_, world_.options());
  EXPECT_EQ(all.counts.changes, kLast);
  EXPECT_EQ(all.counts.leaves, 9);
  EXPECT_EQ(all.counts.streams, 2) << "the chain of changes is none";
  EXPECT_EQ(verify_by_bundle(url_, world_.options(), world_.keys()).counts.changes, kLast);
  world_.note(database_, 2);
  EXPECT_EQ(now(), "") << "the log has not all of it";
  // Whoever looks at one agent does not look at changes.
  auto options = world_.options();
  options.agent = world_.sender(1).hex();
  tamper(url_, "DELETE FROM change WHERE number = 2");
  const auto one = verify(url_, options);
  EXPECT_EQ(told(one), "");
  EXPECT_EQ(one.counts.changes, std::nullopt);
  const auto bundle = verify_by_bundle(url_, world_.options(), world_.keys(), options.agent);
  EXPECT_EQ(told(bundle), "");
  EXPECT_EQ(bundle.counts.changes, std::nullopt);
}

TEST_P(ChangeTamperTest, EachColumnOfEachChange) {
  // PostgreSQL takes its time for each connection.
  const std::int64_t step = GetParam() == store::Dialect::sqlite ? 1 : 3;
  for (std::int64_t n = 1; n <= kLast; n += step) {
    const auto said = "change_changed change " + std::to_string(n) + "\n";
    const auto is = change_of(n);
    const auto hash = base::to_hex(rows().at(static_cast<std::size_t>(n - 1)).hash);
    const std::pair<std::string, std::string> texts[] = {
        {"who", is.who},       {"action", is.action}, {"object", is.object}, {"object_key", is.key},
        {"before", is.before}, {"after", is.after},   {"why", is.why},       {"hash", hash}};
    for (const auto& [column, value] : texts) {
      auto flipped = value;
      auto& byte = flipped[flipped.size() / 2];
      byte = byte == '1' ? '2' : '1';
      ASSERT_NE(flipped, value);
      EXPECT_EQ(after(set(column + " = '" + flipped + "'", n)), said) << column;
      EXPECT_EQ(after(set(column + " = ''", n)), said) << column;
      tamper(url_, set(column + " = '" + value + "'", n));
    }
    EXPECT_EQ(after(set("changed_ms = changed_ms + 1", n)), said);
    tamper(url_, set("changed_ms = changed_ms - 1", n));
    EXPECT_EQ(after(set("hash = upper(hash)", n)), said) << "is not what was written";
    tamper(url_, set("hash = '" + hash + "'", n));
    EXPECT_EQ(after(move(n, 1'000)), said) << what_;
    tamper(url_, move(1'000, n));
    EXPECT_EQ(now(), "") << "all is as it was";
  }
}

TEST_P(ChangeTamperTest, ABoundaryBetweenTwoColumnsCannotBeMoved) {
  EXPECT_EQ(after(set("who = 'ma', action = 'rychange'", 2)), "change_changed change 2\n");
}

TEST_P(ChangeTamperTest, OneIsMissing) {
  for (const std::int64_t n : {1, 4, 6}) {
    tamper(url_, copy(n, 1'000) + "DELETE FROM change WHERE number = " + std::to_string(n));
    tamper(url_, set("who = 'nobody'", 1'000));
    EXPECT_EQ(now(), "change_missing change " + std::to_string(n) + "\n");
    tamper(url_, set("who = 'mary', number = " + std::to_string(n), 1'000));
  }
  EXPECT_EQ(after("DELETE FROM change WHERE number IN (2, 3, 4)"), "change_missing change 2\n");
  EXPECT_EQ(what_, "changes 2 to 4 are missing");
}

TEST_P(ChangeTamperTest, TheEndIsMissing) {
  EXPECT_EQ(after("DELETE FROM change WHERE number = 7"), "changes_cut leaf 8 change 7\n");
  EXPECT_EQ(
      after("DELETE FROM change WHERE number = 6; UPDATE change_state SET number = 5, logged_number = 5, "
            "head = (SELECT hash FROM change WHERE number = 5)"),
      "changes_cut leaf 8 change 6\n");
  EXPECT_EQ(after("DELETE FROM change; UPDATE change_state SET number = 0, logged_number = 0, head = '" +
                  std::string(64, '0') + "'"),
            "changes_cut leaf 6 change 1\n");
}

TEST_P(ChangeTamperTest, AnEndThatTheLogDoesNotHaveYetIsMissing) {
  world_.note(database_, 2);
  EXPECT_EQ(after("DELETE FROM change WHERE number = 9"), "changes_cut change 9\n");
  world_.note(database_, 1);
  EXPECT_EQ(now(), "change_missing change 9\n") << "its number is never given again";
}

TEST_P(ChangeTamperTest, OneIsTakenOutAndTheRestNumberedAnew) {
  EXPECT_EQ(
      after("DELETE FROM change WHERE number = 2;" + shift(3, "- 1") + "UPDATE change_state SET number = 6"),
      "change_missing change 2\n");
  EXPECT_EQ(what_, "change 2 is missing, and those behind it were numbered anew");
}

TEST_P(ChangeTamperTest, TwoAreExchanged) {
  for (const auto& [a, b] : {std::pair{2, 3}, std::pair{1, 7}, std::pair{3, 6}}) {
    const auto swap = move(a, 1'000) + move(b, a) + move(1'000, b);
    EXPECT_EQ(after(swap), "change_swapped change " + std::to_string(a) + "\n");
    EXPECT_EQ(what_, "change " + std::to_string(a) + " was exchanged with change " + std::to_string(b));
    tamper(url_, swap);
    EXPECT_EQ(now(), "");
    // What they say, without their hashes.
    const auto texts = [](std::int64_t from) {
      return "changed_ms = (SELECT changed_ms FROM change WHERE number = " + std::to_string(from) +
             "), object_key = (SELECT object_key FROM change WHERE number = " + std::to_string(from) +
             "), before = (SELECT before FROM change WHERE number = " + std::to_string(from) +
             "), after = (SELECT after FROM change WHERE number = " + std::to_string(from) +
             "), why = (SELECT why FROM change WHERE number = " + std::to_string(from) + ")";
    };
    const auto exchange =
        copy(a, 1'000) + set(texts(b), a) + set(texts(1'000), b) + "DELETE FROM change WHERE number = 1000;";
    EXPECT_EQ(after(exchange), "change_swapped change " + std::to_string(a) + "\n");
    tamper(url_, exchange);
    EXPECT_EQ(now(), "");
  }
}

TEST_P(ChangeTamperTest, OneIsPutIn) {
  const auto up = shift(4, "+ 1") + "UPDATE change_state SET number = 8;";
  // As it comes, and hashed as one that follows from the third.
  EXPECT_EQ(after(up + copy(2, 4, "'" + std::string(64, 'a') + "'")), "change_inserted change 4\n");
  auto row = rows().at(3);
  const auto hash = chained(row, rows().at(2).hash);
  EXPECT_EQ(after(set("hash = '" + hash.hex() + "'", 4)), "change_inserted change 4\n");
  EXPECT_EQ(what_, "change 4 was put in: what is now change 5 was in its place");
}

TEST_P(ChangeTamperTest, OneIsPutInAtTheEnd) {
  EXPECT_EQ(after(copy(7, 8)), "change_duplicated change 8\n");
  EXPECT_EQ(after(set("why = 'other'", 8)), "change_duplicated change 8\n")
      << "it has the hash of the seventh";
  const auto hash = chained(rows().at(7), rows().at(6).hash);
  EXPECT_EQ(after(set("hash = '" + hash.hex() + "'", 8)), "change_inserted change 8\n");
}

TEST_P(ChangeTamperTest, OneIsThereTwice) {
  if (GetParam() == store::Dialect::postgresql) {
    tamper(url_, "ALTER TABLE change DROP CONSTRAINT change_pkey");
  } else {
    tamper(url_,
           "CREATE TABLE copy AS SELECT * FROM change; DROP TABLE change; ALTER TABLE copy RENAME TO change");
  }
  EXPECT_EQ(now(), "");
  EXPECT_EQ(after(copy(5, 5)), "change_duplicated change 5\n");
}

TEST_P(ChangeTamperTest, HashedAnewWithAllThatFollows) {
  for (const std::int64_t n : {1, 4, 7}) {
    const auto before = rows();
    const auto first_of_its_leaf = n == 1 ? 1 : n == 4 ? 4 : 6;
    const auto leaf = n == 1 ? 6 : n == 4 ? 7 : 8;
    EXPECT_EQ(after(hashed_anew(n, kLast)), "changes_rewritten leaf " + std::to_string(leaf) + " change " +
                                                std::to_string(first_of_its_leaf) + "\n");
    std::string back;
    for (const auto& row : before) {
      back += set("why = '" + row.change.why + "', hash = '" + base::to_hex(row.hash) + "'", row.number);
    }
    tamper(url_, back + "UPDATE change_state SET head = '" + base::to_hex(before.back().hash) + "'");
    EXPECT_EQ(now(), "");
  }
}

TEST_P(ChangeTamperTest, OneAloneHashedAnew) {
  EXPECT_EQ(after(hashed_anew(5, 5)), "changes_rewritten leaf 7 change 4\n") << "the log has it";
  tamper(url_, set("why = 'Renamed 5', hash = '" +
                       chained(
                           [&] {
                             auto row = rows().at(4);
                             row.change.why = "Renamed 5";
                             return row;
                           }(),
                           rows().at(3).hash)
                           .hex() +
                       "'",
                   5));
  EXPECT_EQ(now(), "");
  EXPECT_EQ(after(hashed_anew(6, 6)), "change_changed change 7\n");
  EXPECT_EQ(what_, "change 7 was changed, or change 6 in front of it was changed and hashed anew");
}

TEST_P(ChangeTamperTest, WhatTheLogDoesNotHaveIsProvedByItsEndAlone) {
  world_.note(database_, 2);
  const auto forged = hashed_anew(9, 9);
  EXPECT_EQ(after(forged.substr(0, forged.find(';'))), "change_changed change 9\n");
  EXPECT_EQ(after(forged), "") << "until the log has its head: docs/formats/change.md says so";
  world_.log(database_);
  EXPECT_EQ(after(hashed_anew(8, 9)), "changes_rewritten leaf 9 change 8\n");
}

TEST_P(ChangeTamperTest, WhereTheChainStandsIsSetBack) {
  const auto state = [&](const std::string& set) { return after("UPDATE change_state SET " + set); };
  const auto head = base::to_hex(rows().back().hash);
  const std::string zeros(64, '0');
  EXPECT_EQ(state("number = 0, head = '" + zeros + "'"), "changes_state change 7\n");
  EXPECT_EQ(state("number = 0, head = '" + zeros + "', logged_number = 0"), "changes_state change 7\n");
  EXPECT_EQ(state("number = 9, head = '" + head + "', logged_number = 7"), "changes_state change 7\n");
  EXPECT_EQ(state("number = 9, head = '" + zeros + "'"), "changes_cut change 8\n");
  EXPECT_EQ(state("number = 7"), "changes_state change 7\n") << "the head";
  EXPECT_EQ(state("head = 'no digest'"), "changes_state change 7\n");
  EXPECT_EQ(state("head = '" + head + "', logged_number = 5"), "changes_state change 8\n");
  EXPECT_EQ(state("logged_number = 7"), "");
  EXPECT_EQ(after("DELETE FROM change_state"), "changes_state change 7\n");
}

TEST_P(ChangeTamperTest, TheLogsOwnLeavesOfIt) {
  EXPECT_EQ(after("UPDATE log_leaf SET head = '" + std::string(64, 'b') + "' WHERE leaf_index = 7"),
            "leaf_changed leaf 7 size 8\nchanges_rewritten leaf 7 change 4\n");
  tamper(url_, "UPDATE log_leaf SET head = (SELECT hash FROM change WHERE number = 5) WHERE leaf_index = 7");
  EXPECT_EQ(now(), "");
  EXPECT_EQ(after("UPDATE log_leaf SET committed_seq = 4 WHERE leaf_index = 7"),
            "leaf_changed leaf 7 size 8\nchanges_rewritten leaf 7 change 4\n");
  EXPECT_EQ(after("DELETE FROM log_leaf WHERE leaf_index = 8"),
            "leaf_changed leaf 7 size 8\nchanges_rewritten leaf 7 change 4\n");
}

TEST_P(ChangeTamperTest, RecordsUnderTheChainsNameAreAStreamOfNobody) {
  tamper(url_, "INSERT INTO stream (agent_id, epoch, committed_seq, head, logged_seq) VALUES ('" +
                   std::string(32, '0') + "', 0, 0, '" + std::string(64, '0') + "', 0)");
  EXPECT_EQ(told(verify(url_, world_.options())), "agent_unknown 0\n");
}

}  // namespace
}  // namespace collector::proof
