#include "agent/uplink/conversation.h"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "agent/uplink/refusal.h"
#include "common/async/offload.h"
#include "common/async/task_group.h"
#include "common/logging/log.h"
#include "common/record/batch.h"
#include "common/record/chain.h"
#include "common/record/limits.h"
#include "common/record/signed_text.h"
#include "common/record/terminal_digest.h"

namespace agent::uplink {

using base::ErrorCode;
using base::fail;
using boost::asio::awaitable;

namespace {

constexpr std::chrono::milliseconds kAnswerLimit{15'000};
// For the collector to have read a fork report.
constexpr std::chrono::milliseconds kFarewellLimit{5'000};
// Of docs/formats/wire.md; a collector that speaks no such says so in the Welcome.
constexpr std::uint32_t kProtocol = 1;

}  // namespace

Conversation::Conversation(websocket::Connection& connection, outbox::Outbox& outbox,
                           const identity::Identity& identity, const identity::Credentials& credentials,
                           const crypto::Digest& server_authority, const Options& options, Memory& memory,
                           async::Event& wake, boost::asio::any_io_executor worker,
                           const timing::Clock& clock)
    : connection_{connection},
      outbox_{outbox},
      identity_{identity},
      credentials_{credentials},
      server_authority_{server_authority},
      options_{options},
      memory_{memory},
      wake_{wake},
      worker_{std::move(worker)},
      clock_{clock} {}

awaitable<base::Status> Conversation::send(wire::Frame frame) {
  co_return co_await connection_.write(frame.SerializeAsString());
}

awaitable<base::Result<wire::Frame>> Conversation::receive(std::chrono::milliseconds limit) {
  auto bytes = co_await connection_.read(limit);
  if (!bytes) co_return std::unexpected{bytes.error()};
  wire::Frame frame;
  if (!frame.ParseFromString(*bytes))
    co_return fail(ErrorCode::corrupt, "the collector sent what is no frame");
  co_return frame;
}

awaitable<base::Status> Conversation::begin() {
  outbox::ChainState chain;
  co_await async::offload(worker_, [&] { chain = outbox_.chain(); });
  epoch_ = chain.epoch;
  executor_ = co_await boost::asio::this_coro::executor;
  const auto trust = crypto::trust_digest(credentials_.trusted);
  wire::Frame frame;
  auto& hello = *frame.mutable_hello();
  hello.set_agent_id(std::string{identity_.agent_id.bytes()});
  hello.set_epoch(epoch_);
  hello.set_next_seq(chain.next_seq);
  hello.set_agent_version(options_.agent_version);
  hello.set_os(options_.os);
  hello.set_hostname(options_.hostname);
  hello.set_protocol(kProtocol);
  hello.set_trust_digest(std::string{trust.bytes()});
  if (auto sent = co_await send(std::move(frame)); !sent) co_return sent;

  auto answer = co_await receive(kAnswerLimit);
  if (!answer) co_return std::unexpected{answer.error()};
  if (!answer->has_welcome()) co_return fail(ErrorCode::corrupt, "the collector did not say welcome");
  auto& welcome = *answer->mutable_welcome();
  if (welcome.server_utc_ms() > 0) {
    server_time_ = timing::from_ms(welcome.server_utc_ms());
    server_time_boot_ms_ = clock_.boot_ms();
  }
  trust_differs_ = !welcome.trust_digest().empty() && welcome.trust_digest() != trust.bytes() &&
                   clock_.boot_ms() >= memory_.trust_pause_ends_boot_ms;
  if (welcome.outcome() == wire::Welcome::RENEW_FIRST) {
    renew_first_ = true;
    co_return base::Status{};
  }
  if (welcome.outcome() != wire::Welcome::ACCEPTED) co_return std::unexpected{refusal_of(welcome)};
  plan_renewal();
  co_return co_await join(std::move(welcome));
}

// Where the collector stands must be a point of our own chain. Without its signature, which a collector of
// 0.1 does not give and a thief of its TLS key cannot, that says where to go on and lets us forget nothing.
awaitable<base::Status> Conversation::join(wire::Welcome welcome) {
  const auto head = crypto::Digest::from_bytes(welcome.head());
  if (!head) co_return fail(ErrorCode::corrupt, "the collector's chain head is no digest");
  const auto committed = welcome.committed_seq();
  const bool is_signed = !welcome.sig().empty();
  const auto text = record::ack_text(identity_.agent_id, epoch_, committed, *head);
  if (is_signed && !crypto::verify(identity_.collector_key, text, welcome.sig())) {
    co_return fail(ErrorCode::unauthenticated,
                   "a Welcome with a signature that is not the collector's: it counts for nothing; if that "
                   "stays, enrol this workstation again");
  }
  const auto proof = proof_of(committed, *head, welcome.sig(), welcome.server_utc_ms());
  std::uint64_t sealed = 0;
  base::Result<crypto::Digest> own = record::kChainStart;
  base::Status acknowledged;
  co_await async::offload(worker_, [&] {
    sealed = outbox_.chain().next_seq - 1;
    own = outbox_.hash_of(committed);
    if (own && *own == *head && is_signed) acknowledged = outbox_.acknowledge(committed, clock_.utc(), proof);
  });
  if (!own && own.error().code != ErrorCode::not_found) co_return std::unexpected{own.error()};
  if (!own || *own != *head) {
    const bool gone = !own && committed <= sealed;
    // Named, because g++ 12 destroys a `?:` twice when it is a temporary of a co_await.
    std::string own_head;
    if (own) own_head = own->bytes();
    co_await report_fork(welcome, own_head, sealed + 1);
    co_return fail(
        ErrorCode::conflict,
        "the collector stands at record " + std::to_string(committed) +
            (gone ? ", which this outbox no longer has" : " of another history than this outbox") +
            ": one of the two was restored from a backup, or this workstation is a copy of another; "
            "nothing is sent until an administrator has decided (docs/operating/agent.md)");
  }
  if (!acknowledged) co_return acknowledged;
  next_seq_ = committed + 1;
  prev_head_ = *head;
  window_ = std::clamp(welcome.window(), 1U, record::kWindowMax);
  co_return base::Status{};
}

// Signed, because the collector will take nothing more of us until a person has looked. A collector of 0.1
// ends the connection at it, as we do ourselves.
awaitable<void> Conversation::report_fork(wire::Welcome welcome, std::string own_head,
                                          std::uint64_t own_next_seq) {
  const auto head = crypto::Digest::from_bytes(welcome.head());
  if (!head) co_return;
  wire::Frame frame;
  auto& report = *frame.mutable_fork_report();
  report.set_epoch(epoch_);
  report.set_committed_seq(welcome.committed_seq());
  report.set_collector_head(welcome.head());
  report.set_own_next_seq(own_next_seq);
  report.set_own_head(own_head);
  const record::ForkText text{.agent = identity_.agent_id,
                              .epoch = epoch_,
                              .committed_seq = welcome.committed_seq(),
                              .collector_head = *head,
                              .own_next_seq = own_next_seq,
                              .own_head = own_head};
  report.set_sig(credentials_.record_key.sign(record::fork_text(text)));
  if (const auto sent = co_await send(std::move(frame)); !sent) co_return;
  // Until it has been read: the collector closes.
  const auto last = co_await connection_.read(kFarewellLimit);
  if (last) logging::debug("the collector answered a fork report");
}

awaitable<base::Error> Conversation::go_on() {
  async::TaskGroup others{co_await boost::asio::this_coro::executor, [this](std::exception_ptr) {
                            end({ErrorCode::internal, "a task of the connection crashed"});
                          }};
  others.spawn(receive_all());
  others.spawn(look_now_and_then());
  if (options_.terminals && !renew_first_) others.spawn(want_terminals_now_and_then());
  base::Status status;
  std::exception_ptr stopped;
  try {
    status = co_await send_all();
  } catch (...) {
    stopped = std::current_exception();
  }
  // What comes behind the abort says only that it was aborted.
  if (!status) end(status.error());
  connection_.abort();
  // The others use what is ours, so they are waited for, also when this task is told to stop before or
  // meanwhile. The word to stop is not reset: it comes once, and whoever waits next must still hear it.
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  co_await others.stop();
  co_await boost::asio::this_coro::throw_if_cancelled(true);
  if (stopped) std::rethrow_exception(stopped);
  co_return ended_.value_or(base::Error{ErrorCode::unavailable, "the connection ended"});
}

void Conversation::end(base::Error error) {
  if (!ended_) ended_ = std::move(error);
  wake_.set();
}

awaitable<base::Status> Conversation::send_all() {
  while (!ended_) {
    if (wants_certificate()) {
      if (auto asked = co_await ask_for_certificate(); !asked) co_return asked;
    }
    if (terminals_due_ && !terminals_asked_) {
      if (auto asked = co_await ask_for_terminals(); !asked) co_return asked;
    }
    bool sent = false;
    if (may_send()) {
      if (auto status = co_await send_next_batch(sent); !status) co_return status;
    }
    if (!sent && !ended_) co_await wake_.wait();
  }
  co_return base::Status{};
}

// What no frame and no record wakes us for.
awaitable<void> Conversation::look_now_and_then() {
  for (;;) {
    boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, options_.pace.look};
    co_await timer.async_wait(boost::asio::use_awaitable);
    if (in_flight_ > 0 && clock_.boot_ms() - last_word_boot_ms_ > options_.pace.answer.count()) {
      end({ErrorCode::deadline_exceeded, "the collector answers no batch"});
      co_return;
    }
    wake_.set();
  }
}

// A collector that does not know the question ends the connection, and the next one asks again: such a
// workstation may not tell whose sessions it had, so it has to wait for a newer collector.
awaitable<base::Status> Conversation::ask_for_terminals() {
  terminals_due_ = false;
  terminals_asked_ = true;
  wire::Frame frame;
  frame.mutable_terminals_request()->set_known_version(memory_.terminals_version);
  co_return co_await send(std::move(frame));
}

awaitable<void> Conversation::want_terminals_now_and_then() {
  for (;;) {
    terminals_due_ = true;
    wake_.set();
    boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, options_.pace.terminals};
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

awaitable<base::Status> Conversation::take(wire::Terminals terminals) {
  if (!options_.terminals) co_return fail(ErrorCode::corrupt, "the collector told its terminals unasked");
  terminals_asked_ = false;
  std::vector<std::uint64_t> digests{terminals.id_digests().begin(), terminals.id_digests().end()};
  if (terminals.sig().empty()) {
    logging::warning("the collector did not sign its registered terminals; the list stays as it was");
    co_return base::Status{};
  }
  const record::TerminalsText text{.agent = identity_.agent_id,
                                   .version = terminals.version(),
                                   .unchanged = terminals.unchanged(),
                                   .too_many = terminals.too_many(),
                                   .digests = digests};
  if (!crypto::verify(identity_.collector_key, record::terminals_text(text), terminals.sig())) {
    co_return fail(ErrorCode::unauthenticated,
                   "registered terminals with a signature that is not the collector's; if that stays, enrol "
                   "this workstation again");
  }
  if (terminals.unchanged()) co_return base::Status{};
  if (terminals.too_many()) {
    logging::warning(
        "the collector has more registered terminals than it can tell; the list stays as it was");
    co_return base::Status{};
  }
  if (!std::ranges::is_sorted(digests) || terminals.version() != record::terminals_version(digests)) {
    co_return fail(ErrorCode::corrupt, "the collector's list of terminals is not what its version says");
  }
  memory_.terminals_version = terminals.version();
  co_await options_.terminals->take(terminals.version(), std::move(digests));
  co_return base::Status{};
}

bool Conversation::may_send() {
  if (rewinds_ && in_flight_ == 0) {
    rewinds_ = false;
    next_seq_ = answered_seq_ + 1;
    prev_head_ = answered_head_;
  }
  const bool rests = rest_ && !rest_->rang();
  return !renew_first_ && !rewinds_ && !rests && in_flight_ < window_;
}

awaitable<base::Status> Conversation::send_next_batch(bool& sent) {
  const auto from = next_seq_;
  base::Result<std::vector<outbox::StoredRecord>> records;
  co_await async::offload(worker_, [&] {
    records = outbox_.records_after(from - 1, record::kBatchRecordsMax, record::kBatchBytesMax);
  });
  // Meanwhile the collector may have become busy; these come again when it takes them.
  if (rewinds_ || ended_) co_return base::Status{};
  if (!records) co_return std::unexpected{records.error()};
  if (records->empty()) co_return base::Status{};
  if (records->front().seq != next_seq_) {
    co_return fail(ErrorCode::conflict, "the collector asks for record " + std::to_string(next_seq_) +
                                            ", which this outbox no longer has; an administrator must decide "
                                            "(docs/operating/agent.md)");
  }
  std::vector<std::string> bodies;
  bodies.reserve(records->size());
  for (auto& record : *records) bodies.push_back(std::move(record.body));
  bodies.resize(record::fitting(bodies));
  const auto batch = record::make_batch(
      {.agent = identity_.agent_id, .epoch = epoch_, .first_seq = next_seq_, .prev_head = prev_head_}, bodies,
      credentials_.record_key);
  if (!batch) co_return std::unexpected{batch.error()};
  const auto& head = (*records)[bodies.size() - 1].hash;
  if (batch->head() != head.bytes()) {
    co_return fail(ErrorCode::corrupt, "the records from " + std::to_string(next_seq_) +
                                           " on are not what was sealed; nothing of them is sent");
  }
  next_seq_ += bodies.size();
  prev_head_ = head;
  if (in_flight_++ == 0) last_word_boot_ms_ = clock_.boot_ms();
  sent = true;
  wire::Frame frame;
  *frame.mutable_batch() = *batch;
  co_return co_await send(std::move(frame));
}

awaitable<void> Conversation::receive_all() {
  for (;;) {
    auto frame = co_await receive(websocket::kNoLimit);
    base::Status status;
    if (!frame) {
      status = std::unexpected{frame.error()};
    } else if (frame->has_ack()) {
      status = co_await take(std::move(*frame->mutable_ack()));
    } else if (frame->has_renew_response()) {
      status = take(frame->renew_response());
    } else if (frame->has_terminals()) {
      status = co_await take(std::move(*frame->mutable_terminals()));
    } else {
      status = fail(ErrorCode::corrupt, "the collector sent a frame that is out of place");
    }
    if (!status) {
      end(status.error());
      co_return;
    }
    wake_.set();
  }
}

}  // namespace agent::uplink
