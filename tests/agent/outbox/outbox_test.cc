// What goes in comes out: records, positions, counters, notes.

#include "agent/outbox/outbox.h"

#include <gmock/gmock.h>

#include "common/record/limits.h"
#include "tests/agent/outbox/files.h"

namespace {

using namespace outbox_tests;
using base::ErrorCode;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

class OutboxTest : public Files {};

TEST_F(OutboxTest, BeginsEmpty) {
  Outbox outbox = open(7);
  EXPECT_EQ(outbox.chain().epoch, 7u);
  EXPECT_EQ(outbox.chain().next_seq, 1u);
  EXPECT_EQ(outbox.chain().head, record::kChainStart);
  EXPECT_EQ(outbox.pending(), 0u);
  EXPECT_THAT(all_records(outbox), IsEmpty());
  EXPECT_THAT(outbox.counters().value(), IsEmpty());
  EXPECT_THAT(outbox.sources().value(), IsEmpty());
  EXPECT_THAT(outbox.status().value(), IsEmpty());
  EXPECT_FALSE(outbox.source("/a").value());
}

TEST_F(OutboxTest, SealsRecordsIntoOneChain) {
  Outbox outbox = open();
  ASSERT_TRUE(outbox.append(bodies(0, 3), {}, {}));
  ASSERT_TRUE(outbox.append({}, {}, {}));
  const auto chain = outbox.append(bodies(3, 2), {}, {});
  ASSERT_TRUE(chain);
  EXPECT_EQ(chain->next_seq, 6u);
  EXPECT_EQ(outbox.pending(), 5u);
  expect_sound(outbox);
  for (const auto& record : all_records(outbox)) {
    EXPECT_EQ(outbox.hash_of(record.seq).value(), record.hash);
    EXPECT_EQ(record.body, "body " + std::to_string(record.seq - 1));
  }
  EXPECT_EQ(outbox.hash_of(0).value(), record::kChainStart);
  EXPECT_EQ(outbox.hash_of(6).error().code, ErrorCode::not_found);
}

TEST_F(OutboxTest, ForgetsNothingWhenItIsOpenedAgain) {
  const std::string binary("\0\xff\n", 3);
  {
    Outbox outbox = open(3);
    ASSERT_TRUE(
        outbox.append({binary, "x"}, {{.name = "/a'\"", .position = binary, .builder = ""}}, {{"lines", 4}}));
    ASSERT_TRUE(
        outbox.append({"y"}, {{.name = "/b", .position = "p", .builder = "b"}}, {{"lines", 5}, {"gaps", 0}}));
    ASSERT_TRUE(outbox.append({}, {{.name = "/b", .position = "q", .builder = "c"}}, {}));
    ASSERT_TRUE(outbox.acknowledge(2));
    ASSERT_TRUE(outbox.set_status("connection", "one", timing::from_ms(1)));
    ASSERT_TRUE(outbox.set_status("connection", "two", timing::from_ms(2)));
  }
  // The epoch it was made with stays.
  Outbox outbox = open(9);
  EXPECT_EQ(outbox.chain().epoch, 3u);
  EXPECT_EQ(outbox.chain().acked_seq, 2u);
  EXPECT_EQ(outbox.pending(), 1u);
  expect_sound(outbox);
  EXPECT_EQ(all_records(outbox)[0].body, binary);
  const auto a = outbox.source("/a'\"").value();
  ASSERT_TRUE(a);
  EXPECT_EQ(a->position, binary);
  EXPECT_EQ(a->builder, "");
  EXPECT_EQ(outbox.source("/b").value()->position + outbox.source("/b").value()->builder, "qc");
  EXPECT_THAT(outbox.sources().value(), SizeIs(2));
  EXPECT_THAT(outbox.counters().value(), ElementsAre(Pair("lines", 9)));
  const auto status = outbox.status().value();
  ASSERT_THAT(status, SizeIs(1));
  EXPECT_EQ(status.at("connection").value, "two");
  EXPECT_EQ(status.at("connection").at, timing::from_ms(2));
}

TEST_F(OutboxTest, HandsOutRecordsWithinLimits) {
  Outbox outbox = open();
  ASSERT_TRUE(outbox.append({"aaaa", "bbbb", "cccc", "dddd"}, {}, {}));
  const struct {
    std::uint64_t after;
    std::size_t records_max, bytes_max;
    std::vector<std::uint64_t> want;
  } rows[] = {
      {0, 100, 100, {1, 2, 3, 4}},
      {0, 2, 100, {1, 2}},
      {2, 100, 100, {3, 4}},
      {4, 100, 100, {}},
      {9, 100, 100, {}},
      {0, 100, 8, {1, 2}},
      {0, 100, 9, {1, 2}},
      {0, 100, 3, {1}},
      {1, 100, 0, {2}},
      {0, 0, 100, {}},
  };
  for (const auto& row : rows) {
    std::vector<std::uint64_t> got;
    const auto records = outbox.records_after(row.after, row.records_max, row.bytes_max).value();
    for (const auto& record : records) got.push_back(record.seq);
    EXPECT_EQ(got, row.want) << row.after << ' ' << row.records_max << ' ' << row.bytes_max;
  }
}

TEST_F(OutboxTest, RefusesWhatCouldNeverBeSent) {
  Outbox outbox = open();
  EXPECT_EQ(outbox.append({"good", ""}, {}, {}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(outbox.append({std::string(record::kRecordBytesMax + 1, 'x')}, {}, {}).error().code,
            ErrorCode::invalid_argument);
  EXPECT_EQ(outbox.chain().next_seq, 1u);
  EXPECT_TRUE(outbox.append({std::string(record::kRecordBytesMax, 'x')}, {}, {}));
  expect_sound(outbox);
}

TEST_F(OutboxTest, NotesOnlyWhatWasSealed) {
  Outbox outbox = open();
  ASSERT_TRUE(outbox.append(bodies(0, 3), {}, {}));
  EXPECT_EQ(outbox.acknowledge(4).error().code, ErrorCode::invalid_argument);
  ASSERT_TRUE(outbox.acknowledge(2));
  ASSERT_TRUE(outbox.acknowledge(1)) << "an old word changes nothing";
  EXPECT_EQ(outbox.chain().acked_seq, 2u);
  EXPECT_EQ(outbox.pending(), 1u);
  EXPECT_THAT(all_records(outbox), SizeIs(3)) << "kept for a collector restored from a backup";
}

TEST_F(OutboxTest, ForgetsOldRecordsAndGoesOn) {
  Outbox outbox = open();
  const auto kept = static_cast<int>(Outbox::kKeptRecords);
  ASSERT_TRUE(outbox.append(bodies(0, kept + 50), {}, {}));
  const auto hash = outbox.hash_of(40).value();
  ASSERT_TRUE(outbox.acknowledge(Outbox::kKeptRecords));
  EXPECT_EQ(all_records(outbox).front().seq, 1u);
  ASSERT_TRUE(outbox.acknowledge(Outbox::kKeptRecords + 39));
  EXPECT_EQ(all_records(outbox).front().seq, 40u);
  EXPECT_EQ(outbox.hash_of(40).value(), hash);
  EXPECT_EQ(outbox.hash_of(39).error().code, ErrorCode::not_found);
  ASSERT_TRUE(outbox.append({"next"}, {}, {}));
  const auto head = outbox.chain().head;
  outbox = open();
  EXPECT_EQ(outbox.chain().head, head);
  EXPECT_EQ(all_records(outbox).back().seq, Outbox::kKeptRecords + 51);
}

TEST_F(OutboxTest, TheLogBesideTheFileStaysSmall) {
  Outbox outbox = open();
  std::uintmax_t largest = 0;
  for (int round = 0; round < 200; ++round) {
    ASSERT_TRUE(outbox.append(std::vector<std::string>(20, std::string(2000, 'x')), {}, {}));
    ASSERT_TRUE(outbox.acknowledge(outbox.chain().next_seq - 1));
    largest = std::max(largest, std::filesystem::file_size(path.string() + "-wal"));
  }
  EXPECT_LT(largest, 4u * 1024 * 1024);
  // One large step makes it large once.
  ASSERT_TRUE(outbox.append(std::vector<std::string>(3000, std::string(2000, 'x')), {}, {}));
  for (int round = 0; round < 30; ++round) {
    ASSERT_TRUE(outbox.append(std::vector<std::string>(20, std::string(2000, 'x')), {}, {}));
  }
  EXPECT_LE(std::filesystem::file_size(path.string() + "-wal"), 4u * 1024 * 1024);
}

}  // namespace
