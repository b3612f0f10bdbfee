#include "tests/collector/ingest/sender.h"

#include "collector/store/agents.h"
#include "common/record/chain.h"
#include "common/record/signed_text.h"
#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::ingest {

using store::must;

Sender::Sender(int n) : key_{crypto::SigningKey::generate().value()} {
  agent_.value.back() = static_cast<char>(n);
}

Incoming Sender::batch(std::uint64_t first_seq, const crypto::Digest& prev_head,
                       const std::vector<std::string>& bodies) const {
  const record::Position position{
      .agent = agent_, .epoch = epoch_, .first_seq = first_seq, .prev_head = prev_head};
  const auto sealed = must(record::make_batch(position, bodies, key_));
  auto opened = record::open_batch(sealed, agent_,
                                   [&](const crypto::Digest&) { return std::optional{key_.public_key()}; });
  return {.batch = std::move(opened.value()), .key_id = sealed.key_id(), .sig = sealed.sig()};
}

Incoming Sender::next(int count, const std::string& word) {
  std::vector<std::string> bodies;
  for (int i = 0; i < count; ++i)
    bodies.push_back(word + " " + std::to_string(seq + 1 + static_cast<unsigned>(i)));
  auto incoming = batch(seq + 1, head, bodies);
  seq += bodies.size();
  head = incoming.batch.head;
  return incoming;
}

deskledger::v1::ForkReport Sender::sign(deskledger::v1::ForkReport report) const {
  const record::ForkText text{
      .agent = agent_,
      .epoch = report.epoch(),
      .committed_seq = report.committed_seq(),
      .collector_head = crypto::Digest::from_bytes(report.collector_head()).value_or(crypto::Digest{}),
      .own_next_seq = report.own_next_seq(),
      .own_head = report.own_head()};
  report.set_sig(key_.sign(record::fork_text(text)));
  return report;
}

void Sender::begin_epoch(std::uint32_t epoch) {
  epoch_ = epoch;
  seq = 0;
  head = record::kChainStart;
}

void enrol(store::Transaction& tx, const Sender& sender) {
  const auto token = must(store::create_token(tx, {.secret_hash = "secret of " + sender.id(),
                                                   .workstation = "ws",
                                                   .created = store::at(1),
                                                   .expires = store::at(2)}));
  must(store::enrol(tx, store::agent_row(token, sender.id())));
}

}  // namespace collector::ingest
