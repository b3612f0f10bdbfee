// Batches over a real connection: each fault gets its name, nothing is stored, and the connection ends where
// it must.

#include <algorithm>
#include <array>

#include "collector/store/agents.h"
#include "common/record/signed_text.h"
#include "common/websocket/http.h"
#include "tests/collector/net/harbour.h"

namespace collector::net {
namespace {

using Ack = wire::Ack;
using Welcome = wire::Welcome;
HARBOUR_SUITE(AgentStreamTest);

TEST_P(AgentStreamTest, BatchesAreStoredAndAcknowledgedWithASignature) {
  const auto anna = make_caller(1);
  converse([](AgentStreamTest& t, const Caller& caller) -> awaitable<void> {
    auto dialled = co_await t.hello(caller);
    const auto& welcome = dialled.first.welcome();
    EXPECT_EQ(welcome.outcome(), Welcome::ACCEPTED);
    EXPECT_EQ(welcome.committed_seq(), 0u);
    const auto first = batch(caller, 1, record::kChainStart, "one two");
    const auto answer = co_await ask(*dialled.socket, first);
    if (!answer) throw std::runtime_error("no answer");
    const auto& ack = answer->ack();
    EXPECT_EQ(ack.outcome(), Ack::ACCEPTED);
    EXPECT_EQ(ack.committed_seq(), 2u);
    EXPECT_EQ(ack.head(), first.batch().head());
    EXPECT_TRUE(record::is_signed(ack, caller.id, t.acknowledgement_.public_key()));
    EXPECT_EQ(t.stored(), 2u) << "an answer comes after the commit";
    const auto again = co_await ask(*dialled.socket, first);
    EXPECT_EQ(again->ack().outcome(), Ack::DUPLICATE);
    const auto head = must(crypto::Digest::from_bytes(ack.head()));
    const auto third = co_await ask(*dialled.socket, batch(caller, 3, head, "three"));
    EXPECT_EQ(third->ack().outcome(), Ack::ACCEPTED) << "none of these ended the connection";
    dialled.socket->abort();
    auto back = co_await t.hello(caller);
    EXPECT_EQ(back.first.welcome().committed_seq(), 3u);
    EXPECT_EQ(back.first.welcome().head(), third->ack().head());
    back.socket->abort();
  }(*this, anna));
  EXPECT_EQ(stored(), 3u);
  settle();
  look();
  const auto row =
      read([&](store::Transaction& t) { return must(store::find_agent(t, std::string{anna.id.bytes()})); });
  EXPECT_TRUE(row->last_seen);
  EXPECT_EQ(row->held_until, anna.certificate.not_after());
  EXPECT_EQ(row->held_authority, trust_.get()->authority.certificate().digest().bytes());
}

TEST_P(AgentStreamTest, EachFaultyBatchIsRefusedByNameAndEndsTheConnection) {
  const auto anna = make_caller(1);
  const auto ben = make_caller(2);
  const auto good = batch(anna, 1, record::kChainStart, "one two");
  const auto changed = [&](auto change) {
    auto frame = good;
    change(*frame.mutable_batch());
    return frame;
  };
  // A chain that does not lead where its signature says: signed as it is.
  auto wrong_chain = good;
  {
    auto& b = *wrong_chain.mutable_batch();
    b.mutable_head()->back() ^= 1;
    const record::BatchText text{.agent = anna.id,
                                 .epoch = b.epoch(),
                                 .first_seq = b.first_seq(),
                                 .count = b.count(),
                                 .prev_head = record::kChainStart,
                                 .head = must(crypto::Digest::from_bytes(b.head()))};
    b.set_sig(anna.record_key.sign(record::batch_text(text)));
  }
  const struct {
    std::string name;
    wire::Frame frame;
    Ack::Outcome outcome;
    std::string counter;
  } table[] = {
      {"wrong signature", changed([](auto& b) { b.mutable_sig()->back() ^= 1; }), Ack::BAD_SIGNATURE,
       "bad_signature"},
      {"changed body", changed([](auto& b) { b.mutable_body()->back() ^= 1; }), Ack::BAD_CHAIN, "bad_chain"},
      {"wrong chain", wrong_chain, Ack::BAD_CHAIN, "bad_chain"},
      {"malformed", changed([](auto& b) { b.set_count(0); }), Ack::MALFORMED, "malformed"},
      {"unknown codec", changed([](auto& b) { b.set_codec(static_cast<wire::Codec>(9)); }), Ack::MALFORMED,
       "malformed"},
      {"unknown key", changed([](auto& b) { b.mutable_key_id()->back() ^= 1; }), Ack::UNKNOWN_KEY,
       "unknown_key"},
      {"wrong sequence", batch(anna, 9, record::kChainStart, "x"), Ack::GAP, "gap"},
      {"wrong agent", batch(ben, 1, record::kChainStart, "one"), Ack::WRONG_AGENT, "wrong_agent"},
      {"another epoch", batch(anna, 1, record::kChainStart, "one", 2), Ack::MALFORMED, "malformed"},
  };
  for (const auto& one : table) {
    const auto before = counted(one.counter);
    converse([](AgentStreamTest& t, const Caller& caller, const auto& row) -> awaitable<void> {
      auto dialled = co_await t.hello(caller);
      const auto answer = co_await ask(*dialled.socket, row.frame);
      if (!answer) throw std::runtime_error("no answer to " + row.name);
      EXPECT_EQ(answer->ack().outcome(), row.outcome) << row.name << ": " << answer->ack().detail();
      EXPECT_EQ(answer->ack().committed_seq(), 0u) << row.name;
      EXPECT_TRUE(record::is_signed(answer->ack(), caller.id, t.acknowledgement_.public_key())) << row.name;
      EXPECT_TRUE(co_await is_ended(*dialled.socket)) << row.name;
    }(*this, anna, one));
    EXPECT_EQ(stored(), 0u) << one.name;
    EXPECT_EQ(counted(one.counter), before + 1) << one.name;
  }
}

TEST_P(AgentStreamTest, WithoutACertificateThereIsNoStream) {
  converse([](AgentStreamTest& t) -> awaitable<void> {
    auto socket = co_await t.dial(t.tls_of_nobody(), "/v1/stream");
    EXPECT_TRUE(co_await is_ended(*socket));
  }(*this));
}

TEST_P(AgentStreamTest, WhatIsNoHelloIsShownOut) {
  const auto anna = make_caller(1);
  const auto ben = make_caller(2);
  std::vector<std::string> firsts{"garbage", "", std::string(1'000, '\xff')};
  wire::Frame frame;
  frame.mutable_enroll_request()->set_token_secret("x");
  firsts.push_back(frame.SerializeAsString());
  firsts.push_back(batch(anna, 1, record::kChainStart, "one").SerializeAsString());
  frame.mutable_hello()->set_agent_id(std::string{ben.id.bytes()});
  firsts.push_back(frame.SerializeAsString());
  for (const auto& first : firsts) {
    converse([](AgentStreamTest& t, const Caller& caller, std::string bytes) -> awaitable<void> {
      auto socket = co_await t.dial(t.tls_of(caller), "/v1/stream");
      const auto sent = co_await socket->write(bytes);
      EXPECT_TRUE(sent);
      EXPECT_TRUE(co_await is_ended(*socket));
    }(*this, anna, first));
  }
  EXPECT_EQ(stored(), 0u);
}

TEST_P(AgentStreamTest, GarbageAfterTheHelloEndsTheConnection) {
  const auto anna = make_caller(1);
  wire::Frame hello_again, empty;
  hello_again.mutable_hello()->set_agent_id(std::string{anna.id.bytes()});
  // Field 15, which no version knows: what an agent of a later version would send.
  const std::string unknown("\x7a\x00", 2);
  for (const auto& bytes :
       {std::string{"\xff\xff\xff"}, hello_again.SerializeAsString(), empty.SerializeAsString(), unknown}) {
    converse([](AgentStreamTest& t, const Caller& caller, std::string message) -> awaitable<void> {
      auto dialled = co_await t.hello(caller);
      const auto sent = co_await dialled.socket->write(message);
      EXPECT_TRUE(sent);
      EXPECT_TRUE(co_await is_ended(*dialled.socket));
    }(*this, anna, bytes));
  }
}

TEST_P(AgentStreamTest, TheWelcomeIsSignedWhereItCountsAsAWord) {
  const auto anna = make_caller(1);
  converse([](AgentStreamTest& t, const Caller& caller) -> awaitable<void> {
    const auto holds = [&](const Welcome& welcome) {
      const auto head = must(crypto::Digest::from_bytes(welcome.head()));
      const auto text = record::ack_text(caller.id, welcome.epoch(), welcome.committed_seq(), head);
      return crypto::verify(t.acknowledgement_.public_key(), text, welcome.sig());
    };
    auto first = co_await t.hello(caller);
    EXPECT_TRUE(holds(first.first.welcome()));
    const auto ack = co_await ask(*first.socket, batch(caller, 1, record::kChainStart, "one"));
    if (!ack) throw std::runtime_error("no answer");
    auto second = co_await t.hello(caller);
    EXPECT_EQ(second.first.welcome().committed_seq(), 1u);
    EXPECT_EQ(second.first.welcome().sig(), ack->ack().sig()) << "the same word";
    EXPECT_TRUE(holds(second.first.welcome()));
    auto other = co_await t.hello(caller, 2);
    EXPECT_EQ(other.first.welcome().committed_seq(), 0u);
    EXPECT_TRUE(holds(other.first.welcome()));
    t.quarantine(caller);
    auto refused = co_await t.hello(caller);
    EXPECT_EQ(refused.first.welcome().outcome(), Welcome::QUARANTINED);
    EXPECT_EQ(refused.first.welcome().sig(), "");
  }(*this, anna));
}

TEST_P(AgentStreamTest, ACollectorWhoseClockIsWrongRenewsNothingAndBlamesNobody) {
  const auto anna = make_caller(1), ben = make_caller(2);
  const auto later = timing::system_clock().utc() + std::chrono::days{3};
  write([&](store::Transaction& t) { must(store::touch_last_seen(t, std::string{ben.id.bytes()}, later)); });
  converse([](AgentStreamTest& t, const Caller& caller) -> awaitable<void> {
    auto dialled = co_await t.hello(caller);
    wire::Frame frame;
    auto& renewal = *frame.mutable_renew_request();
    renewal.set_csr(must(crypto::make_certificate_request(caller.tls_key)));
    renewal.set_record_key_proof(caller.record_key.sign(record::renew_text(caller.id, renewal.csr())));
    const auto answer = co_await ask(*dialled.socket, frame);
    if (!answer) throw std::runtime_error("no answer");
    EXPECT_FALSE(answer->renew_response().accepted());
    EXPECT_TRUE(answer->renew_response().detail().starts_with("the collector's clock is wrong"));
    const auto taken = co_await ask(*dialled.socket, batch(caller, 1, record::kChainStart, "one"));
    EXPECT_EQ(taken->ack().outcome(), Ack::ACCEPTED) << "its certificate is good, and the records go on";
  }(*this, anna));
  EXPECT_EQ(counted("renewal_clock_wrong"), 1);
}

TEST_P(AgentStreamTest, AnExpiredCertificateMayOnlyRenew) {
  const auto anna = make_caller(1, std::chrono::seconds{60});
  converse([](AgentStreamTest& t, const Caller& caller) -> awaitable<void> {
    auto dialled = co_await t.hello(caller);
    EXPECT_EQ(dialled.first.welcome().outcome(), Welcome::RENEW_FIRST);
    const auto refused = co_await ask(*dialled.socket, batch(caller, 1, record::kChainStart, "one"));
    EXPECT_FALSE(refused);

    auto again = co_await t.hello(caller);
    wire::Frame frame;
    auto& renewal = *frame.mutable_renew_request();
    renewal.set_csr(must(crypto::make_certificate_request(caller.tls_key)));
    renewal.set_record_key_proof(caller.record_key.sign(record::renew_text(caller.id, renewal.csr())));
    const auto answer = co_await ask(*again.socket, frame);
    if (!answer) throw std::runtime_error("no answer");
    EXPECT_TRUE(answer->renew_response().accepted()) << answer->renew_response().detail();
    const auto& response = answer->renew_response();
    const std::vector<std::string> trusted{response.trusted_ca().begin(), response.trusted_ca().end()};
    EXPECT_EQ(trusted.size(), 1u);
    EXPECT_TRUE(crypto::verify(t.acknowledgement_.public_key(),
                               record::renewed_text(caller.id, response.certificate(), trusted),
                               response.sig()));
    Caller renewed{
        .id = caller.id,
        .record_key = must(crypto::SigningKey::generate()),
        .tls_key = must(crypto::TlsKey::generate()),
        .certificate = must(crypto::Certificate::from_der(answer->renew_response().certificate()))};
    auto tls = must(
        tls::ClientTls::create(std::array{t.authority_.certificate()}, renewed.certificate, caller.tls_key));
    auto socket = co_await t.dial(std::move(tls), "/v1/stream");
    wire::Frame first;
    first.mutable_hello()->set_agent_id(std::string{caller.id.bytes()});
    first.mutable_hello()->set_epoch(1);
    const auto welcome = co_await ask(*socket, first);
    EXPECT_EQ(welcome->welcome().outcome(), Welcome::ACCEPTED);
    socket->abort();

    renewal.set_record_key_proof("wrong");
    auto third = co_await t.hello(caller);
    const auto wrong = co_await ask(*third.socket, frame);
    EXPECT_FALSE(wrong->renew_response().accepted());
    EXPECT_TRUE(co_await is_ended(*third.socket));
  }(*this, anna));
  EXPECT_EQ(stored(), 0u);
}

TEST_P(AgentStreamTest, WhoeverIsRevokedOrUnknownIsTurnedAway) {
  const auto anna = make_caller(1);
  auto stranger = make_caller(2);
  stranger.id.value.back() = 9;
  stranger.certificate =
      must(authority_.issue_client(must(crypto::make_certificate_request(stranger.tls_key)),
                                   stranger.id.hex(), timing::system_clock().utc()));
  revoke(anna);
  const std::pair<const Caller&, Welcome::Outcome> table[] = {{anna, Welcome::REVOKED},
                                                              {stranger, Welcome::UNKNOWN_AGENT}};
  for (const auto& [caller, outcome] : table) {
    converse([](AgentStreamTest& t, const Caller& who, Welcome::Outcome expected) -> awaitable<void> {
      auto dialled = co_await t.hello(who);
      EXPECT_EQ(dialled.first.welcome().outcome(), expected);
      EXPECT_TRUE(co_await is_ended(*dialled.socket));
    }(*this, caller, outcome));
  }
  settle();
  look();
  EXPECT_EQ(counted("hello_revoked"), 1);
  EXPECT_EQ(counted("hello_unknown_agent"), 1);
}

TEST_P(AgentStreamTest, ARevocationHoldsFromTheNextBatchOn) {
  const auto anna = make_caller(1);
  converse([](AgentStreamTest& t, const Caller& caller) -> awaitable<void> {
    auto dialled = co_await t.hello(caller);
    const auto first = batch(caller, 1, record::kChainStart, "one");
    const auto answer = co_await ask(*dialled.socket, first);
    EXPECT_EQ(answer->ack().outcome(), Ack::ACCEPTED);
    t.revoke(caller);
    const auto head = must(crypto::Digest::from_bytes(answer->ack().head()));
    const auto refused = co_await ask(*dialled.socket, batch(caller, 2, head, "two"));
    EXPECT_EQ(refused->ack().outcome(), Ack::REVOKED);
    EXPECT_EQ(refused->ack().committed_seq(), 1u);
    EXPECT_TRUE(co_await is_ended(*dialled.socket));
  }(*this, anna));
  EXPECT_EQ(stored(), 1u);
}

TEST_P(AgentStreamTest, OfTwoConnectionsOfOneAgentTheNewerOneStays) {
  const auto anna = make_caller(1);
  converse([](AgentStreamTest& t, const Caller& caller) -> awaitable<void> {
    auto older = co_await t.hello(caller);
    const auto first = batch(caller, 1, record::kChainStart, "one");
    // On its way when the newer one comes: whatever becomes of it, it is stored once.
    const auto sent = co_await older.socket->write(first.SerializeAsString());
    EXPECT_TRUE(sent);
    auto newer = co_await t.hello(caller);
    for (;;) {
      const auto bytes = co_await older.socket->read(std::chrono::seconds{30});
      if (!bytes) break;
    }
    const auto answer = co_await ask(*newer.socket, first);
    if (!answer) throw std::runtime_error("no answer");
    EXPECT_EQ(answer->ack().committed_seq(), 1u);
    const auto other = co_await ask(*newer.socket, batch(caller, 1, record::kChainStart, "other"));
    EXPECT_EQ(other->ack().outcome(), Ack::CONFLICT);
    EXPECT_TRUE(co_await is_ended(*newer.socket));
  }(*this, anna));
  EXPECT_EQ(stored(), 1u);
  settle();
  look();
  EXPECT_EQ(counted("replaced_connection"), 1);
}

TEST_P(AgentStreamTest, AWindowOfBatchesIsUnderWayAtOnceAndAnsweredInOrder) {
  const auto anna = make_caller(1);
  converse([](AgentStreamTest& t, const Caller& caller) -> awaitable<void> {
    auto dialled = co_await t.hello(caller);
    std::vector<wire::Frame> frames;
    auto head = record::kChainStart;
    for (std::uint64_t seq = 1; seq <= 12; ++seq) {
      frames.push_back(batch(caller, seq, head, "word" + std::to_string(seq)));
      head = must(crypto::Digest::from_bytes(frames.back().batch().head()));
    }
    // The last one is faulty, and its answer must not overtake the others'.
    frames.back().mutable_batch()->mutable_sig()->back() ^= 1;
    for (const auto& frame : frames) {
      const auto sent = co_await dialled.socket->write(frame.SerializeAsString());
      EXPECT_TRUE(sent);
    }
    for (std::uint64_t seq = 1; seq <= 12; ++seq) {
      const auto bytes = co_await dialled.socket->read(std::chrono::seconds{30});
      wire::Frame answer;
      if (!bytes || !answer.ParseFromString(*bytes)) throw std::runtime_error("no answer");
      EXPECT_EQ(answer.ack().outcome(), seq < 12 ? Ack::ACCEPTED : Ack::BAD_SIGNATURE);
      EXPECT_EQ(answer.ack().committed_seq(), std::min<std::uint64_t>(seq, 11));
    }
    EXPECT_TRUE(co_await is_ended(*dialled.socket));
  }(*this, anna));
  EXPECT_EQ(stored(), 11u);
}

TEST_P(AgentStreamTest, TheSameIsSaidOverHttpWithOneBatchAtATime) {
  const auto anna = make_caller(1);
  converse([](AgentStreamTest& t, const Caller& caller) -> awaitable<void> {
    auto stream = co_await t.dial_raw(t.tls_of(caller));
    auto socket = websocket::connect_http(std::move(stream), "127.0.0.1", "/v1/batch");
    wire::Frame hello;
    hello.mutable_hello()->set_agent_id(std::string{caller.id.bytes()});
    hello.mutable_hello()->set_epoch(1);
    const auto welcome = co_await ask(*socket, hello);
    if (!welcome) throw std::runtime_error("no Welcome");
    EXPECT_EQ(welcome->welcome().outcome(), Welcome::ACCEPTED);
    EXPECT_EQ(welcome->welcome().window(), 1u);
    auto head = record::kChainStart;
    for (std::uint64_t seq = 1; seq <= 3; ++seq) {
      const auto frame = batch(caller, seq, head, "word");
      const auto answer = co_await ask(*socket, frame);
      if (!answer) throw std::runtime_error("no Ack");
      EXPECT_EQ(answer->ack().outcome(), Ack::ACCEPTED);
      EXPECT_EQ(answer->ack().window(), 1u);
      head = must(crypto::Digest::from_bytes(frame.batch().head()));
    }
    socket->abort();
  }(*this, anna));
  EXPECT_EQ(stored(), 3u);
}

TEST_P(AgentStreamTest, AStoppedServerEndsItsConnections) {
  const auto anna = make_caller(1);
  converse([](AgentStreamTest& t, const Caller& caller) -> awaitable<void> {
    auto one = co_await t.hello(caller);
    auto two = co_await t.dial(t.tls_of(caller), "/v1/stream");
    t.stop_.emit(boost::asio::cancellation_type::terminal);
    const std::array both{one.socket.get(), two.get()};
    for (auto* socket : both) {
      const auto bytes = co_await socket->read(std::chrono::seconds{30});
      EXPECT_FALSE(bytes);
    }
  }(*this, anna));
}

TEST_P(AgentStreamTest, AnAddressThatIsNoneIsRefused) {
  for (const char* bad :
       {"", "7443", "localhost:7443", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", "[::1:1"}) {
    const auto opened = server_->open(bad);
    ASSERT_FALSE(opened) << bad;
    EXPECT_EQ(opened.error().code, base::ErrorCode::invalid_argument) << bad;
  }
}

}  // namespace
}  // namespace collector::net
