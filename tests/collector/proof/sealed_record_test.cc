// Every bit of a sealed record and of the batch around it is flipped once, on the wire, on its way through
// record::open_batch and ingest::take: all are refused, and nothing is stored. The batch is in its
// uncompressed form: zstd has bits that mean nothing, and a frame that differs in one of them still is the
// same records (tests/common/record/batch_test.cc).

#include "collector/ingest/ingest.h"
#include "collector/store/records.h"
#include "common/record/batch.h"
#include "common/record/chain.h"
#include "tests/collector/proof/world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::proof {
namespace {

using store::at;
using store::must;

class SealedRecordTest : public testing::TestWithParam<store::Dialect> {
 protected:
  SealedRecordTest()
      : url_{GetParam() == store::Dialect::sqlite ? support::migrated_sqlite_url()
                                                  : support::migrated_postgres_url()},
        world_{url_, own_folder("sealed")},
        database_{must(store::Connection::open(url_))} {}

  // What the agent sends next: two records behind the nine that are stored.
  record::v1::Batch next() {
    const auto& sender = world_.sender(0);
    record::Chain chain{sender.agent, 1, 1, record::kChainStart};
    for (const auto& batch : sender.batches) {
      for (const auto& body : batch) chain.append(body);
    }
    auto made = must(record::make_batch(
        {.agent = sender.agent, .epoch = 1, .first_seq = chain.next_seq(), .prev_head = chain.head()},
        std::vector<std::string>{"the one", "the other"}, sender.key));
    EXPECT_EQ(made.codec(), record::v1::CODEC_NONE) << "too short to be worth compressing";
    return made;
  }

  // How it is answered, as the collector's port and its committer do between them.
  record::v1::Ack::Outcome offer(const record::v1::Batch& batch) {
    const auto& sender = world_.sender(0);
    auto opened = record::open_batch(batch, sender.agent,
                                     [&](const crypto::Digest& id) -> std::optional<crypto::PublicKey> {
                                       if (id != sender.key.public_key().id()) return std::nullopt;
                                       return sender.key.public_key();
                                     });
    if (!opened) return opened.error().outcome;
    auto outcome = record::v1::Ack::OUTCOME_UNSPECIFIED;
    must(database_.transaction([&](store::Transaction& tx) -> base::Status {
      const auto answer = must(ingest::take(
          tx, {.batch = *std::move(opened), .key_id = batch.key_id(), .sig = batch.sig()}, at(1)));
      outcome = answer.outcome;
      return {};
    }));
    return outcome;
  }
  std::int64_t stored() {
    std::int64_t seq = 0;
    must(database_.read([&](store::Transaction& tx) -> base::Status {
      seq = must(store::load_stream(tx, std::string{world_.sender(0).agent.bytes()}, 1))->committed_seq;
      return {};
    }));
    return seq;
  }

  std::string url_;
  World world_;
  store::Connection database_;
};
INSTANTIATE_TEST_SUITE_P(On, SealedRecordTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(SealedRecordTest, EveryFlippedBitIsRefused) {
  const auto whole = next().SerializeAsString();
  int unreadable = 0;
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    auto bytes = whole;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ 1 << bit % 8);
    record::v1::Batch changed;
    if (!changed.ParseFromString(bytes)) {
      ++unreadable;
      continue;
    }
    ASSERT_NE(offer(changed), record::v1::Ack::ACCEPTED) << "bit " << bit;
  }
  EXPECT_GT(unreadable, 0);
  EXPECT_EQ(stored(), 9);
  EXPECT_EQ(told(verify(url_, world_.options())), "");
  EXPECT_EQ(offer(next()), record::v1::Ack::ACCEPTED) << "as it was sealed";
  EXPECT_EQ(stored(), 11);
}

TEST_P(SealedRecordTest, EveryFieldOfABatchMatters) {
  const auto changes = std::vector<std::pair<const char*, std::function<void(record::v1::Batch&)>>>{
      {"agent_id", [&](auto& b) { b.set_agent_id(std::string{world_.sender(1).agent.bytes()}); }},
      {"epoch", [](auto& b) { b.set_epoch(2); }},
      {"first_seq", [](auto& b) { b.set_first_seq(b.first_seq() + 1); }},
      {"count", [](auto& b) { b.set_count(b.count() + 1); }},
      {"prev_head", [](auto& b) { b.set_prev_head(b.head()); }},
      {"head", [](auto& b) { b.set_head(b.prev_head()); }},
      {"key_id", [&](auto& b) { b.set_key_id(std::string{world_.sender(1).key.public_key().id().bytes()}); }},
      {"sig", [&](auto& b) { b.set_sig(world_.sender(1).key.sign("x")); }},
      {"codec", [](auto& b) { b.set_codec(record::v1::CODEC_ZSTD); }},
      {"body_bytes", [](auto& b) { b.set_body_bytes(b.body_bytes() - 1); }},
      {"body", [](auto& b) { b.mutable_body()->back() = '!'; }},
      {"nothing left", [](auto& b) { b.Clear(); }},
  };
  for (const auto& [name, change] : changes) {
    auto batch = next();
    change(batch);
    EXPECT_NE(offer(batch), record::v1::Ack::ACCEPTED) << name;
    EXPECT_EQ(stored(), 9) << name;
  }
}

}  // namespace
}  // namespace collector::proof
