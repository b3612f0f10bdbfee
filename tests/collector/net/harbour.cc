#include "tests/collector/net/harbour.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include <array>
#include <iterator>
#include <sstream>

#include "collector/store/agents.h"
#include "collector/store/records.h"
#include "tests/collector/store/small_world.h"

namespace collector::net {

namespace {

// A little before, so that certificates are valid already.
timing::UtcMs lately() {
  return timing::system_clock().utc() - std::chrono::minutes{5};
}

std::shared_ptr<const identity::Trust> new_trust() {
  auto authority = must(crypto::Authority::create("Test CA", lately()));
  const auto key = must(crypto::TlsKey::generate());
  const auto certificate = must(authority.issue_server(key, {"localhost", "127.0.0.1"}, lately()));
  return must(identity::Trust::make(std::move(authority), {}, certificate, key));
}

}  // namespace

HarbourTest::HarbourTest(const Limits& limits, std::chrono::milliseconds look)
    : trust_{new_trust()},
      authority_{trust_.get()->authority},
      acknowledgement_{must(crypto::SigningKey::generate())} {
  committer_.emplace(must(store::Connection::open(url_)), [] {});
  database_.emplace(must(store::Connection::open(url_)));
  server_.emplace(io_.get_executor(), AgentServerParts{.trust = trust_,
                                                       .acknowledgement_key = acknowledgement_,
                                                       .committer = *committer_,
                                                       .database = *database_,
                                                       .worker = worker_.get_executor(),
                                                       .clock = clock_,
                                                       .limits = limits,
                                                       .look = look});
  must(server_->open("127.0.0.1:0"));
  boost::asio::co_spawn(
      io_, server_->run(),
      boost::asio::bind_cancellation_slot(stop_.slot(), [this](const std::exception_ptr& e) {
        EXPECT_FALSE(e);
        server_ended_ = true;
      }));
}

HarbourTest::~HarbourTest() {
  stop_.emit(boost::asio::cancellation_type::terminal);
  io_.restart();
  while (!server_ended_ && io_.run_one() > 0) {
  }
  EXPECT_TRUE(server_ended_) << "a stopped server ends all its connections";
  committer_.reset();
  worker_.join();
}

void HarbourTest::converse(awaitable<void> task) {
  support::run(io_, std::move(task));
}

void HarbourTest::settle() {
  io_.restart();
  while (server_->connections() > 0 && io_.run_one() > 0) {
  }
}

void HarbourTest::look() {
  converse(server_->look());
}

Caller HarbourTest::make_caller(int n, std::chrono::seconds lifetime) {
  record::AgentId id;
  id.value.back() = static_cast<char>(n);
  auto record_key = must(crypto::SigningKey::generate());
  auto tls_key = must(crypto::TlsKey::generate());
  auto certificate = must(
      authority_.issue_client(must(crypto::make_certificate_request(tls_key)), id.hex(), lately(), lifetime));
  write([&](store::Transaction& t) {
    const auto token = must(store::create_token(t, {.secret_hash = "of " + id.hex(),
                                                    .workstation = "ws",
                                                    .created = store::at(1),
                                                    .expires = store::at(2)}));
    auto row = store::agent_row(token, std::string{id.bytes()});
    row.record_key = std::string{record_key.public_key().bytes()};
    must(store::enrol(t, row));
  });
  return {.id = id,
          .record_key = std::move(record_key),
          .tls_key = std::move(tls_key),
          .certificate = std::move(certificate)};
}

void HarbourTest::make_token(const std::string& secret) {
  write([&](store::Transaction& t) {
    const std::string hash{crypto::sha256(secret).bytes()};
    const auto now = timing::system_clock().utc();
    must(store::create_token(t, {.secret_hash = hash,
                                 .workstation = "anna-pc",
                                 .created = now,
                                 .expires = now + std::chrono::minutes{15}}));
  });
}

void HarbourTest::revoke(const Caller& caller) {
  write([&](store::Transaction& t) { must(store::revoke(t, std::string{caller.id.bytes()}, store::at(5))); });
}

void HarbourTest::quarantine(const Caller& caller) {
  write([&](store::Transaction& t) {
    must(store::quarantine(t, std::string{caller.id.bytes()}, "a test", store::at(5)));
  });
}

void HarbourTest::release(const Caller& caller) {
  write([&](store::Transaction& t) { must(store::release(t, std::string{caller.id.bytes()})); });
}

tls::ClientTls HarbourTest::tls_of(const Caller& caller) const {
  return must(
      tls::ClientTls::create(std::array{authority_.certificate()}, caller.certificate, caller.tls_key));
}

tls::ClientTls HarbourTest::tls_of_nobody() const {
  return must(tls::ClientTls::for_enrollment(authority_.certificate().digest()));
}

awaitable<std::unique_ptr<websocket::Connection>> HarbourTest::dial(tls::ClientTls tls, std::string path) {
  const auto port = through_ == 0 ? server_->port() : through_;
  auto secure = co_await tls::connect(std::move(tls), "127.0.0.1", port, std::chrono::seconds{10});
  if (!secure) throw std::runtime_error(secure.error().message);
  auto socket = co_await websocket::connect(std::move(secure->stream), "127.0.0.1", std::move(path));
  if (!socket) throw std::runtime_error(socket.error().message);
  co_return std::move(*socket);
}

awaitable<tls::AnyStream> HarbourTest::dial_raw(tls::ClientTls tls) {
  const auto port = through_ == 0 ? server_->port() : through_;
  auto secure = co_await tls::connect(std::move(tls), "127.0.0.1", port, std::chrono::seconds{10});
  if (!secure) throw std::runtime_error(secure.error().message);
  co_return std::move(secure->stream);
}

awaitable<Dialled> HarbourTest::hello(const Caller& caller, std::uint32_t epoch) {
  Dialled dialled;
  dialled.socket = co_await dial(tls_of(caller), "/v1/stream");
  wire::Frame frame;
  frame.mutable_hello()->set_agent_id(std::string{caller.id.bytes()});
  frame.mutable_hello()->set_epoch(epoch);
  auto answer = co_await ask(*dialled.socket, frame);
  if (!answer) throw std::runtime_error("no Welcome");
  dialled.first = std::move(*answer);
  co_return dialled;
}

awaitable<std::optional<wire::Frame>> HarbourTest::ask(websocket::Connection& socket, wire::Frame frame) {
  const auto sent = co_await socket.write(frame.SerializeAsString());
  if (!sent) co_return std::nullopt;
  const auto bytes = co_await socket.read(std::chrono::seconds{30});
  wire::Frame answer;
  if (!bytes || !answer.ParseFromString(*bytes)) co_return std::nullopt;
  co_return answer;
}

awaitable<bool> HarbourTest::is_ended(websocket::Connection& socket) {
  const auto bytes = co_await socket.read(std::chrono::seconds{30});
  co_return !bytes && bytes.error().code == base::ErrorCode::unavailable;
}

wire::Frame HarbourTest::batch(const Caller& caller, std::uint64_t first_seq, const crypto::Digest& prev_head,
                               const std::string& words, std::uint32_t epoch) {
  const record::Position position{
      .agent = caller.id, .epoch = epoch, .first_seq = first_seq, .prev_head = prev_head};
  std::istringstream in{words};
  const std::vector<std::string> bodies{std::istream_iterator<std::string>{in}, {}};
  wire::Frame frame;
  *frame.mutable_batch() = must(record::make_batch(position, bodies, caller.record_key));
  return frame;
}

wire::Frame HarbourTest::fork(const Caller& caller, std::uint64_t committed_seq, const crypto::Digest& head) {
  const record::ForkText text{.agent = caller.id,
                              .epoch = 1,
                              .committed_seq = committed_seq,
                              .collector_head = head,
                              .own_next_seq = committed_seq + 5,
                              .own_head = std::string(crypto::Digest::kSize, 'x')};
  wire::Frame frame;
  auto& report = *frame.mutable_fork_report();
  report.set_epoch(text.epoch);
  report.set_committed_seq(text.committed_seq);
  report.set_collector_head(std::string{head.bytes()});
  report.set_own_next_seq(text.own_next_seq);
  report.set_own_head(text.own_head);
  report.set_sig(caller.record_key.sign(record::fork_text(text)));
  return frame;
}

std::size_t HarbourTest::stored() {
  return read([](store::Transaction& t) { return must(store::records_after(t, 0, 1'000)).size(); });
}

std::int64_t HarbourTest::counted(const std::string& outcome) {
  std::int64_t n = 0;
  for (const auto& row : read([](store::Transaction& t) { return must(store::list_counters(t)); }))
    n += row.outcome == outcome ? row.n : 0;
  return n;
}

}  // namespace collector::net
