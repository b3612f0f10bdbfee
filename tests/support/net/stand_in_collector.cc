#include "tests/support/net/stand_in_collector.h"

#include <algorithm>
#include <array>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "common/record/batch.h"
#include "common/record/limits.h"
#include "common/record/signed_text.h"
#include "common/tls/tls_stream.h"

namespace support {

using net::ip::tcp;
using websocket::kNoLimit;

namespace {

constexpr std::chrono::milliseconds kHandshake{10'000};

}  // namespace

StandInCollector::StandInCollector(net::io_context& io)
    : own_{authority_.server({"127.0.0.1"})},
      acceptor_{io, tcp::endpoint{net::ip::address_v4::loopback(), 0}},
      tasks_{io.get_executor(), [](const std::exception_ptr& e) { std::rethrow_exception(e); }} {}

net::awaitable<void> StandInCollector::run() {
  std::exception_ptr stopped;
  try {
    for (;;) {
      auto socket = co_await acceptor_.async_accept(net::use_awaitable);
      ++connections;
      tasks_.spawn(serve(std::move(socket)));
    }
  } catch (...) {
    stopped = std::current_exception();
  }
  co_await net::this_coro::reset_cancellation_state();
  co_await tasks_.stop();
  std::rethrow_exception(stopped);
}

net::awaitable<void> StandInCollector::serve(tcp::socket socket) {
  std::vector trusted{authority_.certificate()};
  if (former) trusted.push_back(*former);
  auto tls = tls::ServerTls::create(trusted, own_.certificate, own_.key).value();
  auto secure = co_await tls::accept(std::move(tls), std::move(socket), kHandshake);
  if (!secure) co_return;
  auto connection = co_await websocket::accept(std::move(secure->stream), paths, "A stand-in.");
  if (!connection) co_return;
  if (drop_upgraded && (*connection)->path() == "/v1/stream") {
    (*connection)->abort();
    co_return;
  }
  if ((*connection)->path() == "/v1/enroll") {
    co_await serve_enrolment(**connection);
  } else if (secure->peer) {
    co_await serve_stream(**connection);
  }
}

net::awaitable<void> StandInCollector::serve_enrolment(websocket::Connection& connection) {
  const auto bytes = co_await connection.read(kNoLimit);
  wire::Frame frame;
  if (cut() || !bytes || !frame.ParseFromString(*bytes) || !frame.has_enroll_request()) co_return;
  std::string answer;
  if (enroll) {
    answer = enroll(frame.enroll_request());
  } else {
    wire::Frame accepted;
    *accepted.mutable_enroll_response() = accept(frame.enroll_request());
    answer = accepted.SerializeAsString();
  }
  if (cut()) co_return;
  if (const auto sent = co_await connection.write(std::move(answer)); !sent) co_return;
  // Until the agent closes.
  const auto last = co_await connection.read(kNoLimit);
}

wire::EnrollResponse StandInCollector::accept(const wire::EnrollRequest& request) {
  const auto key = crypto::PublicKey::from_bytes(request.record_public_key()).value();
  wire::EnrollResponse response;
  if (!crypto::verify(key, record::enroll_text(request.csr(), key, request.token_secret()),
                      request.record_key_proof())) {
    response.set_outcome(wire::EnrollResponse::BAD_REQUEST);
    return response;
  }
  record_key = key;
  response.set_outcome(wire::EnrollResponse::ACCEPTED);
  response.set_agent_id(std::string{agent.bytes()});
  response.set_certificate(authority_.client_for(request.csr(), agent.hex()).der());
  response.set_ca_certificate(authority_.certificate().der());
  response.set_collector_public_key(std::string{key_.public_key().bytes()});
  response.set_workstation("WS-07");
  return response;
}

net::awaitable<void> StandInCollector::serve_stream(websocket::Connection& connection) {
  Talk talk{.connection = connection, .epoch = 0, .held = {}};
  for (;;) {
    const auto bytes = co_await connection.read(kNoLimit);
    wire::Frame frame;
    if (!bytes || !frame.ParseFromString(*bytes)) co_return;
    const bool goes_on = co_await take(talk, std::move(frame));
    if (!goes_on) {
      connection.abort();
      co_return;
    }
  }
}

net::awaitable<bool> StandInCollector::take(Talk& talk, wire::Frame frame) {
  // A batch is stored before the connection can be cut: that is the lost acknowledgement.
  if (frame.has_batch()) {
    const auto ack = store(frame.batch(), talk.epoch);
    if (cut()) co_return false;
    if (auto told = std::exchange(talk.held_terminals, {})) {
      const bool sent = co_await send(talk, *std::move(told));
      if (!sent) co_return false;
    }
    co_return co_await answer(talk, ack);
  }
  if (cut()) co_return false;
  if (frame.has_hello()) {
    talk.epoch = frame.hello().epoch();
    hellos.push_back(frame.hello());
    co_return co_await send(talk, welcome(talk.epoch));
  }
  if (frame.has_terminals_request() && terminals) {
    wire::Frame told;
    *told.mutable_terminals() = signed_terminals(terminals(frame.terminals_request()));
    if (terminals_wait) {
      talk.held_terminals = std::move(told);
      co_return true;
    }
    co_return co_await send(talk, std::move(told));
  }
  if (frame.has_fork_report()) forks.push_back(frame.fork_report());
  if (!frame.has_renew_request()) co_return false;
  ++renewals;
  wire::Frame renewed;
  auto& response = *renewed.mutable_renew_response();
  response.set_accepted(record_key &&
                        crypto::verify(*record_key, record::renew_text(agent, frame.renew_request().csr()),
                                       frame.renew_request().record_key_proof()));
  response.set_certificate(authority_.client_for(frame.renew_request().csr(), agent.hex()).der());
  if (change_renewal) change_renewal(response);
  const std::vector<std::string> trusted{response.trusted_ca().begin(), response.trusted_ca().end()};
  response.set_sig(key_.sign(record::renewed_text(agent, response.certificate(), trusted)));
  if (change_signed_renewal) change_signed_renewal(response);
  co_return co_await send(talk, std::move(renewed));
}

net::awaitable<bool> StandInCollector::send(Talk& talk, wire::Frame frame) {
  if (cut()) co_return false;
  const auto sent = co_await talk.connection.write(frame.SerializeAsString());
  co_return sent.has_value();
}

wire::Frame StandInCollector::welcome(std::uint32_t epoch) {
  wire::Frame frame;
  auto& welcome = *frame.mutable_welcome();
  welcome.set_epoch(epoch);
  welcome.set_committed_seq(stored[epoch].committed());
  welcome.set_head(std::string{stored[epoch].head().bytes()});
  welcome.set_window(record::kWindowMax);
  welcome.set_outcome(wire::Welcome::ACCEPTED);
  if (change_welcome) change_welcome(welcome);
  const auto head = crypto::Digest::from_bytes(welcome.head()).value_or(crypto::Digest{});
  welcome.set_sig(key_.sign(record::ack_text(agent, welcome.epoch(), welcome.committed_seq(), head)));
  if (change_signed_welcome) change_signed_welcome(welcome);
  return frame;
}

void StandInCollector::forget_wishes() {
  terminals = nullptr;
  change_signed_terminals = nullptr;
  change_welcome = nullptr;
  change_signed_welcome = nullptr;
  change_ack = nullptr;
  change_signed_ack = nullptr;
  change_renewal = nullptr;
  change_signed_renewal = nullptr;
  enroll = nullptr;
}

wire::Terminals StandInCollector::signed_terminals(wire::Terminals told) {
  const std::vector<std::uint64_t> digests{told.id_digests().begin(), told.id_digests().end()};
  told.set_sig(key_.sign(record::terminals_text({.agent = agent,
                                                 .version = told.version(),
                                                 .unchanged = told.unchanged(),
                                                 .too_many = told.too_many(),
                                                 .digests = digests})));
  if (change_signed_terminals) change_signed_terminals(told);
  return told;
}

wire::Ack StandInCollector::store(const wire::Batch& batch, std::uint32_t epoch) {
  ++batches;
  wire::Ack ack;
  auto& have = stored[epoch];
  const auto opened = record::open_batch(batch, agent, [this](const crypto::Digest& id) {
    return record_key && record_key->id() == id ? record_key : std::nullopt;
  });
  if (!opened || opened->position.epoch != epoch) {
    refusals.push_back(opened ? "another epoch" : opened.error().detail);
    ack.set_outcome(wire::Ack::MALFORMED);
  } else if (opened->position.first_seq <= have.committed()) {
    ++duplicates;
    ack.set_outcome(wire::Ack::DUPLICATE);
  } else if (opened->position.first_seq != have.committed() + 1 ||
             opened->position.prev_head != have.head()) {
    refusals.emplace_back("does not join what is stored");
    ack.set_outcome(wire::Ack::GAP);
  } else {
    have.bodies.insert(have.bodies.end(), opened->bodies.begin(), opened->bodies.end());
    have.hashes.insert(have.hashes.end(), opened->hashes.begin(), opened->hashes.end());
    ack.set_outcome(wire::Ack::ACCEPTED);
  }
  ack.set_epoch(epoch);
  ack.set_committed_seq(have.committed());
  ack.set_head(std::string{have.head().bytes()});
  ack.set_window(record::kWindowMax);
  if (change_ack) change_ack(ack);
  record::sign_ack(ack, agent, key_);
  if (change_signed_ack) change_signed_ack(ack);
  return ack;
}

net::awaitable<bool> StandInCollector::answer(Talk& talk, wire::Ack ack) {
  talk.held.push_back(std::move(ack));
  unanswered_max = std::max(unanswered_max, static_cast<int>(talk.held.size()));
  if (silent || static_cast<int>(talk.held.size()) < answer_from) co_return true;
  for (auto& one : std::exchange(talk.held, {})) {
    wire::Frame frame;
    *frame.mutable_ack() = std::move(one);
    const bool sent = co_await send(talk, std::move(frame));
    if (!sent) co_return false;
  }
  co_return true;
}

}  // namespace support
