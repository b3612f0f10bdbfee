// Every statement of an append may fail: nothing is left half done.

#include <gmock/gmock.h>

#include <memory>

#include "tests/agent/outbox/files.h"

namespace {

using namespace outbox_tests;
using base::ErrorCode;
using testing::ElementsAre;
using testing::Pair;

class FailingOutbox : public Files {
 protected:
  // From now on the n-th row that is written to the tables of append() fails, n = 1, 2, ...
  void fail_at(int n) {
    auto db = agent::outbox::open_database(path.string(), SQLITE_OPEN_READWRITE).value();
    std::string text =
        "CREATE TABLE IF NOT EXISTS writes (n INTEGER); DELETE FROM writes; INSERT INTO writes VALUES (0);";
    for (const char* table : {"record", "source", "counter", "chain"}) {
      for (const char* kind : {"INSERT", "UPDATE"}) {
        const std::string name = std::string{"fail_"} + table + kind;
        text +=
            "DROP TRIGGER IF EXISTS " + name + "; CREATE TRIGGER " + name + " AFTER " + kind + " ON " +
            table +
            " BEGIN UPDATE writes SET n = n + 1; SELECT RAISE(ABORT, 'as planned') FROM writes WHERE n = " +
            std::to_string(n) + "; END;";
      }
    }
    const auto done = agent::outbox::execute(db.get(), text.c_str());
    ASSERT_TRUE(done) << done.error().message;
  }
};

TEST_F(FailingOutbox, LeavesNothingHalfDone) {
  Outbox outbox = open();
  const std::vector<SourceState> before{{.name = "/a", .position = "p", .builder = "b"}};
  const std::vector<SourceState> after{{.name = "/a", .position = "q", .builder = "c"},
                                       {.name = "/b", .position = "r", .builder = "d"}};
  ASSERT_TRUE(outbox.append(bodies(0, 2), before, {{"lines", 1}}));
  const auto stood = outbox.chain();
  int n = 1;
  for (;; ++n) {
    ASSERT_LT(n, 50);
    fail_at(n);
    const auto done = outbox.append(bodies(2, 3), after, {{"gaps", 1}, {"lines", 10}});
    if (done) break;
    EXPECT_THAT(done.error().message, testing::HasSubstr("as planned"));
    EXPECT_EQ(outbox.chain().next_seq, stood.next_seq);
    EXPECT_EQ(outbox.chain().head, stood.head);
    Outbox look = open();
    EXPECT_EQ(look.chain().next_seq, stood.next_seq) << n;
    EXPECT_EQ(all_records(look).size(), 2u) << n;
    EXPECT_EQ(look.sources().value().size(), 1u) << n;
    EXPECT_EQ(look.source("/a").value()->position, "p") << n;
    EXPECT_THAT(look.counters().value(), ElementsAre(Pair("lines", 1))) << n;
  }
  EXPECT_EQ(n, 3 + 2 + 2 + 1 + 1) << "each row failed once";
  expect_sound(outbox);
  EXPECT_THAT(outbox.counters().value(), ElementsAre(Pair("gaps", 1), Pair("lines", 11)));
  EXPECT_EQ(outbox.source("/a").value()->position, "q");
  EXPECT_EQ(all_records(outbox).size(), 5u);
}

TEST_F(FailingOutbox, AnAcknowledgementFailsWhole) {
  Outbox outbox = open();
  ASSERT_TRUE(outbox.append(bodies(0, 3), {}, {}));
  fail_at(1);
  EXPECT_FALSE(outbox.acknowledge(2));
  EXPECT_EQ(outbox.chain().acked_seq, 0u);
  fail_at(99);
  ASSERT_TRUE(outbox.acknowledge(2));
  EXPECT_EQ(outbox.chain().acked_seq, 2u);
}

// PRAGMA max_page_count belongs to a connection, and the outbox keeps its own to itself: SQLite tells us of
// each one it opens.
class LastConnection {
 public:
  LastConnection() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(&remember)); }
  ~LastConnection() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(&remember)); }
  static void limit_pages(int pages) {
    const std::string text = "PRAGMA max_page_count=" + std::to_string(pages);
    ASSERT_TRUE(agent::outbox::execute(last_, text.c_str()));
  }

 private:
  static int remember(sqlite3* db, const char**, const void*) {
    last_ = db;
    return SQLITE_OK;
  }
  static inline sqlite3* last_ = nullptr;
};

TEST_F(FailingOutbox, AFullDiskStoresNothingAndPasses) {
  const LastConnection connection;
  auto outbox = std::make_unique<Outbox>(open());
  ASSERT_TRUE(outbox->append(bodies(0, 10), {}, {}));
  LastConnection::limit_pages(40);
  std::uint64_t stored = 10;
  base::Error error{};
  for (int round = 0; round < 1000; ++round) {
    const auto done = outbox->append({std::string(3000, 'x')},
                                     {{.name = "/a", .position = std::to_string(round), .builder = ""}}, {});
    if (!done) {
      error = done.error();
      break;
    }
    ++stored;
  }
  EXPECT_EQ(error.code, ErrorCode::resource_exhausted) << error.message;
  EXPECT_EQ(outbox->chain().next_seq, stored + 1);
  EXPECT_EQ(outbox->append({std::string(3000, 'x')}, {}, {}).error().code, ErrorCode::resource_exhausted);
  expect_sound(*outbox);
  LastConnection::limit_pages(1'000'000);
  ASSERT_TRUE(outbox->append({std::string(3000, 'y')}, {}, {}));
  outbox.reset();
  Outbox again = open();
  EXPECT_EQ(again.chain().next_seq, stored + 2);
  expect_sound(again);
}

}  // namespace
