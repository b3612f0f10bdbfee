#include "collector/ingest/ingest.h"

#include <algorithm>

#include "collector/ingest/alarm.h"
#include "collector/store/agents.h"
#include "collector/store/records.h"
#include "common/record/chain.h"

namespace collector::ingest {

namespace {

using Ack = record::v1::Ack;

std::string text(std::string_view bytes) {
  return std::string{bytes};
}

// What a batch that begins at or before committed_seq is: the same again, other bytes, or partly new.
base::Result<Answer> again(store::Transaction& tx, const record::OpenedBatch& batch, Answer stands) {
  const auto first = batch.position.first_seq;
  const auto overlap = std::min<std::uint64_t>(stands.committed_seq - first + 1, batch.hashes.size());
  const auto stored =
      store::find_record_hashes(tx, text(batch.position.agent.bytes()), batch.position.epoch,
                                static_cast<std::int64_t>(first), static_cast<std::int64_t>(overlap));
  if (!stored) return std::unexpected{stored.error()};
  for (std::size_t i = 0; i < overlap; ++i) {
    if (i >= stored->size() || (*stored)[i] != batch.hashes[i].bytes()) {
      stands.outcome = Ack::CONFLICT;
      stands.differs_at = first + i;
      stands.detail = "record " + std::to_string(first + i) + " is stored with other bytes";
      return stands;
    }
  }
  // A batch is kept as it was signed, so one that is partly new is asked for again from the new part on.
  stands.outcome = overlap == batch.hashes.size() ? Ack::DUPLICATE : Ack::GAP;
  stands.detail = "stored up to " + std::to_string(stands.committed_seq);
  return stands;
}

base::Result<Answer> append(store::Transaction& tx, const Incoming& incoming, Answer stands,
                            timing::UtcMs now) {
  const auto& batch = incoming.batch;
  std::vector<store::NewRecord> records;
  records.reserve(batch.bodies.size());
  for (std::size_t i = 0; i < batch.bodies.size(); ++i) {
    records.push_back({.hash = text(batch.hashes[i].bytes()), .body = batch.bodies[i]});
  }
  const store::BatchRow row{.id = 0,
                            .agent_id = text(batch.position.agent.bytes()),
                            .epoch = batch.position.epoch,
                            .first_seq = static_cast<std::int64_t>(batch.position.first_seq),
                            .record_count = 0,
                            .prev_head = text(batch.position.prev_head.bytes()),
                            .head = text(batch.head.bytes()),
                            .key_id = incoming.key_id,
                            .sig = incoming.sig,
                            .received = now};
  if (const auto stored = store::append_batch(tx, row, records); !stored)
    return std::unexpected{stored.error()};
  stands.outcome = Ack::ACCEPTED;
  stands.committed_seq += records.size();
  stands.head = batch.head;
  return stands;
}

base::Result<Answer> decide(store::Transaction& tx, const Incoming& incoming,
                            const std::optional<store::AgentRow>& agent, timing::UtcMs now) {
  const auto& position = incoming.batch.position;
  auto stands = where_stands(tx, position.agent, position.epoch);
  if (!stands) return stands;
  if (!agent || agent->revoked) {
    stands->outcome = Ack::REVOKED;
    stands->detail = agent ? "this agent was revoked" : "this agent is not enrolled here";
    return stands;
  }
  if (agent->quarantined) {
    stands->outcome = Ack::QUARANTINED;
    stands->detail = agent->quarantine_reason;
    return stands;
  }
  if (position.first_seq <= stands->committed_seq) return again(tx, incoming.batch, *stands);
  if (position.first_seq > stands->committed_seq + 1) {
    stands->outcome = Ack::GAP;
    stands->detail = "expected record " + std::to_string(stands->committed_seq + 1);
    return stands;
  }
  if (position.prev_head != stands->head) {
    stands->outcome = Ack::CONFLICT;
    stands->differs_at = stands->committed_seq;
    stands->detail =
        "the record before " + std::to_string(position.first_seq) + " is stored with other bytes";
    return stands;
  }
  const auto newest = store::newest_epoch(tx, text(position.agent.bytes()));
  if (!newest) return std::unexpected{newest.error()};
  // An agent leaves an epoch for ever: what goes on in an older one is another machine's.
  if (position.epoch < *newest) {
    stands->outcome = Ack::CONFLICT;
    stands->differs_at = position.first_seq;
    stands->detail = "record " + std::to_string(position.first_seq) + " is new in epoch " +
                     std::to_string(position.epoch) + ", but epoch " + std::to_string(*newest) +
                     " is stored already";
    return stands;
  }
  return append(tx, incoming, *stands, now);
}

// The refused batch as its agent signed it, without the records: enough to show that the agent's own key
// vouches for a history that is not the stored one.
std::string evidence_of(const Incoming& incoming) {
  const auto& batch = incoming.batch;
  record::v1::Batch refused;
  refused.set_agent_id(text(batch.position.agent.bytes()));
  refused.set_epoch(batch.position.epoch);
  refused.set_first_seq(batch.position.first_seq);
  refused.set_count(static_cast<std::uint32_t>(batch.bodies.size()));
  refused.set_prev_head(text(batch.position.prev_head.bytes()));
  refused.set_head(text(batch.head.bytes()));
  refused.set_key_id(incoming.key_id);
  refused.set_sig(incoming.sig);
  return refused.SerializeAsString();
}

}  // namespace

std::string_view to_string(Ack::Outcome outcome) {
  switch (outcome) {
    case Ack::ACCEPTED: return "accepted";
    case Ack::DUPLICATE: return "duplicate";
    case Ack::CONFLICT: return "conflict";
    case Ack::GAP: return "gap";
    case Ack::BAD_SIGNATURE: return "bad_signature";
    case Ack::BAD_CHAIN: return "bad_chain";
    case Ack::MALFORMED: return "malformed";
    case Ack::UNKNOWN_KEY: return "unknown_key";
    case Ack::WRONG_AGENT: return "wrong_agent";
    case Ack::REVOKED: return "revoked";
    case Ack::BUSY: return "busy";
    case Ack::QUARANTINED: return "quarantined";
    default: return "unspecified";
  }
}

bool ends_connection(Ack::Outcome outcome) {
  return outcome != Ack::ACCEPTED && outcome != Ack::DUPLICATE && outcome != Ack::BUSY;
}

base::Result<Answer> where_stands(store::Transaction& tx, const record::AgentId& agent, std::uint32_t epoch) {
  const auto stream = store::load_stream(tx, text(agent.bytes()), epoch);
  if (!stream) return std::unexpected{stream.error()};
  Answer answer{
      .outcome = Ack::OUTCOME_UNSPECIFIED, .committed_seq = 0, .head = record::kChainStart, .detail = {}};
  if (!*stream) return answer;
  const auto head = crypto::Digest::from_bytes((*stream)->head);
  if (!head) return std::unexpected{head.error()};
  answer.committed_seq = static_cast<std::uint64_t>((*stream)->committed_seq);
  answer.head = *head;
  return answer;
}

base::Result<Answer> take(store::Transaction& tx, const Incoming& incoming, timing::UtcMs now) {
  const auto& position = incoming.batch.position;
  const auto id = text(position.agent.bytes());
  const auto agent = store::find_agent(tx, id);
  if (!agent) return std::unexpected{agent.error()};
  auto answer = decide(tx, incoming, *agent, now);
  if (!answer) return answer;
  if (answer->outcome == Ack::CONFLICT) {
    const auto raised = raise_alarm(tx, {.agent_id = id,
                                         .kind = "conflict",
                                         .epoch = position.epoch,
                                         .seq = static_cast<std::int64_t>(answer->differs_at),
                                         .detail = answer->detail,
                                         .evidence = evidence_of(incoming),
                                         .raised = now});
    if (!raised) return std::unexpected{raised.error()};
  }
  const std::string outcome{to_string(answer->outcome)};
  if (auto done = store::count_outcome(tx, *agent ? id : "", outcome, answer->detail, now); !done) {
    return std::unexpected{done.error()};
  }
  if (answer->outcome == Ack::ACCEPTED || answer->outcome == Ack::DUPLICATE) {
    if (auto done = store::touch_last_seen(tx, id, now); !done) return std::unexpected{done.error()};
  }
  return answer;
}

}  // namespace collector::ingest
