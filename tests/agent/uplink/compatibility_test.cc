// This agent at a collector of version 0.1, which says what was kept of it and understands no more than 0.1
// did.

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "common/base/hex.h"
#include "common/tls/tls_stream.h"
#include "tests/agent/uplink/fixture.h"
#include "tests/support/wire/former_wire.h"

namespace {

using namespace uplink_tests;
using support::read_by_0_1;
using support::records_of_0_1;
using support::said_by_0_1;
namespace v0_1 = support::wire0_1;

class FormerCollector : public UplinkTest {
 protected:
  FormerCollector() {
    identity.collector_port = acceptor.local_endpoint().port();
    identity.collector_key = crypto::SigningKey::from_seed(std::string(32, '\x02')).value().public_key();
    EXPECT_TRUE(agent::identity::save(folder, identity));
  }
  ~FormerCollector() override { end(); }

  void begin() {
    start();
    tasks->spawn(accept_all());
  }
  void end() {
    stop();
    if (talks.size() > 0) support::run(io, talks.stop());
  }

  net::awaitable<void> accept_all() {
    for (;;) talks.spawn(serve(co_await acceptor.async_accept(net::use_awaitable)));
  }

  net::awaitable<void> serve(net::ip::tcp::socket socket) {
    const auto former_ca = crypto::Certificate::from_der(said_by_0_1("ca_certificate")).value();
    const std::vector trusted{collector.authority().certificate(), former_ca};
    auto tls = tls::ServerTls::create(trusted, server.certificate, server.key);
    auto secure = co_await tls::accept(std::move(*tls), std::move(socket), 10s);
    if (!secure) co_return;
    std::vector<std::string> paths{"/v1/stream"};
    auto connection = co_await websocket::accept(std::move(secure->stream), std::move(paths), "0.1");
    if (!connection) co_return;
    for (;;) {
      const auto bytes = co_await (*connection)->read(websocket::kNoLimit);
      if (!bytes) co_return;
      const auto name = answer_to(read_by_0_1(*bytes));
      if (name.empty()) co_return;
      if (auto sent = co_await (*connection)->write(said_by_0_1(name)); !sent) co_return;
    }
  }

  // The name of the kept answer; empty: 0.1 ends the connection.
  std::string answer_to(const v0_1::Frame& frame) {
    if (frame.has_hello()) return welcome;
    if (frame.has_renew_request()) return "renew_response";
    if (frame.has_terminals_request()) ++terminals_asked;
    if (frame.has_terminals_request()) return "terminals";
    if (!frame.has_batch()) return "";
    ++batches;
    if (!first_answer.empty()) return std::exchange(first_answer, "");
    const auto last = frame.batch().first_seq() + frame.batch().count() - 1;
    return last == 2 ? "ack_accepted" : "ack_accepted_10";
  }
  bool says(const std::string& text) const { return connection().find(text) != std::string::npos; }

  net::ip::tcp::acceptor acceptor{io, {net::ip::address_v4::loopback(), 0}};
  support::Identity server = collector.authority().server({"127.0.0.1"});
  async::TaskGroup talks{io.get_executor(), [](const std::exception_ptr& e) { std::rethrow_exception(e); }};
  std::string welcome = "welcome";
  std::string first_answer;
  int batches = 0;
  int terminals_asked = 0;
};

TEST_F(FormerCollector, TakesOurRecordsAndWeItsAcknowledgements) {
  auto records = records_of_0_1();
  const std::vector<std::string> rest{records.begin() + 2, records.end()};
  records.resize(2);
  append(records);
  begin();
  run_until([&] { return acknowledged() == 2; });
  append(rest);
  run_until([&] { return acknowledged() == 10; });
  EXPECT_THAT(connection(), HasSubstr("connected to 127.0.0.1"));
  EXPECT_EQ(batches, 2);
}

TEST_F(FormerCollector, EachOfItsRefusalsIsUnderstood) {
  append(records_of_0_1());
  options.pace.first_wait = options.pace.longest_wait = 1h;
  for (const std::string name : {"conflict", "bad_signature", "bad_chain", "malformed", "unknown_key",
                                 "wrong_agent", "revoked", "gap"}) {
    first_answer = "ack_" + name;
    begin();
    run_until([&] { return says("told so"); });
    end();
    EXPECT_EQ(outbox.chain().acked_seq, 0u) << name;
    ASSERT_TRUE(outbox.set_status("connection", "", {}));
  }
}

TEST_F(FormerCollector, BusyIsABriefRest) {
  append(records_of_0_1());
  first_answer = "ack_busy";
  begin();
  run_until([&] { return acknowledged() == 10; });
  EXPECT_GE(batches, 2);
}

TEST_F(FormerCollector, EachOfItsWelcomesIsUnderstood) {
  options.pace.first_wait = options.pace.longest_wait = 1h;
  const std::pair<const char*, const char*> rows[] = {{"welcome_revoked", "this agent was revoked at"},
                                                      {"welcome_unknown_agent", "not enrolled here"}};
  for (const auto& [name, text] : rows) {
    welcome = name;
    begin();
    run_until([&] { return says(text); });
    end();
  }
}

// It signs no list, and so does whoever has nothing but its server's key.
TEST_F(FormerCollector, ItsTerminalsAreNotTakenAndTheRecordsGoOn) {
  auto records = records_of_0_1();
  records.resize(2);
  append(records);
  std::vector<std::uint64_t> taken;
  options.terminals = agent::uplink::TerminalReader{
      .take = [&](std::uint64_t, std::vector<std::uint64_t> digests) -> net::awaitable<void> {
        taken = std::move(digests);
        co_return;
      }};
  options.pace.terminals = 1ms;
  begin();
  run_until([&] { return acknowledged() == 2 && terminals_asked > 2; });
  EXPECT_THAT(taken, IsEmpty());
}

// Its certificate was made for the key that was kept; its answer has no list of CA certificates.
TEST_F(FormerCollector, ItsRenewalIsTaken) {
  const auto key = crypto::TlsKey::from_pem(said_by_0_1("agent_tls_key_pem")).value();
  const auto files = agent::identity::files_in(folder);
  const auto enrolled = read_by_0_1(said_by_0_1("enroll_response")).enroll_response();
  const auto certificate = crypto::Certificate::from_der(enrolled.certificate()).value();
  ASSERT_TRUE(key.save(files.tls_key));
  ASSERT_TRUE(crypto::write_secret_file(files.tls_certificate, certificate.pem()));
  const auto former_ca = crypto::Certificate::from_der(said_by_0_1("ca_certificate")).value();
  const std::array trusted{collector.authority().certificate(), former_ca};
  ASSERT_TRUE(crypto::write_secret_file(files.ca_certificate, crypto::to_pem(trusted)));
  welcome = "welcome_renew_first";
  const auto kept = [&] { return agent::identity::load_credentials(folder).value().own.der(); };
  const auto expected = read_by_0_1(said_by_0_1("renew_response")).renew_response().certificate();
  begin();
  run_until([&] { return kept() == expected; });
}

}  // namespace
