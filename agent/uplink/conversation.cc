#include "agent/uplink/conversation.h"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "common/async/offload.h"
#include "common/async/task_group.h"
#include "common/crypto/secret_file.h"
#include "common/logging/log.h"
#include "common/record/batch.h"
#include "common/record/chain.h"
#include "common/record/limits.h"
#include "common/record/signed_text.h"
#include "common/record/terminal_digest.h"
#include "common/tls/context.h"

namespace agent::uplink {

using base::ErrorCode;
using base::fail;
using boost::asio::awaitable;

namespace {

constexpr std::chrono::milliseconds kAnswerLimit{15'000};

ErrorCode code_of(wire::Welcome::Outcome outcome) {
  return outcome == wire::Welcome::REVOKED || outcome == wire::Welcome::UNKNOWN_AGENT
             ? ErrorCode::permission_denied
             : ErrorCode::unavailable;
}

}  // namespace

Conversation::Conversation(websocket::Connection& connection, outbox::Outbox& outbox,
                           const identity::Identity& identity, const identity::Credentials& credentials,
                           const Options& options, Memory& memory, async::Event& wake,
                           boost::asio::any_io_executor worker, const timing::Clock& clock)
    : connection_{connection},
      outbox_{outbox},
      identity_{identity},
      credentials_{credentials},
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
  wire::Frame frame;
  auto& hello = *frame.mutable_hello();
  hello.set_agent_id(std::string{identity_.agent_id.bytes()});
  hello.set_epoch(epoch_);
  hello.set_next_seq(chain.next_seq);
  hello.set_agent_version(options_.agent_version);
  hello.set_os(options_.os);
  hello.set_hostname(options_.hostname);
  if (auto sent = co_await send(std::move(frame)); !sent) co_return sent;

  auto answer = co_await receive(kAnswerLimit);
  if (!answer) co_return std::unexpected{answer.error()};
  if (!answer->has_welcome()) co_return fail(ErrorCode::corrupt, "the collector did not say welcome");
  auto& welcome = *answer->mutable_welcome();
  if (welcome.outcome() == wire::Welcome::RENEW_FIRST) {
    renew_first_ = true;
    co_return base::Status{};
  }
  if (welcome.outcome() != wire::Welcome::ACCEPTED) {
    co_return fail(code_of(welcome.outcome()), "the collector refused: " + welcome.detail());
  }
  co_return co_await join(std::move(welcome));
}

// Where the collector stands must be a point of our own chain.
awaitable<base::Status> Conversation::join(wire::Welcome welcome) {
  const auto head = crypto::Digest::from_bytes(welcome.head());
  if (!head) co_return fail(ErrorCode::corrupt, "the collector's chain head is no digest");
  const auto committed = welcome.committed_seq();
  std::uint64_t sealed = 0;
  base::Result<crypto::Digest> own = record::kChainStart;
  base::Status acknowledged;
  co_await async::offload(worker_, [&] {
    sealed = outbox_.chain().next_seq - 1;
    own = outbox_.hash_of(committed);
    if (own && *own == *head) acknowledged = outbox_.acknowledge(committed, clock_.utc());
  });
  if (!own && own.error().code != ErrorCode::not_found) co_return std::unexpected{own.error()};
  if (!own && committed <= sealed) {
    co_return fail(ErrorCode::conflict, "the collector stands at record " + std::to_string(committed) +
                                            ", which this outbox no longer has; an administrator must decide "
                                            "(docs/operating/agent.md)");
  }
  if (!own || *own != *head) {
    co_return fail(ErrorCode::conflict, "the collector stands at record " + std::to_string(committed) +
                                            " of another history than this outbox; nothing is sent until an "
                                            "administrator has decided (docs/operating/agent.md)");
  }
  if (!acknowledged) co_return acknowledged;
  server_time_ = timing::from_ms(welcome.server_utc_ms());
  next_seq_ = committed + 1;
  prev_head_ = *head;
  window_ = std::clamp(welcome.window(), 1U, record::kWindowMax);
  co_return base::Status{};
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
    if (terminals_due_) {
      if (auto asked = co_await ask_for_terminals(); !asked) co_return asked;
    }
    bool sent = false;
    if (!renew_first_ && in_flight_ < window_) {
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
  if (terminals.unchanged()) co_return base::Status{};
  if (terminals.too_many()) {
    logging::warning(
        "the collector has more registered terminals than it can tell; the list stays as it was");
    co_return base::Status{};
  }
  std::vector<std::uint64_t> digests{terminals.id_digests().begin(), terminals.id_digests().end()};
  if (!std::ranges::is_sorted(digests) || terminals.version() != record::terminals_version(digests)) {
    co_return fail(ErrorCode::corrupt, "the collector's list of terminals is not what its version says");
  }
  memory_.terminals_version = terminals.version();
  co_await options_.terminals->take(terminals.version(), std::move(digests));
  co_return base::Status{};
}

awaitable<base::Status> Conversation::send_next_batch(bool& sent) {
  base::Result<std::vector<outbox::StoredRecord>> records;
  co_await async::offload(worker_, [&] {
    records = outbox_.records_after(next_seq_ - 1, record::kBatchRecordsMax, record::kBatchBytesMax);
  });
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

awaitable<base::Status> Conversation::take(wire::Ack ack) {
  if (!record::is_signed(ack, identity_.agent_id, identity_.collector_key)) {
    co_return fail(ErrorCode::unauthenticated, "an acknowledgement without the collector's signature");
  }
  const auto outcome = ack.outcome();
  if (outcome != wire::Ack::ACCEPTED && outcome != wire::Ack::DUPLICATE) {
    const bool passes = outcome == wire::Ack::GAP || outcome == wire::Ack::BUSY;
    if (passes) memory_.retry_after = std::chrono::milliseconds{ack.retry_after_ms()};
    co_return fail(passes ? ErrorCode::unavailable : ErrorCode::permission_denied,
                   "the collector answered " + wire::Ack::Outcome_Name(outcome) + ": " + ack.detail());
  }
  base::Status acknowledged;
  co_await async::offload(worker_, [&] { acknowledged = acknowledge(ack); });
  if (in_flight_ > 0) --in_flight_;
  last_word_boot_ms_ = clock_.boot_ms();
  if (ack.window() > 0) window_ = std::min(ack.window(), record::kWindowMax);
  co_return acknowledged;
}

// On the worker. A signed word about other records than ours, an older epoch's for example, counts for
// nothing.
base::Status Conversation::acknowledge(const wire::Ack& ack) {
  const auto own = outbox_.hash_of(ack.committed_seq());
  if (!own && own.error().code != ErrorCode::not_found) return std::unexpected{own.error()};
  if (!own || ack.epoch() != epoch_ || ack.head() != own->bytes()) {
    return fail(ErrorCode::conflict, "the collector acknowledged record " +
                                         std::to_string(ack.committed_seq()) +
                                         " of another history than this outbox");
  }
  return outbox_.acknowledge(ack.committed_seq(), clock_.utc());
}

bool Conversation::wants_certificate() const {
  if (renewal_asked_) return false;
  if (renew_first_) return true;
  if (clock_.boot_ms() < memory_.renewal_pause_ends_boot_ms) return false;
  // Renewed at two thirds of its life, so that a workstation switched off for days still has a valid one.
  const auto begin = credentials_.own.not_before(), end = credentials_.own.not_after();
  return clock_.utc() > begin + (end - begin) * 2 / 3;
}

awaitable<base::Status> Conversation::ask_for_certificate() {
  renewal_asked_ = true;
  const auto csr = crypto::make_certificate_request(credentials_.tls_key);
  if (!csr) co_return std::unexpected{csr.error()};
  wire::Frame frame;
  auto& request = *frame.mutable_renew_request();
  request.set_csr(*csr);
  request.set_record_key_proof(credentials_.record_key.sign(record::renew_text(identity_.agent_id, *csr)));
  co_return co_await send(std::move(frame));
}

base::Status Conversation::take(const wire::RenewResponse& answer) {
  if (!renewal_asked_) return fail(ErrorCode::corrupt, "the collector renewed a certificate unasked");
  if (!answer.accepted()) {
    const std::string what = "the collector did not renew the certificate: " + answer.detail();
    if (renew_first_) return fail(ErrorCode::permission_denied, what);
    // The old one is still good: the records go on, and it is asked again later.
    memory_.renewal_pause_ends_boot_ms = clock_.boot_ms() + options_.pace.renewal_pause.count();
    logging::warning(what);
    return {};
  }
  const auto certificate = crypto::Certificate::from_der(answer.certificate());
  if (!certificate) return fail("the renewed certificate", certificate.error());
  // One that does not fit would shut us out for good.
  const auto fits = tls::ClientTls::create(credentials_.trusted, *certificate, credentials_.tls_key);
  if (!fits || certificate->common_name() != identity_.agent_id.hex()) {
    return fail(ErrorCode::corrupt, "the renewed certificate is not for this agent");
  }
  const auto path = identity::files_in(options_.directory).tls_certificate;
  if (auto done = crypto::write_secret_file(path, certificate->pem()); !done) return done;
  logging::info("the certificate was renewed", {{"until", timing::to_rfc3339(certificate->not_after())}});
  // A connection may last longer than any certificate; each begins with the newest.
  return fail(ErrorCode::unavailable, "the certificate was renewed; connecting again with it");
}

}  // namespace agent::uplink
