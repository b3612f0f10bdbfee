#include "collector/store/records.h"

#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::store {
namespace {

STORE_SUITE(RecordsTest);

const std::vector<NewRecord> three{
    {.hash = "h1", .body = "b1"}, {.hash = "h2", .body = "b2"}, {.hash = "h3", .body = ""}};
const std::vector<NewRecord> two{{.hash = "h4", .body = "b4"}, {.hash = "h5", .body = "b5"}};

TEST_P(RecordsTest, BatchesFollowOnEachOther) {
  const auto world = write(make_small_world);
  EXPECT_FALSE(read([&](Transaction& t) { return must(load_stream(t, world.agent_id, 1)); }));
  const auto first =
      write([&](Transaction& t) { return must(append_batch(t, batch_row(world.agent_id, 1), three)); });
  auto stream = read([&](Transaction& t) { return must(load_stream(t, world.agent_id, 1)).value(); });
  EXPECT_EQ(stream.committed_seq, 3);
  EXPECT_EQ(stream.head, "head 1");
  const auto next =
      write([&](Transaction& t) { return must(append_batch(t, batch_row(world.agent_id, 4), two)); });
  stream = read([&](Transaction& t) { return must(load_stream(t, world.agent_id, 1)).value(); });
  EXPECT_EQ(stream.committed_seq, 5);
  EXPECT_FALSE(read([&](Transaction& t) { return must(load_stream(t, world.agent_id, 2)); }))
      << "another epoch";

  const auto rows = read([](Transaction& t) { return must(records_after(t, 0, 100)); });
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows[2].batch_id, first);
  EXPECT_EQ(rows[2].agent_id, world.agent_id);
  EXPECT_EQ(rows[2].epoch, 1);
  EXPECT_EQ(rows[2].seq, 3);
  EXPECT_EQ(rows[2].hash, "h3");
  EXPECT_EQ(rows[2].body, "");
  EXPECT_EQ(rows[2].received, at(101));
  EXPECT_EQ(rows[4].batch_id, next);
  const auto rest = read([&](Transaction& t) { return must(records_after(t, rows[1].id, 2)); });
  ASSERT_EQ(rest.size(), 2u);
  EXPECT_EQ(rest[0].id, rows[2].id);
  EXPECT_EQ(rest[1].id, rows[3].id);
}

TEST_P(RecordsTest, TheSameSeqTwiceIsAConflictAndLeavesNothing) {
  const auto world = write(make_small_world);
  write([&](Transaction& t) { must(append_batch(t, batch_row(world.agent_id, 1), three)); });
  for (const std::int64_t first_seq : {1, 2, 3}) {
    EXPECT_EQ(
        refused([&](Transaction& t) { return append_batch(t, batch_row(world.agent_id, first_seq), two); }),
        base::ErrorCode::conflict)
        << first_seq;
  }
  EXPECT_EQ(read([](Transaction& t) { return must(records_after(t, 0, 100)); }).size(), 3u);
  EXPECT_EQ(read([&](Transaction& t) { return must(load_stream(t, world.agent_id, 1))->committed_seq; }), 3);
  EXPECT_EQ(refused([&](Transaction& t) { return append_batch(t, batch_row(world.agent_id, 4), {}); }),
            base::ErrorCode::invalid_argument);
  EXPECT_EQ(refused([](Transaction& t) { return append_batch(t, batch_row("nobody", 1), two); }),
            base::ErrorCode::conflict)
      << "an agent that is not enrolled";
}

TEST_P(RecordsTest, HashesTellADuplicate) {
  const auto world = write(make_small_world);
  write([&](Transaction& t) { must(append_batch(t, batch_row(world.agent_id, 1), three)); });
  const auto hashes = [&](std::int64_t first_seq, std::int64_t count) {
    return read(
        [&](Transaction& t) { return must(find_record_hashes(t, world.agent_id, 1, first_seq, count)); });
  };
  EXPECT_EQ(hashes(1, 3), (std::vector<std::string>{"h1", "h2", "h3"}));
  EXPECT_EQ(hashes(2, 1), (std::vector<std::string>{"h2"}));
  EXPECT_EQ(hashes(3, 9), (std::vector<std::string>{"h3"}));
  EXPECT_TRUE(hashes(4, 9).empty());
}

TEST_P(RecordsTest, ASessionShowsItsRecordsAndTheirProof) {
  const auto world = write(make_small_world);
  const auto session = write([&](Transaction& t) {
    must(append_batch(t, batch_row(world.agent_id, 1), three));
    must(append_batch(t, batch_row(world.agent_id, 4), two));
    const auto id = must(upsert_session(t, session_row(world, "k"))).id;
    const auto rows = must(records_after(t, 0, 100));
    must(link_session_record(t, id, rows[4].id));
    must(link_session_record(t, id, rows[0].id));
    must(link_session_record(t, id, rows[0].id));
    return id;
  });
  const auto proven = read([&](Transaction& t) { return must(records_of_session(t, session)); });
  ASSERT_EQ(proven.size(), 2u);
  EXPECT_EQ(proven[0].record.seq, 1);
  EXPECT_EQ(proven[1].record.seq, 5);
  EXPECT_EQ(proven[1].record.body, "b5");
  const auto& batch = proven[1].batch;
  const auto expected = batch_row(world.agent_id, 4);
  EXPECT_EQ(batch.id, proven[1].record.batch_id);
  EXPECT_EQ(batch.agent_id, expected.agent_id);
  EXPECT_EQ(batch.epoch, 1);
  EXPECT_EQ(batch.first_seq, 4);
  EXPECT_EQ(batch.record_count, 2);
  EXPECT_EQ(batch.prev_head, expected.prev_head);
  EXPECT_EQ(batch.head, expected.head);
  EXPECT_EQ(batch.key_id, expected.key_id);
  EXPECT_EQ(batch.sig, expected.sig);
  EXPECT_EQ(batch.received, expected.received);
  EXPECT_TRUE(read([](Transaction& t) { return must(records_of_session(t, 99)); }).empty());
}

}  // namespace
}  // namespace collector::store
