#include "common/record/batch.h"

#include <gmock/gmock.h>

#include <functional>

#include "common/record/chain.h"
#include "common/record/codec.h"
#include "common/record/limits.h"
#include "common/record/signed_text.h"

namespace {

using crypto::Digest;
using crypto::SigningKey;
using record::AgentId;
namespace v1 = deskledger::v1;

struct BatchTest : testing::Test {
  const AgentId agent = AgentId::from_hex("00112233445566778899aabbccddeeff").value();
  const SigningKey key = SigningKey::generate().value();
  const record::Position position{
      .agent = agent, .epoch = 3, .first_seq = 7, .prev_head = crypto::sha256("before")};
  const std::vector<std::string> bodies{"first record", "second record, second record", "third"};

  v1::Batch batch() const { return record::make_batch(position, bodies, key).value(); }

  auto open(const v1::Batch& b) const {
    return record::open_batch(b, agent, [this](const Digest& id) -> std::optional<crypto::PublicKey> {
      if (id != key.public_key().id()) return std::nullopt;
      return key.public_key();
    });
  }

  v1::Ack::Outcome outcome(const v1::Batch& b) const {
    const auto opened = open(b);
    return opened ? v1::Ack::ACCEPTED : opened.error().outcome;
  }

  // A batch as a thief of the record key would make it: `change` is applied, then head and signature made to
  // fit.
  v1::Batch forged(const std::vector<std::string>& records,
                   const std::function<void(v1::Batch&)>& change) const {
    v1::Batch b = batch();
    record::Chain chain{agent, b.epoch(), b.first_seq(), Digest::from_bytes(b.prev_head()).value()};
    v1::RecordList list;
    for (const auto& body : records) {
      chain.append(body);
      list.add_body(body);
    }
    b.set_count(static_cast<std::uint32_t>(records.size()));
    b.set_head(std::string{chain.head().bytes()});
    b.set_codec(v1::CODEC_NONE);
    b.set_body(list.SerializeAsString());
    b.set_body_bytes(static_cast<std::uint32_t>(b.body().size()));
    change(b);
    b.set_sig(key.sign(record::batch_text({.agent = agent,
                                           .epoch = b.epoch(),
                                           .first_seq = b.first_seq(),
                                           .count = b.count(),
                                           .prev_head = Digest::from_bytes(b.prev_head()).value(),
                                           .head = Digest::from_bytes(b.head()).value()})));
    return b;
  }
};

TEST_F(BatchTest, ComesBackWithTheHashOfEachRecord) {
  const auto opened = open(batch());
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->position.agent, agent);
  EXPECT_EQ(opened->position.epoch, 3u);
  EXPECT_EQ(opened->position.first_seq, 7u);
  EXPECT_EQ(opened->position.prev_head, position.prev_head);
  EXPECT_EQ(opened->bodies, bodies);
  record::Chain chain{agent, 3, 7, position.prev_head};
  ASSERT_EQ(opened->hashes.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(opened->hashes[i], chain.append(bodies[i]));
  EXPECT_EQ(opened->head, chain.head());
  EXPECT_EQ(chain.next_seq(), 10u);
}

TEST_F(BatchTest, ContinuesTheChain) {
  const std::vector<std::string> more{"fourth"};
  const auto next = record::make_batch(
      {.agent = agent, .epoch = 3, .first_seq = 10, .prev_head = open(batch())->head}, more, key);
  EXPECT_EQ(outcome(next.value()), v1::Ack::ACCEPTED);
  EXPECT_EQ(next->prev_head(), batch().head());
}

// The bits of the message as it travels that may be flipped and leave a batch that opens. It must mean the
// same.
std::vector<std::size_t> harmless_bits(const BatchTest& test, const v1::Batch& batch) {
  const auto bytes = batch.SerializeAsString();
  const auto original = test.open(batch);
  std::vector<std::size_t> harmless;
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    v1::Batch changed;
    if (!changed.ParseFromString(flipped)) continue;
    const auto opened = test.open(changed);
    if (!opened) continue;
    harmless.push_back(bit);
    EXPECT_EQ(opened->bodies, original->bodies) << "bit " << bit;
    EXPECT_EQ(opened->hashes, original->hashes) << "bit " << bit;
    EXPECT_EQ(opened->position.first_seq, original->position.first_seq) << "bit " << bit;
    EXPECT_EQ(opened->position.epoch, original->position.epoch) << "bit " << bit;
  }
  return harmless;
}

TEST_F(BatchTest, EveryFlippedBitIsRefused) {
  const std::vector<std::string> short_ones{"one", "two"};
  const auto made = record::make_batch(position, short_ones, key).value();
  ASSERT_EQ(made.codec(), v1::CODEC_NONE);
  EXPECT_THAT(harmless_bits(*this, made), testing::IsEmpty());
}

// zstd has a bit without meaning in its frame header, and padding. Nothing before the frame is harmless.
TEST_F(BatchTest, EveryFlippedBitOfACompressedBatchIsRefusedOrMeansTheSame) {
  const std::vector<std::string> repeated(40, "the same record again and again");
  const auto made = record::make_batch(position, repeated, key).value();
  ASSERT_EQ(made.codec(), v1::CODEC_ZSTD);
  const auto body_begins = made.ByteSizeLong() - made.body().size();
  EXPECT_THAT(harmless_bits(*this, made), testing::Each(testing::Ge(body_begins * 8)));
}

// A list costs its records, each with three bytes in front.
TEST_F(BatchTest, IsCompressedFromOneKilobyteOn) {
  const auto codec_of = [&](std::size_t bytes) {
    const std::vector<std::string> two(2, std::string(bytes / 2 - 3, 'x'));
    const auto made = record::make_batch(position, two, key).value();
    EXPECT_EQ(made.body_bytes(), bytes);
    return made.codec();
  };
  EXPECT_EQ(codec_of(record::kCompressedFromBytes - 2), v1::CODEC_NONE);
  EXPECT_EQ(codec_of(record::kCompressedFromBytes), v1::CODEC_ZSTD);
}

TEST_F(BatchTest, EveryTruncationIsRefused) {
  const auto bytes = batch().SerializeAsString();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    v1::Batch cut;
    if (cut.ParseFromString(bytes.substr(0, size))) {
      EXPECT_NE(outcome(cut), v1::Ack::ACCEPTED) << size;
    }
  }
}

TEST_F(BatchTest, RecordsCannotBeMovedDroppedOrDoubled) {
  const std::vector<std::vector<std::string>> rows = {
      {bodies[1], bodies[0], bodies[2]},  // swapped
      {bodies[0], bodies[2], bodies[1]},  // wrong order
      {bodies[0], bodies[0], bodies[2]},  // one in another's place
      {bodies[0], bodies[1], "thirD"},    // changed
  };
  const auto good = batch();
  for (const auto& row : rows) {
    v1::RecordList list;
    for (const auto& body : row) list.add_body(body);
    auto changed = good;
    changed.set_codec(v1::CODEC_NONE);
    changed.set_body(list.SerializeAsString());
    changed.set_body_bytes(static_cast<std::uint32_t>(changed.body().size()));
    EXPECT_EQ(outcome(changed), v1::Ack::BAD_CHAIN);
  }
  auto doubled = good;
  v1::RecordList list;
  for (const auto& body : {bodies[0], bodies[1], bodies[2], bodies[2]}) list.add_body(body);
  doubled.set_codec(v1::CODEC_NONE);
  doubled.set_body(list.SerializeAsString());
  doubled.set_body_bytes(static_cast<std::uint32_t>(doubled.body().size()));
  EXPECT_EQ(outcome(doubled), v1::Ack::MALFORMED);
  doubled.set_count(4);
  EXPECT_EQ(outcome(doubled), v1::Ack::BAD_SIGNATURE);
}

TEST_F(BatchTest, EachWayToBeWrongHasItsOutcome) {
  const struct {
    const char* what;
    std::function<void(v1::Batch&)> change;
    v1::Ack::Outcome outcome;
  } rows[] = {
      {"nothing", [](v1::Batch&) {}, v1::Ack::ACCEPTED},
      {"short agent id", [](v1::Batch& b) { b.mutable_agent_id()->pop_back(); }, v1::Ack::MALFORMED},
      {"no head", [](v1::Batch& b) { b.clear_head(); }, v1::Ack::MALFORMED},
      {"no previous head", [](v1::Batch& b) { b.clear_prev_head(); }, v1::Ack::MALFORMED},
      {"no key id", [](v1::Batch& b) { b.clear_key_id(); }, v1::Ack::MALFORMED},
      {"seq 0", [](v1::Batch& b) { b.set_first_seq(0); }, v1::Ack::MALFORMED},
      {"seq 1 behind something", [](v1::Batch& b) { b.set_first_seq(1); }, v1::Ack::MALFORMED},
      {"seq overflow", [](v1::Batch& b) { b.set_first_seq(UINT64_MAX - 1); }, v1::Ack::MALFORMED},
      {"count 0", [](v1::Batch& b) { b.set_count(0); }, v1::Ack::MALFORMED},
      {"count over the limit", [](v1::Batch& b) { b.set_count(513); }, v1::Ack::MALFORMED},
      {"declared over the limit", [](v1::Batch& b) { b.set_body_bytes(256 * 1024 + 1); }, v1::Ack::MALFORMED},
      {"body over the limit", [](v1::Batch& b) { b.set_body(std::string(256 * 1024 + 1, 'x')); },
       v1::Ack::MALFORMED},
      {"declared another size", [](v1::Batch& b) { b.set_body_bytes(b.body_bytes() + 1); },
       v1::Ack::MALFORMED},
      {"no codec", [](v1::Batch& b) { b.clear_codec(); }, v1::Ack::MALFORMED},
      {"unknown codec", [](v1::Batch& b) { b.set_codec(static_cast<v1::Codec>(9)); }, v1::Ack::MALFORMED},
      {"not compressed at all", [](v1::Batch& b) { b.set_codec(v1::CODEC_ZSTD); }, v1::Ack::MALFORMED},
      {"another agent", [](v1::Batch& b) { b.set_agent_id(std::string(16, 'x')); }, v1::Ack::WRONG_AGENT},
      {"another key", [](v1::Batch& b) { b.set_key_id(std::string(32, 'x')); }, v1::Ack::UNKNOWN_KEY},
      {"no signature", [](v1::Batch& b) { b.clear_sig(); }, v1::Ack::BAD_SIGNATURE},
      {"another epoch", [](v1::Batch& b) { b.set_epoch(4); }, v1::Ack::BAD_SIGNATURE},
      {"another seq", [](v1::Batch& b) { b.set_first_seq(8); }, v1::Ack::BAD_SIGNATURE},
  };
  for (const auto& row : rows) {
    auto changed = forged(bodies, [](v1::Batch&) {});
    row.change(changed);
    const auto opened = open(changed);
    EXPECT_EQ(outcome(changed), row.outcome) << row.what;
    if (!opened) {
      EXPECT_FALSE(opened.error().detail.empty()) << row.what;
    }
  }
}

// Whoever holds the record key can sign anything; the limits hold all the same.
TEST_F(BatchTest, ASignatureDoesNotExcuseABadBody) {
  const struct {
    const char* what;
    std::function<void(v1::Batch&)> change;
    v1::Ack::Outcome outcome;
  } rows[] = {
      {"nothing", [](v1::Batch&) {}, v1::Ack::ACCEPTED},
      {"another head", [](v1::Batch& b) { b.set_head(std::string(32, 'h')); }, v1::Ack::BAD_CHAIN},
      {"fewer announced", [](v1::Batch& b) { b.set_count(2); }, v1::Ack::MALFORMED},
      {"no list of records",
       [](v1::Batch& b) {
         b.set_body("\xff\xff");
         b.set_body_bytes(2);
       },
       v1::Ack::MALFORMED},
      {"a bomb",
       [](v1::Batch& b) {
         b.set_body(record::compress(std::string(256 * 1024, '\0')).value());
         b.set_body_bytes(256 * 1024);
         b.set_codec(v1::CODEC_ZSTD);
       },
       v1::Ack::MALFORMED},
  };
  for (const auto& row : rows) EXPECT_EQ(outcome(forged(bodies, row.change)), row.outcome) << row.what;
  EXPECT_EQ(outcome(forged({"a", ""}, [](v1::Batch&) {})), v1::Ack::MALFORMED);
  EXPECT_EQ(outcome(forged({std::string(record::kRecordBytesMax + 1, 'x')}, [](v1::Batch&) {})),
            v1::Ack::MALFORMED);
}

TEST_F(BatchTest, WhatCompressesTooWellTravelsAsItIs) {
  const std::vector<std::string> zeros(3, std::string(60'000, '\0'));
  const auto made = record::make_batch(position, zeros, key).value();
  EXPECT_EQ(made.codec(), v1::CODEC_NONE);
  EXPECT_EQ(open(made)->bodies, zeros);
}

TEST_F(BatchTest, FittingIsExactlyWhatCanBeMade) {
  const struct {
    const char* what;
    std::vector<std::string> bodies;
    std::size_t fitting;
  } rows[] = {
      {"none", {}, 0},
      {"an empty one", {""}, 0},
      {"the largest", {std::string(record::kRecordBytesMax, 'x')}, 1},
      {"one too large", {std::string(record::kRecordBytesMax + 1, 'x')}, 0},
      {"one too large behind", {"a", std::string(record::kRecordBytesMax + 1, 'x')}, 1},
      {"all that are allowed", std::vector<std::string>(512, "x"), 512},
      {"one too many", std::vector<std::string>(513, "x"), 512},
      // 4 + 65,532 bytes each: exactly 256 KiB.
      {"all bytes", std::vector<std::string>(4, std::string(65'532, 'x')), 4},
      {"one byte too many", {4, std::string(65'533, 'x')}, 3},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(record::fitting(row.bodies), row.fitting) << row.what;
    const auto made = record::make_batch(position, row.bodies, key);
    EXPECT_EQ(made.has_value(), row.fitting == row.bodies.size() && row.fitting > 0) << row.what;
    if (made) {
      EXPECT_EQ(outcome(*made), v1::Ack::ACCEPTED) << row.what;
    }
  }
}

TEST_F(BatchTest, AnAckIsSignedForOneAgentAndPosition) {
  v1::Ack ack;
  ack.set_epoch(3);
  ack.set_committed_seq(9);
  ack.set_head(batch().head());
  record::sign_ack(ack, agent, key);
  EXPECT_TRUE(record::is_signed(ack, agent, key.public_key()));
  EXPECT_FALSE(record::is_signed(ack, AgentId{}, key.public_key()));
  EXPECT_FALSE(record::is_signed(ack, agent, SigningKey::generate()->public_key()));
  for (const auto& change : std::vector<std::function<void(v1::Ack&)>>{
           [](v1::Ack& a) { a.set_epoch(4); }, [](v1::Ack& a) { a.set_committed_seq(8); },
           [](v1::Ack& a) { a.set_head(std::string(32, 'h')); }, [](v1::Ack& a) { a.clear_head(); },
           [](v1::Ack& a) { a.clear_sig(); }}) {
    auto changed = ack;
    change(changed);
    EXPECT_FALSE(record::is_signed(changed, agent, key.public_key()));
  }
}

// Before the first record the head is the start of the chain, and an absent one is filled in.
TEST_F(BatchTest, AnAckOfNothingIsSignedToo) {
  v1::Ack ack;
  record::sign_ack(ack, agent, key);
  EXPECT_EQ(ack.head(), std::string(32, '\0'));
  EXPECT_TRUE(record::is_signed(ack, agent, key.public_key()));
}

}  // namespace
