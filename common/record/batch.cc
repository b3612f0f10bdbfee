#include "common/record/batch.h"

#include <algorithm>

#include "common/record/chain.h"
#include "common/record/codec.h"
#include "common/record/limits.h"
#include "common/record/signed_text.h"

namespace record {

namespace {

using base::ErrorCode;

// Of one body inside a serialised RecordList: a tag byte, its length as a varint, itself.
std::size_t listed_bytes(std::size_t body_bytes) {
  std::size_t length_bytes = 1;
  for (auto rest = body_bytes; rest >= 128; rest >>= 7) ++length_bytes;
  return 1 + length_bytes + body_bytes;
}

bool may_travel(const std::string& body) {
  return !body.empty() && body.size() <= kRecordBytesMax;
}

std::unexpected<Refusal> refuse(v1::Ack::Outcome outcome, std::string detail) {
  return std::unexpected{Refusal{.outcome = outcome, .detail = std::move(detail)}};
}

std::unexpected<Refusal> malformed(std::string detail) {
  return refuse(v1::Ack::MALFORMED, std::move(detail));
}

// The fixed-size fields of a batch.
struct Header {
  Position position;
  crypto::Digest head;
  crypto::Digest key_id;
};

std::expected<Header, Refusal> read_header(const v1::Batch& batch) {
  const auto agent = AgentId::from_bytes(batch.agent_id());
  const auto prev_head = crypto::Digest::from_bytes(batch.prev_head());
  const auto head = crypto::Digest::from_bytes(batch.head());
  const auto key_id = crypto::Digest::from_bytes(batch.key_id());
  if (!agent || !prev_head || !head || !key_id) return malformed("a field of the batch has a wrong size");
  if (batch.first_seq() == 0) return malformed("the first seq is 1, not 0");
  if (batch.first_seq() == 1 && *prev_head != kChainStart)
    return malformed("the chain does not start at its start");
  if (batch.count() == 0 || batch.count() > kBatchRecordsMax) {
    return malformed("a batch of " + std::to_string(batch.count()) + " records");
  }
  if (batch.first_seq() > UINT64_MAX - batch.count()) return malformed("seq overflows");
  return Header{.position = {.agent = *agent,
                             .epoch = batch.epoch(),
                             .first_seq = batch.first_seq(),
                             .prev_head = *prev_head},
                .head = *head,
                .key_id = *key_id};
}

std::optional<Refusal> check_sizes(const v1::Batch& batch) {
  const auto declared = std::size_t{batch.body_bytes()};
  const auto sent = batch.body().size();
  if (declared > kBatchBytesMax || sent > kBatchBytesMax) {
    return malformed("a body of " + std::to_string(std::max(declared, sent)) + " bytes").error();
  }
  switch (batch.codec()) {
    case v1::CODEC_NONE:
      if (sent != declared) return malformed("the body is not of the declared size").error();
      return std::nullopt;
    case v1::CODEC_ZSTD:
      if (declared > sent * kInflateRatioMax)
        return malformed("the body is compressed beyond the limit").error();
      return std::nullopt;
    default: return malformed("codec " + std::to_string(batch.codec()) + " is not known here").error();
  }
}

std::expected<std::vector<std::string>, Refusal> read_bodies(const v1::Batch& batch) {
  v1::RecordList list;
  bool parsed = false;
  if (batch.codec() == v1::CODEC_ZSTD) {
    const auto bytes = decompress(batch.body(), batch.body_bytes());
    if (!bytes) return malformed(bytes.error().message);
    parsed = list.ParseFromString(*bytes);
  } else {
    parsed = list.ParseFromString(batch.body());
  }
  if (!parsed) return malformed("the body is no list of records");
  if (std::size_t(list.body_size()) != batch.count()) {
    return malformed("the batch announces " + std::to_string(batch.count()) + " records and holds " +
                     std::to_string(list.body_size()));
  }
  std::vector<std::string> bodies{std::make_move_iterator(list.mutable_body()->begin()),
                                  std::make_move_iterator(list.mutable_body()->end())};
  if (!std::all_of(bodies.begin(), bodies.end(), may_travel))
    return malformed("a record is empty or too large");
  return bodies;
}

BatchText text_of(const Position& position, std::uint32_t count, const crypto::Digest& head) {
  return {.agent = position.agent,
          .epoch = position.epoch,
          .first_seq = position.first_seq,
          .count = count,
          .prev_head = position.prev_head,
          .head = head};
}

base::Status set_body(v1::Batch& batch, std::string list) {
  std::string compressed;
  if (list.size() >= kCompressedFromBytes) {
    auto frame = compress(list);
    if (!frame) return base::fail("making a batch", frame.error());
    compressed = *std::move(frame);
  }
  const bool helps = !compressed.empty() && compressed.size() < list.size() &&
                     list.size() <= compressed.size() * kInflateRatioMax;
  batch.set_body_bytes(static_cast<std::uint32_t>(list.size()));
  batch.set_codec(helps ? v1::CODEC_ZSTD : v1::CODEC_NONE);
  batch.set_body(helps ? std::move(compressed) : std::move(list));
  return {};
}

}  // namespace

std::size_t fitting(std::span<const std::string> bodies) {
  std::size_t count = 0;
  std::size_t bytes = 0;
  while (count < bodies.size() && count < kBatchRecordsMax && may_travel(bodies[count])) {
    bytes += listed_bytes(bodies[count].size());
    if (bytes > kBatchBytesMax) break;
    ++count;
  }
  return count;
}

base::Result<v1::Batch> make_batch(const Position& position, std::span<const std::string> bodies,
                                   const crypto::SigningKey& key) {
  if (bodies.empty() || fitting(bodies) != bodies.size()) {
    return base::fail(ErrorCode::invalid_argument,
                      "making one batch of " + std::to_string(bodies.size()) + " records: they do not fit");
  }
  const auto count = static_cast<std::uint32_t>(bodies.size());
  Chain chain{position.agent, position.epoch, position.first_seq, position.prev_head};
  v1::RecordList list;
  for (const auto& body : bodies) {
    chain.append(body);
    list.add_body(body);
  }
  v1::Batch batch;
  batch.set_agent_id(std::string{position.agent.bytes()});
  batch.set_epoch(position.epoch);
  batch.set_first_seq(position.first_seq);
  batch.set_count(count);
  batch.set_prev_head(std::string{position.prev_head.bytes()});
  batch.set_head(std::string{chain.head().bytes()});
  batch.set_key_id(std::string{key.public_key().id().bytes()});
  batch.set_sig(key.sign(batch_text(text_of(position, count, chain.head()))));
  if (auto status = set_body(batch, list.SerializeAsString()); !status)
    return std::unexpected{status.error()};
  return batch;
}

std::expected<OpenedBatch, Refusal> open_batch(const v1::Batch& batch, const AgentId& agent,
                                               const FindKey& find_key) {
  const auto header = read_header(batch);
  if (!header) return std::unexpected{header.error()};
  if (auto refusal = check_sizes(batch)) return std::unexpected{*std::move(refusal)};
  if (header->position.agent != agent) {
    return refuse(v1::Ack::WRONG_AGENT, "the batch is of agent " + header->position.agent.hex() +
                                            ", the connection of agent " + agent.hex());
  }
  const auto key = find_key(header->key_id);
  if (!key)
    return refuse(v1::Ack::UNKNOWN_KEY, "record key " + header->key_id.hex() + " is not this agent's");
  if (!crypto::verify(*key, batch_text(text_of(header->position, batch.count(), header->head)),
                      batch.sig())) {
    return refuse(v1::Ack::BAD_SIGNATURE, "the signature does not hold");
  }
  auto bodies = read_bodies(batch);
  if (!bodies) return std::unexpected{bodies.error()};
  Chain chain{agent, header->position.epoch, header->position.first_seq, header->position.prev_head};
  std::vector<crypto::Digest> hashes;
  hashes.reserve(bodies->size());
  for (const auto& body : *bodies) hashes.push_back(chain.append(body));
  if (chain.head() != header->head)
    return refuse(v1::Ack::BAD_CHAIN, "the records do not lead to the signed head");
  return OpenedBatch{.position = header->position,
                     .head = header->head,
                     .bodies = *std::move(bodies),
                     .hashes = std::move(hashes)};
}

void sign_ack(v1::Ack& ack, const AgentId& agent, const crypto::SigningKey& key) {
  const auto head = crypto::Digest::from_bytes(ack.head()).value_or(kChainStart);
  ack.set_head(std::string{head.bytes()});
  ack.set_sig(key.sign(ack_text(agent, ack.epoch(), ack.committed_seq(), head)));
}

bool is_signed(const v1::Ack& ack, const AgentId& agent, const crypto::PublicKey& key) {
  const auto head = crypto::Digest::from_bytes(ack.head());
  return head && crypto::verify(key, ack_text(agent, ack.epoch(), ack.committed_seq(), *head), ack.sig());
}

}  // namespace record
