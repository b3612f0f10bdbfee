#include "collector/net/agent_stream.h"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "collector/identity/enrolment.h"
#include "collector/net/terminals.h"
#include "collector/store/directory.h"
#include "common/async/event.h"
#include "common/async/offload.h"
#include "common/logging/log.h"
#include "common/record/batch.h"
#include "common/record/limits.h"

namespace collector::net {

namespace wire = deskledger::v1;
using boost::asio::awaitable;

namespace {

constexpr std::chrono::milliseconds kFirstFrameLimit{15'000};
constexpr std::uint32_t kRetryAfter_ms = 1'000;

// The committer answers on its own thread; this brings the answer home.
struct Pending {
  explicit Pending(const boost::asio::any_io_executor& executor) : arrived{executor} {}
  async::Event arrived;
  std::optional<base::Result<ingest::Answer>> answer;
};

awaitable<std::optional<base::Result<ingest::Answer>>> commit(ingest::Committer& committer,
                                                              ingest::Incoming incoming) {
  const auto executor = co_await boost::asio::this_coro::executor;
  // Shared, because this task may be cancelled while the committer still holds the batch.
  const auto pending = std::make_shared<Pending>(executor);
  const bool taken =
      committer.submit(std::move(incoming), [pending, executor](base::Result<ingest::Answer> answer) {
        boost::asio::post(executor, [pending, answer = std::move(answer)]() mutable {
          pending->answer = std::move(answer);
          pending->arrived.set();
        });
      });
  if (!taken) co_return std::nullopt;
  co_await pending->arrived.wait();
  co_return std::move(pending->answer);
}

}  // namespace

awaitable<void> serve_enrolment(AgentServerParts& parts, websocket::Connection& socket, std::string address) {
  const auto bytes = co_await socket.read(kFirstFrameLimit);
  wire::Frame frame;
  if (!bytes || !frame.ParseFromString(*bytes) || !frame.has_enroll_request()) {
    co_await socket.close(websocket::CloseCode::policy, "an EnrollRequest was expected");
    co_return;
  }
  base::Result<wire::EnrollResponse> response;
  co_await async::offload(parts.worker, [&] {
    const auto trust = parts.trust.get();
    const auto issuer = identity::issuer_of(*trust, parts.acknowledgement_key.public_key());
    response = identity::enroll(parts.database, issuer, frame.enroll_request(), parts.clock.utc());
  });
  if (!response) {
    logging::error("enrolment failed", {{"from", address}, {"reason", response.error().message}});
    co_await socket.close(websocket::CloseCode::internal_error,
                          "the collector could not store the enrolment");
    co_return;
  }
  logging::info("enrolment answered", {{"from", address},
                                       {"outcome", wire::EnrollResponse::Outcome_Name(response->outcome())},
                                       {"workstation", response->workstation()}});
  wire::Frame answer;
  *answer.mutable_enroll_response() = *response;
  if (auto sent = co_await socket.write(answer.SerializeAsString()); !sent) co_return;
  co_await socket.close(websocket::CloseCode::normal, "");
}

AgentStream::AgentStream(AgentServerParts& parts, websocket::Connection& socket, tls::Peer peer,
                         std::string address)
    : parts_{parts}, socket_{socket}, peer_{std::move(peer)}, address_{std::move(address)} {}

awaitable<bool> AgentStream::send(const wire::Frame& frame) {
  const auto sent = co_await socket_.write(frame.SerializeAsString());
  co_return sent.has_value();
}

awaitable<void> AgentStream::serve() {
  const auto agent = record::AgentId::from_hex(peer_.common_name);
  if (!agent) {
    co_await socket_.close(websocket::CloseCode::policy, "the certificate names no agent");
    co_return;
  }
  agent_ = *agent;
  if (!co_await welcome()) co_return;
  logging::info("agent connected", {{"agent", agent_.hex()}, {"from", address_}});
  for (;;) {
    const auto bytes = co_await socket_.read(websocket::kNoLimit);
    if (!bytes) break;
    wire::Frame frame;
    if (!frame.ParseFromString(*bytes)) {
      co_await socket_.close(websocket::CloseCode::bad_message, "not a frame");
      break;
    }
    if (!co_await take(std::move(frame))) break;
  }
  logging::info("agent disconnected", {{"agent", agent_.hex()}, {"from", address_}});
}

base::Status AgentStream::note_hello(std::optional<store::AgentRow>& row, ingest::Answer& stands) {
  return parts_.database.transaction([&](store::Transaction& tx) -> base::Status {
    const std::string id{agent_.bytes()};
    const auto now = parts_.clock.utc();
    auto found = store::find_agent(tx, id);
    if (!found) return std::unexpected{found.error()};
    row = std::move(*found);
    if (!row) return store::count_outcome(tx, "", "hello_unknown_agent", "agent " + agent_.hex(), now);
    if (row->revoked) return store::count_outcome(tx, id, "hello_revoked", "", now);
    auto where = ingest::where_stands(tx, agent_, epoch_);
    if (!where) return std::unexpected{where.error()};
    stands = *where;
    return store::touch_last_seen(tx, id, now);
  });
}

awaitable<bool> AgentStream::welcome() {
  const auto bytes = co_await socket_.read(kFirstFrameLimit);
  wire::Frame frame;
  if (!bytes || !frame.ParseFromString(*bytes) || !frame.has_hello() ||
      frame.hello().agent_id() != agent_.bytes()) {
    co_await socket_.close(websocket::CloseCode::policy, "a Hello of the certificate's agent was expected");
    co_return false;
  }
  epoch_ = frame.hello().epoch();
  std::optional<store::AgentRow> row;
  ingest::Answer stands;
  base::Status noted;
  co_await async::offload(parts_.worker, [&] { noted = note_hello(row, stands); });
  if (!noted) {
    co_await socket_.close(websocket::CloseCode::try_again_later, "the database does not answer");
    co_return false;
  }
  wire::Frame answer;
  auto& welcome = *answer.mutable_welcome();
  welcome.set_epoch(epoch_);
  welcome.set_committed_seq(stands.committed_seq);
  welcome.set_head(std::string{stands.head.bytes()});
  welcome.set_server_utc_ms(timing::to_ms(parts_.clock.utc()));
  welcome.set_batch_records_max(record::kBatchRecordsMax);
  welcome.set_batch_bytes_max(static_cast<std::uint32_t>(record::kBatchBytesMax));
  welcome.set_window(record::kWindowMax);
  welcome.set_outcome(wire::Welcome::ACCEPTED);
  if (!row) {
    welcome.set_outcome(wire::Welcome::UNKNOWN_AGENT);
    welcome.set_detail("this agent is not enrolled here");
  } else if (row->revoked) {
    welcome.set_outcome(wire::Welcome::REVOKED);
    welcome.set_detail("this agent was revoked at " + timing::to_rfc3339(*row->revoked));
  } else if (peer_.expired) {
    welcome.set_outcome(wire::Welcome::RENEW_FIRST);
    welcome.set_detail("the certificate expired at " + timing::to_rfc3339(peer_.not_after));
  }
  if (!co_await send(answer)) co_return false;
  if (welcome.outcome() == wire::Welcome::UNKNOWN_AGENT || welcome.outcome() == wire::Welcome::REVOKED) {
    logging::warning("agent refused",
                     {{"agent", agent_.hex()}, {"from", address_}, {"reason", welcome.detail()}});
    co_await socket_.close(websocket::CloseCode::policy, welcome.detail());
    co_return false;
  }
  if (const auto key = crypto::PublicKey::from_bytes(row->record_key)) record_key_ = *key;
  co_return true;
}

awaitable<bool> AgentStream::take(wire::Frame frame) {
  if (frame.has_renew_request()) co_return co_await take_renewal(frame.renew_request());
  if (frame.has_terminals_request() && !peer_.expired) {
    co_return co_await take_terminals_request(frame.terminals_request().known_version());
  }
  if (frame.has_batch() && !peer_.expired) co_return co_await take_batch(frame.batch());
  co_await socket_.close(websocket::CloseCode::policy, "this frame is out of place");
  co_return false;
}

awaitable<bool> AgentStream::take_batch(const wire::Batch& batch) {
  auto opened = record::open_batch(batch, agent_, [this](const crypto::Digest& id) {
    return record_key_ && record_key_->id() == id ? record_key_ : std::nullopt;
  });
  if (!opened) co_return co_await refuse_batch(opened.error());
  if (opened->position.epoch != epoch_) {
    const record::Refusal refusal{.outcome = Ack::MALFORMED,
                                  .detail = "the epoch is not the one of the Hello"};
    co_return co_await refuse_batch(refusal);
  }
  const auto epoch = opened->position.epoch;
  // Named, here and below: g++ 12 destroys a braced aggregate twice when it is a temporary of a co_await.
  ingest::Incoming incoming{.batch = std::move(*opened), .key_id = batch.key_id(), .sig = batch.sig()};
  auto answer = co_await commit(parts_.committer, std::move(incoming));
  if (!answer) co_return co_await answer_busy();
  if (!*answer) {
    logging::error("a batch could not be stored", {{"reason", answer->error().message}});
    // Nothing is known to be stored; the agent asks again where it stands.
    co_await socket_.close(websocket::CloseCode::try_again_later, "the database does not answer");
    co_return false;
  }
  co_return co_await acknowledge(epoch, std::move(**answer));
}

awaitable<bool> AgentStream::answer_busy() {
  ingest::Answer stands;
  base::Status read;
  co_await async::offload(parts_.worker, [&] {
    read = parts_.database.read([&](store::Transaction& tx) -> base::Status {
      auto where = ingest::where_stands(tx, agent_, epoch_);
      if (!where) return std::unexpected{where.error()};
      stands = *where;
      return {};
    });
  });
  if (!read) {
    co_await socket_.close(websocket::CloseCode::try_again_later, "the database does not answer");
    co_return false;
  }
  stands.outcome = Ack::BUSY;
  stands.detail = "too many batches wait";
  co_return co_await acknowledge(epoch_, std::move(stands));
}

awaitable<bool> AgentStream::refuse_batch(const record::Refusal& refusal) {
  ingest::Answer stands;
  base::Status counted;
  co_await async::offload(parts_.worker, [&] {
    counted = parts_.database.transaction([&](store::Transaction& tx) -> base::Status {
      auto where = ingest::where_stands(tx, agent_, epoch_);
      if (!where) return std::unexpected{where.error()};
      stands = *where;
      return store::count_outcome(tx, std::string{agent_.bytes()},
                                  std::string{ingest::to_string(refusal.outcome)}, refusal.detail,
                                  parts_.clock.utc());
    });
  });
  if (!counted) {
    // What is committed is not known, so nothing may be signed about it.
    logging::error("a refusal could not be counted", {{"reason", counted.error().message}});
    co_await socket_.close(websocket::CloseCode::try_again_later, "the database does not answer");
    co_return false;
  }
  stands.outcome = refusal.outcome;
  stands.detail = refusal.detail;
  co_return co_await acknowledge(epoch_, std::move(stands));
}

awaitable<bool> AgentStream::acknowledge(std::uint32_t epoch, ingest::Answer answer) {
  wire::Frame frame;
  auto& ack = *frame.mutable_ack();
  ack.set_outcome(answer.outcome);
  ack.set_epoch(epoch);
  ack.set_committed_seq(answer.committed_seq);
  ack.set_head(std::string{answer.head.bytes()});
  ack.set_window(record::kWindowMax);
  if (answer.outcome == Ack::BUSY) ack.set_retry_after_ms(kRetryAfter_ms);
  ack.set_server_utc_ms(timing::to_ms(parts_.clock.utc()));
  ack.set_detail(answer.detail);
  record::sign_ack(ack, agent_, parts_.acknowledgement_key);
  if (!co_await send(frame)) co_return false;
  if (!ingest::ends_connection(answer.outcome)) co_return true;
  const std::string name{ingest::to_string(answer.outcome)};
  logging::warning(
      "batch refused",
      {{"agent", agent_.hex()}, {"from", address_}, {"outcome", name}, {"detail", answer.detail}});
  co_await socket_.close(websocket::CloseCode::policy, name);
  co_return false;
}

base::Status AgentStream::read_terminals(std::uint64_t known_version, wire::Terminals& told) {
  const auto now = parts_.clock.utc();
  const auto read = parts_.database.read([&](store::Transaction& tx) -> base::Status {
    const auto agent = store::find_agent(tx, std::string{agent_.bytes()});
    if (!agent) return std::unexpected{agent.error()};
    if (!*agent || (*agent)->revoked) {
      return base::fail(base::ErrorCode::permission_denied, "this agent was revoked");
    }
    const auto addresses = store::terminal_addresses_at(tx, now);
    if (!addresses) return std::unexpected{addresses.error()};
    told = tell_terminals(*addresses, known_version);
    return {};
  });
  if (!read || !told.too_many()) return read;
  return parts_.database.transaction([&](store::Transaction& tx) {
    return store::count_outcome(tx, std::string{agent_.bytes()}, "terminals_too_many",
                                "more than " + std::to_string(record::kTerminalsMax) + " are registered",
                                now);
  });
}

awaitable<bool> AgentStream::take_terminals_request(std::uint64_t known_version) {
  wire::Frame frame;
  base::Status read;
  co_await async::offload(parts_.worker,
                          [&] { read = read_terminals(known_version, *frame.mutable_terminals()); });
  if (!read && read.error().code == base::ErrorCode::permission_denied) {
    co_await socket_.close(websocket::CloseCode::policy, read.error().message);
    co_return false;
  }
  if (!read) {
    co_await socket_.close(websocket::CloseCode::try_again_later, "the database does not answer");
    co_return false;
  }
  co_return co_await send(frame);
}

awaitable<bool> AgentStream::take_renewal(const wire::RenewRequest& request) {
  base::Result<wire::RenewResponse> response;
  co_await async::offload(parts_.worker, [&] {
    const auto trust = parts_.trust.get();
    const auto issuer = identity::issuer_of(*trust, parts_.acknowledgement_key.public_key());
    response =
        identity::renew(parts_.database, issuer, agent_, peer_.not_after, request, parts_.clock.utc());
  });
  if (!response) {
    co_await socket_.close(websocket::CloseCode::try_again_later, "the database does not answer");
    co_return false;
  }
  wire::Frame frame;
  *frame.mutable_renew_response() = *response;
  if (!co_await send(frame)) co_return false;
  if (response->accepted()) co_return true;
  co_await socket_.close(websocket::CloseCode::policy, response->detail());
  co_return false;
}

}  // namespace collector::net
