#include "tests/bench/fleet.h"

#include <deskledger/v1/fact.pb.h>
#include <deskledger/v1/wire.pb.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

#include "collector/store/agents.h"
#include "collector/store/connection.h"
#include "common/crypto/authority.h"
#include "common/crypto/secret_file.h"
#include "common/record/batch.h"
#include "common/record/chain.h"
#include "common/timing/clock.h"
#include "common/tls/tls_stream.h"

namespace bench {

namespace wire = deskledger::v1;
namespace net = boost::asio;
namespace store = collector::store;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds kConnectLimit{30};
constexpr std::chrono::seconds kAnswerLimit{60};

template <class T>
T must(base::Result<T> result) {
  if (!result) throw std::runtime_error{result.error().message};
  return std::move(*result);
}

void must(const base::Status& status) {
  if (!status) throw std::runtime_error{status.error().message};
}

crypto::Authority authority_of(const support::Site& site) {
  const auto pki = site.folder() / "collector" / "pki";
  return must(crypto::Authority::adopt(
      must(crypto::Certificate::from_pem(must(crypto::read_secret_file(pki / "ca.pem")))),
      must(crypto::TlsKey::load(pki / "ca.key"))));
}

void enrol(const support::Site& site, const std::vector<FleetAgent>& agents, timing::UtcMs now) {
  auto database = must(store::Connection::open("sqlite:" + site.database().string()));
  must(database.transaction([&](store::Transaction& tx) -> base::Status {
    const auto token = store::create_token(tx, {.secret_hash = std::string(32, 'f'),
                                                .workstation = "fleet",
                                                .uses_max = static_cast<std::int64_t>(agents.size()),
                                                .created = now,
                                                .expires = now});
    if (!token) return std::unexpected{token.error()};
    for (const auto& agent : agents) {
      const store::AgentRow row{.agent_id = std::string{agent.id.bytes()},
                                .workstation = "pc-" + agent.id.hex().substr(0, 8),
                                .token_id = *token,
                                .record_key = std::string{agent.key.public_key().bytes()},
                                .hostname = "pc",
                                .os = "linux",
                                .version = "0",
                                .enrolled = now,
                                .revoked = {},
                                .last_seen = {}};
      if (auto done = store::enrol(tx, row); !done) return done;
    }
    return {};
  }));
}

net::awaitable<wire::Frame> read_frame(websocket::Connection& connection) {
  const auto bytes = must(co_await connection.read(kAnswerLimit));
  wire::Frame frame;
  if (!frame.ParseFromString(bytes)) throw std::runtime_error{"the collector sent no frame"};
  co_return frame;
}

}  // namespace

std::string body_of(const FleetAgent& agent, std::uint64_t seq) {
  const auto number = (seq - 1) / 3;
  const auto told = (seq - 1) % 3;
  const auto at = 1'790'000'000'000 + static_cast<std::int64_t>(number) * 600'000;
  wire::Fact fact;
  fact.set_observed_utc_ms(at + 1'000);
  fact.set_observed_boot_ms(at - 1'789'000'000'000);
  fact.set_utc_offset_min(60);
  fact.set_boot_id("5f0a9c1e-7a55-4f0e-9a44-0c2b7d3e1f60");
  auto& session = *fact.mutable_session();
  session.set_session_key(agent.id.hex().substr(0, 8) + ".anydesk.trace." +
                          std::to_string(1'000'000 + number));
  session.set_session_kind(wire::SESSION_KIND_DESKTOP);
  session.set_remote_id(std::to_string(410'000'000 + number % 1'000));
  session.set_requested_utc_ms(at);
  session.set_requested_offset(number * 5'000);
  if (told >= 1) {
    session.set_started_utc_ms(at + 12'345);
    session.set_started_offset(number * 5'000 + 1'200);
  }
  if (told == 2) session.set_ended_utc_ms(at + 543'210);
  session.set_outcome(told == 2 ? wire::OUTCOME_COMPLETED : wire::OUTCOME_ACTIVE);
  if (told == 2) session.set_end_reason("Session closed by the user.");
  session.set_pid(4321);
  session.set_fiber(17);
  session.set_source("/home/anna/.anydesk/anydesk.trace");
  session.set_anydesk_id("410900001");
  session.set_anydesk_version("7.1.0");
  return fact.SerializeAsString();
}

Fleet::Fleet(const support::Site& site, std::size_t agents) : port_{site.port()} {
  const auto authority = authority_of(site);
  const auto now = timing::system_clock().utc();
  // One TLS key for all: what the collector checks is the certificate of each.
  const auto tls_key = must(crypto::TlsKey::generate());
  const auto request = must(crypto::make_certificate_request(tls_key));
  for (std::size_t i = 0; i < agents; ++i) {
    const auto id = must(record::AgentId::random());
    const auto certificate = must(authority.issue_client(request, id.hex(), now));
    agents_.push_back(
        {.id = id,
         .key = must(crypto::SigningKey::generate()),
         .tls = must(tls::ClientTls::create({&authority.certificate(), 1}, certificate, tls_key))});
  }
  next_seq_.assign(agents, 1);
  heads_.assign(agents, record::kChainStart);
  enrol(site, agents_, now);
}

Fleet::~Fleet() {
  for (auto& agent : agents_) {
    if (agent.connection) agent.connection->abort();
  }
  io_.restart();
  io_.run();
}

void Fleet::seal(std::size_t batches, std::size_t records) {
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    auto& agent = agents_[i];
    for (std::size_t b = 0; b < batches; ++b) {
      std::vector<std::string> bodies;
      for (std::size_t r = 0; r < records; ++r) bodies.push_back(body_of(agent, next_seq_[i] + r));
      const record::Position position{
          .agent = agent.id, .epoch = 1, .first_seq = next_seq_[i], .prev_head = heads_[i]};
      wire::Frame frame;
      *frame.mutable_batch() = must(record::make_batch(position, bodies, agent.key));
      heads_[i] = must(crypto::Digest::from_bytes(frame.batch().head()));
      next_seq_[i] += records;
      agent.frames.push_back(frame.SerializeAsString());
    }
  }
}

void Fleet::run(std::size_t at_once, Task task) {
  std::exception_ptr crash;
  std::size_t next = 0, working = at_once;
  // Each of `at_once` coroutines takes one agent after another.
  const auto work = [&]() -> net::awaitable<void> {
    while (next < agents_.size() && !crash) {
      auto& agent = agents_[next++];
      co_await task(agent);
    }
  };
  for (std::size_t i = 0; i < at_once; ++i) {
    net::co_spawn(io_, work, [&](std::exception_ptr e) {
      if (e) crash = e;
      // The connections' own timers run on, so run() would not return by itself.
      if (e || --working == 0) io_.stop();
    });
  }
  io_.restart();
  io_.run();
  if (crash) std::rethrow_exception(crash);
}

net::awaitable<void> Fleet::greet(FleetAgent& agent) {
  auto secure = must(co_await tls::connect(agent.tls, "127.0.0.1", port_, kConnectLimit));
  agent.connection = must(co_await websocket::connect(std::move(secure.stream), "127.0.0.1", "/v1/stream"));
  wire::Frame hello;
  hello.mutable_hello()->set_agent_id(std::string{agent.id.bytes()});
  hello.mutable_hello()->set_epoch(1);
  hello.mutable_hello()->set_next_seq(1);
  hello.mutable_hello()->set_hostname("pc");
  hello.mutable_hello()->set_os("linux");
  must(co_await agent.connection->write(hello.SerializeAsString()));
  const auto frame = co_await read_frame(*agent.connection);
  if (frame.welcome().outcome() != wire::Welcome::ACCEPTED) {
    throw std::runtime_error{"not welcome: " + frame.welcome().detail()};
  }
}

void Fleet::connect() {
  run(100, [this](FleetAgent& agent) { return greet(agent); });
}

net::awaitable<void> Fleet::send_all(FleetAgent& agent, std::size_t window, Sent& sent) {
  std::vector<steady_clock::time_point> written;
  written.reserve(agent.frames.size());
  for (std::size_t answered = 0; answered < agent.frames.size(); ++answered) {
    while (written.size() < agent.frames.size() && written.size() - answered < window) {
      written.push_back(steady_clock::now());
      must(co_await agent.connection->write(std::move(agent.frames[written.size() - 1])));
    }
    const auto frame = co_await read_frame(*agent.connection);
    if (frame.ack().outcome() != wire::Ack::ACCEPTED) {
      throw std::runtime_error{"a batch was answered " + wire::Ack::Outcome_Name(frame.ack().outcome()) +
                               ": " + frame.ack().detail()};
    }
    const std::chrono::duration<double, std::milli> took = steady_clock::now() - written[answered];
    sent.ack_ms.push_back(took.count());
  }
  agent.frames.clear();
}

Fleet::Sent Fleet::send(std::size_t window) {
  Sent sent;
  const auto began = steady_clock::now();
  run(agents_.size(), [&](FleetAgent& agent) { return send_all(agent, window, sent); });
  sent.wall_s = std::chrono::duration<double>{steady_clock::now() - began}.count();
  return sent;
}

void Fleet::rest(std::chrono::seconds time) {
  // A reader must be there to answer pings.
  for (auto& agent : agents_) {
    net::co_spawn(
        io_, [&agent]() -> net::awaitable<void> { co_await agent.connection->read(websocket::kNoLimit); },
        [](std::exception_ptr) {});
  }
  io_.restart();
  io_.run_for(time);
}

}  // namespace bench
