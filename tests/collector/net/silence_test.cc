// Who may not speak any more falls silent: on open connections too, and whoever decided it.

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "collector/net/speaker.h"
#include "collector/store/agents.h"
#include "common/async/task_group.h"
#include "tests/collector/net/harbour.h"

namespace collector::net {
namespace {

using Ack = wire::Ack;
using Welcome = wire::Welcome;
HARBOUR_SUITE(SilenceTest);

class WatchedTest : public HarbourTest {
 public:
  WatchedTest() : HarbourTest{{}, std::chrono::milliseconds{5}} {}
};
INSTANTIATE_TEST_SUITE_P(On, WatchedTest, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

// Looks as often as `serve` does.
class UnhurriedTest : public HarbourTest {
 public:
  UnhurriedTest() : HarbourTest{{}, kLook} {}
};
INSTANTIATE_TEST_SUITE_P(On, UnhurriedTest, testing::Values(store::Dialect::sqlite), store::dialect_name);

// Two machines with one identity, which push each other out.
class CloneTest : public HarbourTest {
 public:
  CloneTest() : HarbourTest{Limits{.replacements_max = 2}} {}
};
INSTANTIATE_TEST_SUITE_P(On, CloneTest, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

// A way to the server that seems to begin at another address of this machine. Must be stopped before it ends.
class OtherAddress {
 public:
  OtherAddress(boost::asio::io_context& io, const char* from, std::uint16_t to)
      : from_{boost::asio::ip::make_address(from), 0},
        to_{boost::asio::ip::address_v4::loopback(), to},
        acceptor_{io, {boost::asio::ip::address_v4::loopback(), 0}},
        tasks_{io.get_executor(), [](const std::exception_ptr&) {}} {
    tasks_.spawn(accept_all());
  }

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  awaitable<void> stop() { return tasks_.stop(); }

 private:
  using tcp = boost::asio::ip::tcp;

  awaitable<void> accept_all() {
    for (;;) tasks_.spawn(pass(co_await acceptor_.async_accept(boost::asio::use_awaitable)));
  }

  awaitable<void> pass(tcp::socket client) {
    tcp::socket server{client.get_executor(), from_};
    co_await server.async_connect(to_, boost::asio::use_awaitable);
    async::TaskGroup back{client.get_executor(), [](const std::exception_ptr&) {}};
    back.spawn(pump(server, client));
    co_await pump(client, server);
    co_await back.join();
  }

  static awaitable<void> pump(tcp::socket& from, tcp::socket& to) {
    constexpr auto kAwait = boost::asio::as_tuple(boost::asio::use_awaitable);
    std::array<char, 4'096> bytes{};
    for (;;) {
      const auto [broken, size] = co_await from.async_read_some(boost::asio::buffer(bytes), kAwait);
      if (broken) break;
      const auto [failed, sent] =
          co_await boost::asio::async_write(to, boost::asio::buffer(bytes, size), kAwait);
      if (failed) break;
    }
    boost::system::error_code ignored;
    from.close(ignored);
    to.close(ignored);
  }

  tcp::endpoint from_;
  tcp::endpoint to_;
  tcp::acceptor acceptor_;
  async::TaskGroup tasks_;
};

std::vector<store::AlarmRow> alarms(HarbourTest& t) {
  return t.read([](store::Transaction& tx) { return must(store::list_alarms(tx, 10)); });
}

TEST_P(WatchedTest, AnotherProcessSilencesAnOpenConnection) {
  const std::array silencings{&HarbourTest::revoke, &HarbourTest::quarantine};
  for (const auto silence : silencings) {
    const auto anna = make_caller(silence == &HarbourTest::revoke ? 1 : 2);
    const auto ben = make_caller(silence == &HarbourTest::revoke ? 3 : 4);
    converse([](WatchedTest& t, const Caller& caller, const Caller& other, auto how) -> awaitable<void> {
      auto dialled = co_await t.hello(caller);
      auto bystander = co_await t.hello(other);
      (t.*how)(caller);  // Through a connection of its own to the database.
      EXPECT_TRUE(co_await is_ended(*dialled.socket));
      const auto answer = co_await ask(*bystander.socket, batch(other, 1, record::kChainStart, "one"));
      EXPECT_TRUE(answer && answer->ack().outcome() == Ack::ACCEPTED);
      bystander.socket->abort();
    }(*this, anna, ben, silence));
  }
}

TEST_P(SilenceTest, TheWatcherEndsWhatIsOpenAndCountsIt) {
  const auto anna = make_caller(1);
  converse([](SilenceTest& t, const Caller& caller) -> awaitable<void> {
    co_await t.server_->look();
    auto dialled = co_await t.hello(caller);
    t.quarantine(caller);
    co_await t.server_->look();
    EXPECT_TRUE(co_await is_ended(*dialled.socket));
    auto again = co_await t.hello(caller);
    EXPECT_EQ(again.first.welcome().outcome(), Welcome::QUARANTINED);
    EXPECT_NE(again.first.welcome().detail().find("a test"), std::string::npos);
    EXPECT_TRUE(co_await is_ended(*again.socket));
    t.release(caller);
    auto last = co_await t.hello(caller);
    EXPECT_EQ(last.first.welcome().outcome(), Welcome::ACCEPTED);
    EXPECT_EQ(last.first.welcome().trust_digest(), t.trust_.get()->digest.bytes());
    co_await t.server_->look();
    const auto answer = co_await ask(*last.socket, batch(caller, 1, record::kChainStart, "one"));
    EXPECT_TRUE(answer && answer->ack().outcome() == Ack::ACCEPTED) << "released: it may speak again";
    last.socket->abort();
  }(*this, anna));
  settle();
  look();
  EXPECT_EQ(counted("silenced"), 1);
  EXPECT_EQ(counted("hello_quarantined"), 1);
}

TEST_P(SilenceTest, WhoIgnoresTheFarewellIsCutOff) {
  const auto anna = make_caller(1);
  converse([](SilenceTest& t, const Caller& caller) -> awaitable<void> {
    co_await t.server_->look();
    // Says hello and from then on reads nothing, so that no farewell is answered.
    auto dialled = co_await t.hello(caller);
    t.revoke(caller);
    co_await t.server_->look();
    // Only now: within Speaker::kFarewellLimit the server has given up waiting.
    boost::asio::steady_timer later{t.io_, Speaker::kFarewellLimit};
    co_await later.async_wait(boost::asio::use_awaitable);
    EXPECT_TRUE(co_await is_ended(*dialled.socket));
  }(*this, anna));
}

// The longest that can take: the port has just looked, and the other side does not answer the farewell.
TEST_P(UnhurriedTest, AnOpenConnectionEndsWithinFiveSeconds) {
  static_assert(kLook + Speaker::kFarewellLimit < std::chrono::seconds{5});
  const auto anna = make_caller(1);
  converse([](UnhurriedTest& t, const Caller& caller) -> awaitable<void> {
    auto dialled = co_await t.hello(caller);
    EXPECT_EQ(t.server_->connections(), 1U);
    co_await t.server_->look();
    t.revoke(caller);
    const auto revoked = std::chrono::steady_clock::now();
    boost::asio::steady_timer timer{t.io_};
    for (int i = 0; t.server_->connections() > 0 && i < 1'000; ++i) {
      timer.expires_after(std::chrono::milliseconds{10});
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    EXPECT_EQ(t.server_->connections(), 0U);
    EXPECT_LE(std::chrono::steady_clock::now() - revoked, std::chrono::seconds{5});
    dialled.socket->abort();
  }(*this, anna));
}

TEST_P(SilenceTest, AConflictSilencesOriginalAndCopy) {
  const auto anna = make_caller(1);
  converse([](SilenceTest& t, const Caller& caller) -> awaitable<void> {
    auto dialled = co_await t.hello(caller);
    const auto answer = co_await ask(*dialled.socket, batch(caller, 1, record::kChainStart, "one"));
    EXPECT_TRUE(answer && answer->ack().outcome() == Ack::ACCEPTED);
    const auto other = co_await ask(*dialled.socket, batch(caller, 1, record::kChainStart, "other"));
    EXPECT_EQ(other->ack().outcome(), Ack::CONFLICT);
    EXPECT_TRUE(co_await is_ended(*dialled.socket));
    auto again = co_await t.hello(caller);
    EXPECT_EQ(again.first.welcome().outcome(), Welcome::QUARANTINED);
    EXPECT_EQ(again.first.welcome().committed_seq(), 1u);
  }(*this, anna));
  ASSERT_EQ(alarms(*this).size(), 1u);
  EXPECT_EQ(alarms(*this)[0].kind, "conflict");
  EXPECT_EQ(stored(), 1u);
}

TEST_P(SilenceTest, AQuarantineHoldsFromTheNextBatchOn) {
  const auto anna = make_caller(1);
  converse([](SilenceTest& t, const Caller& caller) -> awaitable<void> {
    auto dialled = co_await t.hello(caller);
    t.quarantine(caller);
    const auto refused = co_await ask(*dialled.socket, batch(caller, 1, record::kChainStart, "one"));
    EXPECT_EQ(refused->ack().outcome(), Ack::QUARANTINED);
    EXPECT_TRUE(co_await is_ended(*dialled.socket));
  }(*this, anna));
  EXPECT_EQ(stored(), 0u);
  EXPECT_EQ(counted("quarantined"), 1);
}

TEST_P(SilenceTest, AForkReportEndsTheStreamAndRaisesTheAlarm) {
  const auto anna = make_caller(1);
  converse([](SilenceTest& t, const Caller& caller) -> awaitable<void> {
    auto dialled = co_await t.hello(caller);
    const auto answer = co_await ask(*dialled.socket, batch(caller, 1, record::kChainStart, "one"));
    const auto head = must(crypto::Digest::from_bytes(answer->ack().head()));
    const auto sent = co_await dialled.socket->write(fork(caller, 1, head).SerializeAsString());
    EXPECT_TRUE(sent);
    EXPECT_TRUE(co_await is_ended(*dialled.socket));
    auto again = co_await t.hello(caller);
    EXPECT_EQ(again.first.welcome().outcome(), Welcome::QUARANTINED);
  }(*this, anna));
  ASSERT_EQ(alarms(*this).size(), 1u);
  EXPECT_EQ(alarms(*this)[0].kind, "fork");
  EXPECT_EQ(counted("fork"), 1);
}

TEST_P(CloneTest, MachinesThatPushEachOtherOutAreQuarantined) {
  const auto anna = make_caller(1);
  converse([](CloneTest& t, const Caller& caller) -> awaitable<void> {
    OtherAddress elsewhere{t.io_, "127.0.0.2", t.server_->port()};
    std::vector<Dialled> dialled;
    for (int i = 0; i < 4; ++i) {
      t.through_ = i % 2 == 0 ? 0 : elsewhere.port();
      dialled.push_back(co_await t.hello(caller));
      const bool last = i == 3;
      EXPECT_EQ(dialled.back().first.welcome().outcome(), last ? Welcome::QUARANTINED : Welcome::ACCEPTED)
          << i;
      const bool ended = i == 0 || co_await is_ended(*dialled[dialled.size() - 2].socket);
      EXPECT_TRUE(ended) << i;
    }
    EXPECT_TRUE(co_await is_ended(*dialled.back().socket));
    co_await elsewhere.stop();
  }(*this, anna));
  settle();
  look();
  EXPECT_EQ(counted("replaced_connection"), 3);
  EXPECT_EQ(counted("clone"), 1);
  ASSERT_EQ(alarms(*this).size(), 1u);
  EXPECT_EQ(alarms(*this)[0].kind, "clone");
  EXPECT_EQ(alarms(*this)[0].detail, "connections from 127.0.0.1 and 127.0.0.2 push each other out");
}

// A laptop whose network flaps: the connection it has lost says nothing any more.
TEST_P(CloneTest, AConnectionThatWasSilentIsReplacedWithoutSuspicion) {
  const auto anna = make_caller(1);
  converse([](CloneTest& t, const Caller& caller) -> awaitable<void> {
    OtherAddress elsewhere{t.io_, "127.0.0.2", t.server_->port()};
    std::vector<Dialled> dialled;
    for (int i = 0; i < 7; ++i) {
      t.through_ = i % 2 == 0 ? 0 : elsewhere.port();
      dialled.push_back(co_await t.hello(caller));
      EXPECT_EQ(dialled.back().first.welcome().outcome(), Welcome::ACCEPTED) << i;
      const bool ended = i == 0 || co_await is_ended(*dialled[dialled.size() - 2].socket);
      EXPECT_TRUE(ended) << i;
      t.clock_.advance(std::chrono::milliseconds{kAlive_ms + 1});
    }
    dialled.back().socket->abort();
    co_await elsewhere.stop();
  }(*this, anna));
  settle();
  look();
  EXPECT_EQ(counted("replaced_connection"), 6);
  EXPECT_EQ(counted("clone"), 0);
  EXPECT_TRUE(alarms(*this).empty());
}

TEST_P(CloneTest, ACopyThatSpeaksIsAlive) {
  const auto anna = make_caller(1);
  converse([](CloneTest& t, const Caller& caller) -> awaitable<void> {
    OtherAddress elsewhere{t.io_, "127.0.0.2", t.server_->port()};
    std::vector<Dialled> dialled;
    for (int i = 0; i < 4; ++i) {
      t.through_ = i % 2 == 0 ? 0 : elsewhere.port();
      dialled.push_back(co_await t.hello(caller));
      const bool last = i == 3;
      EXPECT_EQ(dialled.back().first.welcome().outcome(), last ? Welcome::QUARANTINED : Welcome::ACCEPTED)
          << i;
      const bool ended = i == 0 || co_await is_ended(*dialled[dialled.size() - 2].socket);
      EXPECT_TRUE(ended) << i;
      if (last) break;
      t.clock_.advance(std::chrono::milliseconds{kAlive_ms + 1});
      wire::Frame question;
      question.mutable_terminals_request();
      const auto answer = co_await ask(*dialled.back().socket, question);
      EXPECT_TRUE(answer.has_value()) << i;
    }
    EXPECT_TRUE(co_await is_ended(*dialled.back().socket));
    co_await elsewhere.stop();
  }(*this, anna));
  EXPECT_EQ(alarms(*this).size(), 1u);
}

TEST_P(CloneTest, OneMachineThatConnectsAgainAndAgainIsNoClone) {
  const auto anna = make_caller(1);
  converse([](CloneTest& t, const Caller& caller) -> awaitable<void> {
    std::vector<Dialled> dialled;
    for (int i = 0; i < 6; ++i) {
      dialled.push_back(co_await t.hello(caller));
      EXPECT_EQ(dialled.back().first.welcome().outcome(), Welcome::ACCEPTED) << i;
    }
    for (auto& one : dialled) one.socket->abort();
  }(*this, anna));
  EXPECT_TRUE(alarms(*this).empty());
}

}  // namespace
}  // namespace collector::net
