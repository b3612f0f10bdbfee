// The part of AgentStream that takes batches and answers them.

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "collector/net/agent_stream.h"
#include "common/async/offload.h"
#include "common/logging/log.h"
#include "common/record/limits.h"

namespace collector::net {

namespace wire = deskledger::v1;
using boost::asio::awaitable;
using websocket::CloseCode;

namespace {

constexpr std::int64_t kQueueRetry_ms = 1'000;
constexpr std::int64_t kRetryMax_ms = 60'000;

}  // namespace

bool AgentStream::admits(const wire::Batch& batch, std::size_t bytes) {
  if (busy_from_ && batch.first_seq() > *busy_from_) {
    answer_busy(*busy_from_, "", kQueueRetry_ms);
    return false;
  }
  // The count is not verified yet, and no lie about it may cost more than the truth could.
  const auto records = std::min(batch.count(), record::kBatchRecordsMax);
  const auto wait = port_.guard.take_batch(id(), records, static_cast<std::int64_t>(bytes), port_.now_ms());
  if (wait.ms > 0) {
    answer_busy(batch.first_seq(), wait.name, wait.ms);
    return false;
  }
  busy_from_.reset();
  return true;
}

void AgentStream::answer_busy(std::uint64_t first_seq, std::string_view outcome,
                              std::int64_t retry_after_ms) {
  busy_from_ = first_seq;
  if (!outcome.empty()) note(outcome);
  const auto wait_ms = static_cast<std::uint32_t>(std::min(retry_after_ms, kRetryMax_ms));
  speaker_.reserve()->fill([this, wait_ms, detail = std::string{outcome}] {
    return acknowledge({.outcome = Ack::BUSY, .detail = detail, .retry_after_ms = wait_ms});
  });
}

awaitable<void> AgentStream::take_batch(const wire::Batch& batch, std::size_t bytes) {
  if (!admits(batch, bytes)) co_return;
  auto opened = record::open_batch(batch, agent_, [this](const crypto::Digest& id) {
    return record_key_ && record_key_->id() == id ? record_key_ : std::nullopt;
  });
  if (!opened) co_return co_await refuse_batch(std::move(opened.error()));
  if (opened->position.epoch != epoch_) {
    record::Refusal refusal{.outcome = Ack::MALFORMED, .detail = "the epoch is not the one of the Hello"};
    co_return co_await refuse_batch(std::move(refusal));
  }
  submit(std::move(*opened), batch);
}

void AgentStream::submit(record::OpenedBatch opened, const wire::Batch& batch) {
  const auto first_seq = opened.position.first_seq;
  ingest::Incoming incoming{.batch = std::move(opened), .key_id = batch.key_id(), .sig = batch.sig()};
  const auto place = speaker_.reserve();
  // Called on the committer's thread; the place knows whether this stream is still there.
  const bool taken = port_.parts.committer.submit(
      std::move(incoming), [this, place, executor = executor_](base::Result<ingest::Answer> answer) {
        boost::asio::post(executor, [this, place, answer = std::move(answer)] {
          place->fill([this, answer] { return put_in_words(answer); });
        });
      });
  if (taken) return;
  busy_from_ = first_seq;
  note("busy_queue");
  place->fill([this] {
    return acknowledge({.outcome = Ack::BUSY,
                        .detail = "too many batches wait",
                        .retry_after_ms = static_cast<std::uint32_t>(kQueueRetry_ms)});
  });
}

awaitable<void> AgentStream::refuse_batch(record::Refusal refusal) {
  port_.guard.strike_agent(id(), key_, port_.now_ms());
  base::Status counted;
  co_await async::offload(port_.parts.worker, [&] {
    counted = port_.parts.database.transaction([&](store::Transaction& tx) {
      return store::count_outcome(tx, id(), std::string{ingest::to_string(refusal.outcome)}, refusal.detail,
                                  port_.now());
    });
  });
  if (!counted) {
    logging::error("a refusal could not be counted", {{"reason", counted.error().message}});
    co_return end_unanswered();
  }
  speaker_.reserve()->fill(
      [this, refusal] { return acknowledge({.outcome = refusal.outcome, .detail = refusal.detail}); });
}

Speaker::Word AgentStream::put_in_words(const base::Result<ingest::Answer>& answer) {
  if (answer) return acknowledge(*answer);
  logging::error("a batch could not be stored", {{"reason", answer.error().message}});
  return {.farewell = Speaker::Farewell{.code = CloseCode::try_again_later, .reason = kUnanswered}};
}

Speaker::Word AgentStream::acknowledge(ingest::Answer answer) {
  // What was told before is still durable, also when this answer did not look.
  if (answer.committed_seq > stands_.committed_seq) {
    stands_.committed_seq = answer.committed_seq;
    stands_.head = answer.head;
  }
  wire::Frame frame;
  auto& ack = *frame.mutable_ack();
  ack.set_outcome(answer.outcome);
  ack.set_epoch(epoch_);
  ack.set_committed_seq(stands_.committed_seq);
  ack.set_head(std::string{stands_.head.bytes()});
  ack.set_window(answer.outcome == Ack::BUSY ? 0 : window_);
  ack.set_retry_after_ms(answer.retry_after_ms);
  ack.set_server_utc_ms(timing::to_ms(port_.now()));
  ack.set_detail(answer.detail);
  record::sign_ack(ack, agent_, port_.parts.acknowledgement_key);
  Speaker::Word word{.message = frame.SerializeAsString()};
  if (!ingest::ends_connection(answer.outcome)) return word;
  tell_journal(answer);
  word.farewell =
      Speaker::Farewell{.code = CloseCode::policy, .reason = std::string{ingest::to_string(answer.outcome)}};
  return word;
}

void AgentStream::tell_journal(const ingest::Answer& answer) const {
  const std::string name{ingest::to_string(answer.outcome)};
  if (answer.outcome == Ack::CONFLICT) {
    logging::error("alarm: an agent's history exists twice; it is in quarantine",
                   {{"agent", agent_.hex()}, {"from", address_}, {"kind", name}, {"detail", answer.detail}});
    return;
  }
  tell_refused(name, answer.detail);
}

}  // namespace collector::net
