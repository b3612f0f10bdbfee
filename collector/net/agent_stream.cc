#include "collector/net/agent_stream.h"

#include <boost/asio/this_coro.hpp>
#include <utility>

#include "collector/identity/enrolment.h"
#include "collector/ingest/alarm.h"
#include "collector/ingest/fork.h"
#include "collector/net/greeting.h"
#include "collector/net/terminals.h"
#include "collector/store/directory.h"
#include "common/async/offload.h"
#include "common/async/task_group.h"
#include "common/logging/log.h"
#include "common/record/limits.h"
#include "common/record/signed_text.h"

namespace collector::net {

namespace wire = deskledger::v1;
using boost::asio::awaitable;
using websocket::CloseCode;

namespace {

// Over HTTP each message is answered before the next one comes.
std::uint32_t window_of(const websocket::Connection& socket) {
  return socket.path() == "/v1/stream" ? record::kWindowMax : 1;
}

}  // namespace

AgentStream::AgentStream(const boost::asio::any_io_executor& executor, Port& port,
                         websocket::Connection& socket, tls::Peer peer, std::string address, std::string key)
    : executor_{executor},
      port_{port},
      socket_{socket},
      peer_{std::move(peer)},
      address_{std::move(address)},
      key_{std::move(key)},
      speaker_{executor, socket, port.parts.limits.send},
      window_{window_of(socket)} {
  socket_.on_sign_of_life([this] { heard_ms_ = port_.now_ms(); });
}

void AgentStream::note(std::string_view outcome, const std::string& detail) {
  port_.note(id(), outcome, "from " + address_ + (detail.empty() ? "" : ": ") + detail);
}

void AgentStream::strike(std::string_view outcome, const std::string& detail) {
  note(outcome, detail);
  port_.guard.strike_agent(id(), key_, port_.now_ms());
}

void AgentStream::cut(CloseCode code, std::string_view outcome, const std::string& reason) {
  if (speaker_.is_ending()) return;
  note(outcome, reason);
  speaker_.cut(code, reason);
}

bool AgentStream::is_alive() const {
  return !speaker_.is_ending() && port_.now_ms() - heard_ms_ <= kAlive_ms;
}

void AgentStream::end_unanswered() {
  // Nothing is known to be stored; the agent asks again where it stands.
  speaker_.end(CloseCode::try_again_later, kUnanswered);
}

awaitable<void> AgentStream::serve() {
  const auto agent = record::AgentId::from_hex(peer_.common_name);
  if (!agent) {
    port_.note("", "certificate_of_no_agent", "from " + address_);
    co_await socket_.close(CloseCode::policy, "the certificate names no agent");
    co_return;
  }
  agent_ = *agent;
  if (const auto refused = port_.guard.refuse_agent(id(), key_, port_.now_ms())) {
    note(*refused);
    co_await socket_.close(CloseCode::try_again_later, "too many faulty frames; try again later");
    co_return;
  }
  // Before anything is asked about the agent: whoever is silenced from now on is found here.
  const Registry::Seat seat{port_.registry, id(), *this};
  async::TaskGroup voice{executor_, [](const std::exception_ptr&) {
                           logging::error("the writing task of a connection crashed");
                         }};
  voice.spawn(speaker_.run());
  std::exception_ptr stopped;
  try {
    co_await converse();
  } catch (...) {
    stopped = std::current_exception();
  }
  // The voice uses what is ours, so it is waited for, also when this task is told to stop.
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  if (stopped) {
    socket_.abort();
    co_await voice.stop();
  }
  co_await voice.join();
  co_await boost::asio::this_coro::throw_if_cancelled(true);
  if (speaker_.is_late()) note("answers_not_read");
  if (stopped) std::rethrow_exception(stopped);
}

// g++ 12 lays out the frame of this coroutine wrongly if the lines for the journal stand in it.
awaitable<void> AgentStream::converse() {
  const bool is_in = co_await welcome();
  if (is_in) {
    tell_connected();
    co_await listen();
    tell_disconnected();
  }
  // A connection that broke, or whose other side went away: nobody is left to hear more.
  if (!speaker_.is_ending()) speaker_.cut(CloseCode::normal, "");
}

void AgentStream::tell_connected() const {
  logging::info("agent connected", {{"agent", agent_.hex()}, {"from", address_}});
}

void AgentStream::tell_refused(const std::string& outcome, const std::string& detail) const {
  logging::warning("refused",
                   {{"agent", agent_.hex()}, {"from", address_}, {"outcome", outcome}, {"detail", detail}});
}

void AgentStream::tell_disconnected() const {
  logging::info("agent disconnected", {{"agent", agent_.hex()}, {"from", address_}, {"reason", ended_}});
}

awaitable<std::optional<wire::Hello>> AgentStream::hear_hello() {
  const auto bytes = co_await socket_.read(port_.parts.limits.first_frame);
  wire::Frame frame;
  if (!bytes) {
    const auto code = bytes.error().code;
    if (code == base::ErrorCode::deadline_exceeded) note("first_frame_late");
    if (code == base::ErrorCode::corrupt) strike("message_refused", bytes.error().message);
    co_return std::nullopt;
  }
  if (!frame.ParseFromString(*bytes) || !frame.has_hello()) {
    strike("hello_malformed");
  } else if (frame.hello().agent_id() != agent_.bytes()) {
    strike("hello_wrong_agent");
  } else {
    co_return std::move(*frame.mutable_hello());
  }
  speaker_.end(CloseCode::policy, "a Hello of the certificate's agent was expected");
  co_return std::nullopt;
}

awaitable<bool> AgentStream::welcome() {
  const auto hello = co_await hear_hello();
  if (!hello) co_return false;
  epoch_ = hello->epoch();
  std::optional<store::AgentRow> known;
  auto verdict = judge_protocol(*hello);
  if (!verdict) {
    base::Status read;
    co_await async::offload(port_.parts.worker, [&] {
      read = port_.parts.database.read([&](store::Transaction& tx) -> base::Status {
        auto found = store::find_agent(tx, id());
        if (!found) return std::unexpected{found.error()};
        auto where = ingest::where_stands(tx, agent_, epoch_);
        if (!where) return std::unexpected{where.error()};
        known = std::move(*found);
        stands_ = *std::move(where);
        return {};
      });
    });
    if (!read) {
      end_unanswered();
      co_return false;
    }
    verdict = judge(known, peer_);
  }
  wire::Welcome welcome;
  welcome.set_outcome(verdict->outcome);
  welcome.set_detail(verdict->detail);
  const bool is_in = goes_on(verdict->outcome);
  if (is_in && !co_await take_over()) co_return false;
  say_welcome(std::move(welcome));
  if (!is_in) {
    // Who is not enrolled here is nobody we know, whatever the certificate says.
    const auto counter = counter_of(verdict->outcome);
    if (verdict->outcome == wire::Welcome::UNKNOWN_AGENT) {
      port_.note("", counter, "agent " + agent_.hex());
    } else {
      note(counter, verdict->detail);
    }
    speaker_.end(CloseCode::policy, verdict->detail);
    co_return false;
  }
  auto told = heard(*hello, *known, peer_, port_.now());
  if (!told.odd.empty()) note("hello_odd", "not kept: " + told.odd);
  // How long an expired certificate may be renewed is judged by when its agent was seen: saying hello with it
  // must not make it younger.
  if (port_.now() <= peer_.not_after) port_.notes.hello(std::move(told.row));
  if (const auto key = crypto::PublicKey::from_bytes(known->record_key)) record_key_ = *key;
  welcomed_ = true;
  co_return true;
}

void AgentStream::say_welcome(wire::Welcome welcome) {
  welcome.set_epoch(epoch_);
  welcome.set_committed_seq(stands_.committed_seq);
  welcome.set_head(std::string{stands_.head.bytes()});
  welcome.set_server_utc_ms(timing::to_ms(port_.now()));
  welcome.set_batch_records_max(record::kBatchRecordsMax);
  welcome.set_batch_bytes_max(static_cast<std::uint32_t>(record::kBatchBytesMax));
  welcome.set_window(window_);
  welcome.set_trust_digest(std::string{port_.parts.trust.get()->digest.bytes()});
  // The agent forgets what is acknowledged, so only where it is known from the database is it signed.
  if (welcome.outcome() == wire::Welcome::ACCEPTED) {
    const auto text = record::ack_text(agent_, epoch_, stands_.committed_seq, stands_.head);
    welcome.set_sig(port_.parts.acknowledgement_key.sign(text));
  }
  wire::Frame frame;
  *frame.mutable_welcome() = std::move(welcome);
  speaker_.say(frame.SerializeAsString());
}

awaitable<bool> AgentStream::take_over() {
  std::string elsewhere;
  for (auto* older : port_.registry.of(id())) {
    if (older == this || !older->welcomed_) continue;
    if (older->key_ != key_ && older->is_alive()) elsewhere = older->key_;
    older->cut(CloseCode::going_away, "replaced_connection", "replaced by a newer one from " + address_);
  }
  if (elsewhere.empty() || !port_.guard.replace(id(), port_.now_ms())) co_return true;
  const auto now = port_.now();
  const store::AlarmRow alarm{
      .agent_id = id(),
      .kind = "clone",
      .epoch = epoch_,
      .seq = static_cast<std::int64_t>(stands_.committed_seq),
      .detail = "connections from " + elsewhere + " and " + key_ + " push each other out",
      .evidence = {},
      .raised = now};
  base::Status raised;
  co_await async::offload(port_.parts.worker, [&] {
    raised = port_.parts.database.transaction([&](store::Transaction& tx) -> base::Status {
      if (auto done = ingest::raise_alarm(tx, alarm); !done) return done;
      return store::count_outcome(tx, id(), alarm.kind, alarm.detail, now);
    });
  });
  if (!raised) {
    end_unanswered();
    co_return false;
  }
  logging::error("alarm: an agent speaks from two machines",
                 {{"agent", agent_.hex()}, {"kind", alarm.kind}, {"detail", alarm.detail}});
  wire::Welcome welcome;
  welcome.set_outcome(wire::Welcome::QUARANTINED);
  welcome.set_detail(alarm.kind + ": " + alarm.detail);
  say_welcome(std::move(welcome));
  speaker_.end(CloseCode::policy, alarm.kind);
  co_return false;
}

awaitable<void> AgentStream::listen() {
  for (;;) {
    co_await speaker_.room(window_);
    if (speaker_.is_ending()) co_return;
    const auto bytes = co_await socket_.read(websocket::kNoLimit);
    if (speaker_.is_ending()) co_return;
    if (!bytes) {
      ended_ = bytes.error().message;
      if (bytes.error().code == base::ErrorCode::corrupt) strike("message_refused", ended_);
      co_return;
    }
    wire::Frame frame;
    if (!frame.ParseFromString(*bytes)) {
      strike("frame_malformed");
      speaker_.end(CloseCode::bad_message, "not a frame");
      co_return;
    }
    co_await take(std::move(frame), bytes->size());
  }
}

awaitable<void> AgentStream::take(wire::Frame frame, std::size_t bytes) {
  if (frame.has_renew_request()) co_return co_await take_renewal(frame.renew_request());
  if (!peer_.expired) {
    if (frame.has_batch()) co_return co_await take_batch(frame.batch(), bytes);
    if (frame.has_fork_report()) co_return co_await take_fork(frame.fork_report());
    if (frame.has_terminals_request()) {
      co_return co_await take_terminals_request(frame.terminals_request().known_version());
    }
  }
  // No strike: an agent of a later version may say what we do not know.
  note("frame_out_of_place");
  speaker_.end(CloseCode::policy, "this frame is out of place");
}

awaitable<void> AgentStream::take_fork(const wire::ForkReport& report) {
  const auto fork = record_key_ ? ingest::open_fork(report, agent_, *record_key_)
                                : std::unexpected{ingest::ForkOutcome::bad_signature};
  auto outcome = fork ? ingest::ForkOutcome::raised : fork.error();
  if (!fork) {
    strike(ingest::to_string(outcome));
    co_return speaker_.end(CloseCode::policy, std::string{ingest::to_string(outcome)});
  }
  base::Status taken;
  co_await async::offload(port_.parts.worker, [&] {
    taken = port_.parts.database.transaction([&](store::Transaction& tx) -> base::Status {
      const auto decided = ingest::take_fork(tx, *fork, port_.now());
      if (!decided) return std::unexpected{decided.error()};
      outcome = *decided;
      return {};
    });
  });
  if (!taken) co_return end_unanswered();
  const std::string name{ingest::to_string(outcome)};
  if (outcome == ingest::ForkOutcome::raised) {
    logging::error("alarm: an agent's history exists twice; it is in quarantine",
                   {{"agent", agent_.hex()},
                    {"from", address_},
                    {"kind", name},
                    {"record", std::to_string(report.committed_seq())}});
  } else {
    logging::warning("fork report refused", {{"agent", agent_.hex()}, {"from", address_}, {"outcome", name}});
  }
  speaker_.end(CloseCode::policy, name);
}

base::Status AgentStream::read_terminals(std::uint64_t known_version, wire::Terminals& told) {
  const auto now = port_.now();
  const auto read = port_.parts.database.read([&](store::Transaction& tx) -> base::Status {
    const auto agent = store::find_agent(tx, id());
    if (!agent) return std::unexpected{agent.error()};
    if (!*agent || (*agent)->revoked || (*agent)->quarantined) {
      return base::fail(base::ErrorCode::permission_denied, "this agent may not speak any more");
    }
    const auto addresses = store::terminal_addresses_at(tx, now);
    if (!addresses) return std::unexpected{addresses.error()};
    told = tell_terminals(*addresses, known_version);
    return {};
  });
  if (!read || !told.too_many()) return read;
  return port_.parts.database.transaction([&](store::Transaction& tx) {
    return store::count_outcome(tx, id(), "terminals_too_many",
                                "more than " + std::to_string(record::kTerminalsMax) + " are registered",
                                now);
  });
}

awaitable<void> AgentStream::take_terminals_request(std::uint64_t known_version) {
  wire::Frame frame;
  base::Status read;
  co_await async::offload(port_.parts.worker, [&] {
    auto& told = *frame.mutable_terminals();
    read = read_terminals(known_version, told);
    if (read) sign_terminals(told, agent_, port_.parts.acknowledgement_key);
  });
  if (!read && read.error().code == base::ErrorCode::permission_denied) {
    co_return speaker_.end(CloseCode::policy, read.error().message);
  }
  if (!read) co_return end_unanswered();
  speaker_.say(frame.SerializeAsString());
}

awaitable<void> AgentStream::take_renewal(const wire::RenewRequest& request) {
  if (const auto refused = port_.guard.renew(id(), port_.now_ms())) {
    note(*refused);
    co_return speaker_.end(CloseCode::try_again_later, "too many renewals; try again later");
  }
  base::Result<wire::RenewResponse> response;
  co_await async::offload(port_.parts.worker, [&] {
    const auto trust = port_.parts.trust.get();
    const auto issuer =
        identity::issuer_of(*trust, port_.parts.acknowledgement_key.public_key(), port_.parts.clock_is_right);
    response = identity::renew(port_.parts.database, issuer, agent_, peer_.not_after, request, port_.now());
    if (response && response->accepted()) {
      const std::vector<std::string> trusted{response->trusted_ca().begin(), response->trusted_ca().end()};
      const auto text = record::renewed_text(agent_, response->certificate(), trusted);
      response->set_sig(port_.parts.acknowledgement_key.sign(text));
    }
  });
  if (!response) co_return end_unanswered();
  wire::Frame frame;
  *frame.mutable_renew_response() = *response;
  if (response->detail().starts_with(identity::kClockIsWrong)) {
    // No fault of the agent's: it goes on with a certificate that is good, and comes again with another.
    logging::error("no certificate is renewed", {{"reason", response->detail()}});
    if (peer_.expired) co_return speaker_.end(CloseCode::try_again_later, response->detail());
    co_return speaker_.say(frame.SerializeAsString());
  }
  speaker_.say(frame.SerializeAsString());
  if (response->accepted()) co_return;
  port_.guard.strike_agent(id(), key_, port_.now_ms());
  tell_refused("renewal_refused", response->detail());
  speaker_.end(CloseCode::policy, response->detail());
}

}  // namespace collector::net
