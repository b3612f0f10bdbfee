// Any bytes as a frame that comes to the collector, above all as a batch: nothing crashes, memory stays
// bounded, and what is accepted is exactly what was signed.
//
// The signature would stop every mutation, so the first byte of the input says how far the target helps: it
// signs the batch as it stands, makes count and head fit the body too, or takes the bytes as the body alone.

#include <algorithm>
#include <string>

#include "common/record/batch.h"
#include "common/record/chain.h"
#include "common/record/codec.h"
#include "common/record/limits.h"
#include "common/record/signed_text.h"
#include "tests/fuzz/input.h"

namespace {

using fuzz::require;
namespace wire = deskledger::v1;

enum class Help { none, sign, fit, body, squeezed_body, kinds };

const crypto::SigningKey& key() {
  static const auto made = crypto::SigningKey::from_seed(std::string(32, 'k')).value();
  return made;
}

std::optional<crypto::PublicKey> find_key(const crypto::Digest& id) {
  return id == key().public_key().id() ? std::optional{key().public_key()} : std::nullopt;
}

// Count and head as the body has them, if it is one.
void fit(wire::Batch& batch) {
  const bool squeezed = batch.codec() == wire::CODEC_ZSTD;
  const auto declared = std::min<std::size_t>(batch.body_bytes(), record::kBatchBytesMax);
  const auto bytes =
      squeezed ? record::decompress(batch.body(), declared) : base::Result<std::string>{batch.body()};
  wire::RecordList list;
  const auto agent = record::AgentId::from_bytes(batch.agent_id());
  const auto before = crypto::Digest::from_bytes(batch.prev_head());
  if (!bytes || !list.ParseFromString(*bytes) || !agent || !before) return;
  record::Chain chain{*agent, batch.epoch(), batch.first_seq(), *before};
  for (const auto& body : list.body()) chain.append(body);
  batch.set_count(static_cast<std::uint32_t>(list.body_size()));
  batch.set_head(std::string{chain.head().bytes()});
}

void sign(wire::Batch& batch) {
  const auto agent = record::AgentId::from_bytes(batch.agent_id());
  const auto before = crypto::Digest::from_bytes(batch.prev_head());
  const auto head = crypto::Digest::from_bytes(batch.head());
  if (!agent || !before || !head) return;
  batch.set_key_id(std::string{key().public_key().id().bytes()});
  batch.set_sig(key().sign(record::batch_text({.agent = *agent,
                                               .epoch = batch.epoch(),
                                               .first_seq = batch.first_seq(),
                                               .count = batch.count(),
                                               .prev_head = *before,
                                               .head = *head})));
}

wire::Batch batch_around(std::string_view body, bool squeezed) {
  wire::Batch batch;
  batch.set_agent_id(std::string(16, 'a'));
  batch.set_epoch(1);
  batch.set_first_seq(1);
  batch.set_prev_head(std::string(32, '\0'));
  batch.set_head(std::string(32, '\0'));
  batch.set_codec(squeezed ? wire::CODEC_ZSTD : wire::CODEC_NONE);
  batch.set_body_bytes(static_cast<std::uint32_t>(body.size()));
  batch.set_body(squeezed ? record::compress(body).value() : std::string{body});
  return batch;
}

void check(const wire::Batch& batch, const record::OpenedBatch& opened) {
  require(opened.bodies.size() == batch.count() && opened.hashes.size() == opened.bodies.size());
  require(opened.bodies.size() <= record::kBatchRecordsMax);
  std::size_t bytes = 0;
  for (const auto& body : opened.bodies) {
    require(!body.empty() && body.size() <= record::kRecordBytesMax);
    bytes += body.size();
  }
  require(bytes <= record::kBatchBytesMax);
  require(opened.head == opened.hashes.back() && opened.head.bytes() == batch.head());
  // Any other agent, and any other body under this signature, is refused.
  auto stranger = opened.position.agent;
  stranger.value[0] = static_cast<char>(stranger.value[0] ^ 1);
  require(!record::open_batch(batch, stranger, find_key));
  wire::Batch other = batch;
  other.set_first_seq(batch.first_seq() + 1);
  require(!record::open_batch(other, opened.position.agent, find_key));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input{data, size};
  const auto help = static_cast<Help>(input.number(1) % static_cast<unsigned>(Help::kinds));
  wire::Batch batch;
  if (help == Help::body || help == Help::squeezed_body) {
    batch = batch_around(input.rest(), help == Help::squeezed_body);
  } else {
    wire::Frame frame;
    if (!frame.ParseFromString(std::string{input.rest()})) return 0;
    require(frame.ByteSizeLong() <= 2 * size + 16);
    if (!frame.has_batch()) return 0;
    batch = frame.batch();
  }
  if (help >= Help::fit) fit(batch);
  if (help >= Help::sign) sign(batch);
  const auto agent = record::AgentId::from_bytes(batch.agent_id()).value_or(record::AgentId{});
  const auto opened = record::open_batch(batch, agent, find_key);
  if (opened) {
    check(batch, *opened);
  } else {
    require(opened.error().outcome >= wire::Ack::BAD_SIGNATURE && !opened.error().detail.empty());
  }
  return 0;
}
