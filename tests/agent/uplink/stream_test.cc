// Records on their way: each once, in order, within the window.

#include "common/record/limits.h"
#include "tests/agent/uplink/fixture.h"

namespace {

using namespace uplink_tests;
using outbox_tests::bodies;

class Stream : public UplinkTest {};

TEST_F(Stream, RecordsArriveOnceAndInOrder) {
  append(bodies(0, 3));
  start();
  run_until_arrived(3);
  for (int i = 3; i < 40; ++i) {
    append(bodies(i, 1));
    if (i % 5 == 0) run_until_arrived(static_cast<std::size_t>(i) + 1);
  }
  run_until_arrived(40);
  EXPECT_EQ(arrived(), bodies(0, 40));
  EXPECT_EQ(collector.duplicates, 0);
  EXPECT_THAT(collector.refusals, IsEmpty());
  EXPECT_EQ(collector.connections, 1);
  EXPECT_EQ(connection(), "connected to 127.0.0.1:" + std::to_string(collector.port()));
  stop();
  EXPECT_EQ(outbox.pending(), 0u);
}

TEST_F(Stream, ManyRecordsTravelInBatchesWithinTheLimits) {
  append(bodies(0, 5000));
  collector.answer_from = 2;
  start();
  run_until([&] { return arrived().size() >= 5000u - record::kBatchRecordsMax; });
  collector.answer_from = 1;
  append(bodies(5000, 1));
  run_until_arrived(5001);
  EXPECT_EQ(arrived(), bodies(0, 5001));
  EXPECT_GE(collector.batches, 10);
  EXPECT_LE(collector.batches, 13);
  EXPECT_THAT(collector.refusals, IsEmpty());
}

TEST_F(Stream, LargeRecordsTravelInBatchesWithinTheLimits) {
  std::vector<std::string> large;
  for (int i = 0; i < 40; ++i)
    large.push_back(std::string(static_cast<std::size_t>(i) * 1600, static_cast<char>('a' + i % 26)) + "!");
  large.push_back(std::string(record::kRecordBytesMax, 'z'));
  append(large);
  start();
  run_until_arrived(large.size());
  EXPECT_EQ(arrived(), large);
  EXPECT_THAT(collector.refusals, IsEmpty());
}

TEST_F(Stream, NeverMoreBatchesThanTheWindowAreUnanswered) {
  for (const int window : {1, 3, 4, 100}) {
    stop();
    collector.stored.clear();
    collector.unanswered_max = 0;
    collector.silent = true;
    collector.batches = 0;
    collector.change_welcome = [&](wire::Welcome& welcome) {
      welcome.set_window(static_cast<std::uint32_t>(window));
    };
    if (outbox.chain().next_seq == 1) append(bodies(0, 4000));
    start();
    const int want = std::min(window, 4);
    run_until([&] { return collector.batches >= want; });
    // Whatever it is told meanwhile, it sends no more.
    for (int i = 0; i < 20; ++i) {
      uplink->wake();
      io.restart();
      io.poll();
    }
    EXPECT_EQ(collector.unanswered_max, want) << window;
  }
}

TEST_F(Stream, ACollectorThatAnswersNothingIsLeft) {
  options.pace.look = 1ms;
  collector.silent = true;
  append(bodies(0, 3));
  start();
  run_until([&] { return collector.batches == 1; });
  clock.advance(59s);
  for (int i = 0; i < 5; ++i) io.run_one();
  EXPECT_EQ(collector.connections, 1);
  clock.advance(2s);
  run_until([&] { return collector.connections == 2; });
  collector.silent = false;
  run_until_arrived(3);
  EXPECT_EQ(arrived(), bodies(0, 3));
}

// A record that was changed in the outbox would be signed by us as if it were what was sealed.
TEST_F(Stream, WhatIsNotWhatWasSealedIsNotSent) {
  append(bodies(0, 3));
  sql("UPDATE record SET body = x'616263' WHERE seq = 2");
  start();
  run_until([&] { return connection().find("does not follow the one before it") != std::string::npos; });
  EXPECT_EQ(arrived(), bodies(0, 1)) << "what stands in front of it";
}

TEST_F(Stream, StopsAtAnyMoment) {
  append(bodies(0, 2000));
  // So many handlers have run, at most: when all is sent there are none left to run.
  for (int steps = 0; steps < 100; steps += 3) {
    start();
    io.restart();
    for (int i = 0; i < steps && io.run_one_for(2ms) > 0; ++i) {
    }
    stop();
  }
  start();
  run_until_arrived(2000);
  EXPECT_EQ(arrived(), bodies(0, 2000));
  EXPECT_THAT(collector.refusals, IsEmpty());
}

TEST_F(Stream, SaysWhyThereIsNoConnection) {
  identity.collector_host = "localhost";
  ASSERT_TRUE(agent::identity::save(folder, identity));
  start();
  run_until([&] { return connection().find("not connected: ") == 0; });
  EXPECT_THAT(connection(), HasSubstr("another host name"));
  identity.collector_host = "127.0.0.1";
  ASSERT_TRUE(agent::identity::save(folder, identity));
  append(bodies(0, 1));
  run_until_arrived(1);
}

}  // namespace
