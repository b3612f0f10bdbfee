// Group commit: many connections, one writer, answers only when it is durable.

#include "collector/ingest/committer.h"

#include <atomic>
#include <future>
#include <latch>
#include <map>

#include "collector/store/agents.h"
#include "collector/store/records.h"
#include "collector/store/session.h"
#include "tests/collector/ingest/sender.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::ingest {
namespace {

using store::must;
using Ack = record::v1::Ack;
using Answered = base::Result<Answer>;

class CommitterTest : public store::StoreTest {
 protected:
  void enrol_all(const std::vector<Sender>& senders) {
    write([&](store::Transaction& t) {
      for (const auto& sender : senders) enrol(t, sender);
    });
  }
  std::vector<store::RecordRow> records() {
    return read([](store::Transaction& t) { return must(store::records_after(t, 0, 100'000)); });
  }
  store::Connection another() { return must(store::Connection::open(url_)); }
};
INSTANTIATE_TEST_SUITE_P(On, CommitterTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

std::vector<Sender> make_senders(int count) {
  std::vector<Sender> senders;
  for (int n = 1; n <= count; ++n) senders.emplace_back(n);
  return senders;
}

TEST_P(CommitterTest, ManyAgentsAtOnceAreAllDurableAndInOrder) {
  constexpr int kAgents = 8, kBatches = 20;
  auto senders = make_senders(kAgents);
  enrol_all(senders);
  std::atomic<int> accepted = 0, not_durable = 0, woken = 0;
  {
    Committer committer{another(), [&] { ++woken; }};
    std::vector<std::thread> threads;
    for (auto& sender : senders) {
      threads.emplace_back([&] {
        auto looking = another();
        for (int i = 0; i < kBatches; ++i) {
          const auto batch = sender.next(2);
          std::promise<Answered> promise;
          // Four at once would do; one at a time makes the order certain.
          ASSERT_TRUE(
              committer.submit(batch, [&](Answered answer) { promise.set_value(std::move(answer)); }));
          const auto answer = must(promise.get_future().get());
          accepted += answer.outcome == Ack::ACCEPTED ? 1 : 0;
          const auto seen = looking.read([&](store::Transaction& t) -> base::Status {
            not_durable +=
                must(where_stands(t, sender.agent(), 1)).committed_seq < answer.committed_seq ? 1 : 0;
            return {};
          });
          must(seen);
        }
      });
    }
    for (auto& thread : threads) thread.join();
  }
  EXPECT_EQ(accepted, kAgents * kBatches);
  EXPECT_EQ(not_durable, 0) << "an answer came before its commit";
  EXPECT_GT(woken, 0);
  std::map<std::string, std::int64_t> last;
  for (const auto& record : records()) EXPECT_EQ(record.seq, ++last[record.agent_id]);
  EXPECT_EQ(last.size(), static_cast<std::size_t>(kAgents));
  for (const auto& [agent, seq] : last) EXPECT_EQ(seq, kBatches * 2);
}

TEST_P(CommitterTest, BatchesOfOneAgentKeepTheirOrderInTheQueue) {
  auto senders = make_senders(1);
  enrol_all(senders);
  std::atomic<int> accepted = 0;
  {
    Committer committer{another(), [] {}};
    for (int i = 0; i < 50; ++i) {
      ASSERT_TRUE(committer.submit(senders[0].next(1), [&](const Answered& answer) {
        accepted += answer && answer->outcome == Ack::ACCEPTED ? 1 : 0;
      }));
    }
  }  // The destructor commits what has arrived.
  EXPECT_EQ(accepted, 50);
  EXPECT_EQ(records().size(), 50u);
}

TEST_P(CommitterTest, TheQueueIsBounded) {
  auto senders = make_senders(1);
  enrol_all(senders);
  const auto batch = senders[0].next(1);
  std::latch began{1}, go_on{1};
  std::atomic<int> answered = 0;
  {
    Committer committer{another(), [] {}};
    ASSERT_TRUE(committer.submit(batch, [&](const Answered&) {
      began.count_down();
      go_on.wait();
      ++answered;
    }));
    began.wait();  // The committer's thread stands in the answer of the first.
    const auto count = [&](const Answered&) { ++answered; };
    for (std::size_t i = 0; i < Committer::kQueueMax; ++i) ASSERT_TRUE(committer.submit(batch, count));
    EXPECT_FALSE(committer.submit(batch, count)) << "one more than the bound";
    go_on.count_down();
  }
  EXPECT_EQ(answered, 1 + static_cast<int>(Committer::kQueueMax));
}

TEST_P(CommitterTest, AnErrorOfTheDatabaseIsEverybodysAndNothingIsStored) {
  auto senders = make_senders(3);
  enrol_all(senders);
  // The second record of anybody cannot be stored: the table refuses it.
  write([&](store::Transaction& t) {
    t.session().script(
        GetParam() == store::Dialect::sqlite
            ? "CREATE TRIGGER full BEFORE INSERT ON record WHEN NEW.seq = 2 "
              "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            : "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
              "$$ BEGIN IF NEW.seq = 2 THEN RAISE EXCEPTION 'disk full'; END IF; RETURN NEW; END $$; "
              "CREATE TRIGGER disk BEFORE INSERT ON record FOR EACH ROW EXECUTE FUNCTION full_disk()");
  });
  std::latch began{1}, go_on{1};
  std::atomic<int> errors = 0, woken = 0;
  {
    Committer committer{another(), [&] { ++woken; }};
    ASSERT_TRUE(committer.submit(senders[0].next(1), [&](const Answered&) {
      began.count_down();
      go_on.wait();
    }));
    began.wait();  // What comes now is one group.
    const auto count = [&](const Answered& answer) { errors += answer ? 0 : 1; };
    ASSERT_TRUE(committer.submit(senders[1].next(1), count));
    ASSERT_TRUE(committer.submit(senders[2].next(2), count));
    go_on.count_down();
  }
  EXPECT_EQ(errors, 2);
  EXPECT_EQ(records().size(), 1u);
  EXPECT_EQ(woken, 1) << "for the first alone";
}

}  // namespace
}  // namespace collector::ingest
