#include "collector/ingest/fork.h"

#include "collector/ingest/alarm.h"
#include "collector/ingest/ingest.h"
#include "collector/store/agents.h"

namespace collector::ingest {

namespace {

// What the alarm says to people.
std::string words_of(const record::ForkText& text) {
  const auto at = std::to_string(text.committed_seq);
  return text.own_head.empty()
             ? "the agent has no record " + at + "; its next one is " + std::to_string(text.own_next_seq)
             : "the agent has another record " + at;
}

// The known fields alone: what else a sender puts in is not kept.
std::string evidence_of(const deskledger::v1::ForkReport& report) {
  deskledger::v1::ForkReport known;
  known.set_epoch(report.epoch());
  known.set_committed_seq(report.committed_seq());
  known.set_collector_head(report.collector_head());
  known.set_own_next_seq(report.own_next_seq());
  known.set_own_head(report.own_head());
  known.set_sig(report.sig());
  return known.SerializeAsString();
}

base::Result<ForkOutcome> decide(store::Transaction& tx, const Fork& fork,
                                 const std::optional<store::AgentRow>& agent, timing::UtcMs now) {
  const auto& text = fork.text;
  if (!agent || agent->revoked || agent->quarantined) return ForkOutcome::silenced;
  const auto stands = where_stands(tx, text.agent, text.epoch);
  if (!stands) return std::unexpected{stands.error()};
  if (stands->committed_seq != text.committed_seq || stands->head != text.collector_head) {
    return ForkOutcome::stale;
  }
  const auto raised = raise_alarm(tx, {.agent_id = agent->agent_id,
                                       .kind = "fork",
                                       .epoch = text.epoch,
                                       .seq = static_cast<std::int64_t>(text.committed_seq),
                                       .detail = words_of(text),
                                       .evidence = fork.evidence,
                                       .raised = now});
  if (!raised) return std::unexpected{raised.error()};
  return ForkOutcome::raised;
}

}  // namespace

std::string_view to_string(ForkOutcome outcome) {
  switch (outcome) {
    case ForkOutcome::raised: return "fork";
    case ForkOutcome::malformed: return "fork_malformed";
    case ForkOutcome::bad_signature: return "fork_bad_signature";
    case ForkOutcome::stale: return "fork_stale";
    case ForkOutcome::silenced: return "fork_silenced";
  }
  return "fork_unspecified";
}

std::expected<Fork, ForkOutcome> open_fork(const deskledger::v1::ForkReport& report,
                                           const record::AgentId& agent, const crypto::PublicKey& key) {
  const auto theirs = crypto::Digest::from_bytes(report.collector_head());
  const bool sized =
      theirs && (report.own_head().empty() || report.own_head().size() == theirs->bytes().size());
  if (!sized || report.own_head() == report.collector_head()) return std::unexpected{ForkOutcome::malformed};
  Fork fork{.text = {.agent = agent,
                     .epoch = report.epoch(),
                     .committed_seq = report.committed_seq(),
                     .collector_head = *theirs,
                     .own_next_seq = report.own_next_seq(),
                     .own_head = report.own_head()},
            .evidence = evidence_of(report)};
  if (!crypto::verify(key, record::fork_text(fork.text), report.sig())) {
    return std::unexpected{ForkOutcome::bad_signature};
  }
  return fork;
}

base::Result<ForkOutcome> take_fork(store::Transaction& tx, const Fork& fork, timing::UtcMs now) {
  const std::string id{fork.text.agent.bytes()};
  const auto agent = store::find_agent(tx, id);
  if (!agent) return std::unexpected{agent.error()};
  const auto outcome = decide(tx, fork, *agent, now);
  if (!outcome) return outcome;
  const auto counted = store::count_outcome(tx, *agent ? id : "", std::string{to_string(*outcome)},
                                            "at record " + std::to_string(fork.text.committed_seq), now);
  if (!counted) return std::unexpected{counted.error()};
  return outcome;
}

}  // namespace collector::ingest
