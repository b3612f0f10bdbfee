// Whatever comes over the wire that should not: one row each. A name and a counter for it, one line in the
// journal that tells neither secret nor body, nothing stored, and the connection ends.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "common/record/codec.h"
#include "common/record/limits.h"
#include "common/record/signed_text.h"
#include "tests/collector/net/harbour.h"
#include "tests/support/net/certificates.h"

namespace collector::net {
namespace {

using Ack = wire::Ack;
HARBOUR_SUITE(BadInputTest);

constexpr auto kAwait = boost::asio::as_tuple(boost::asio::use_awaitable);
// Stands in bodies and secrets: no line of the journal may hold it.
constexpr const char* kHush = "hush-hush-hush-h";

awaitable<std::string> say_raw(HarbourTest& t, tls::ClientTls tls, std::string bytes) {
  auto stream = co_await t.dial_raw(std::move(tls));
  // The server may end it before all is sent.
  co_await boost::asio::async_write(stream, boost::asio::buffer(bytes), kAwait);
  std::string answer;
  std::array<char, 1'024> part{};
  for (;;) {
    const auto [ended, size] = co_await stream.async_read_some(boost::asio::buffer(part), kAwait);
    if (ended) break;
    answer.append(part.data(), size);
  }
  stream.impl().close();
  co_return answer;
}

// Hello, then `bytes`; the connection ends.
awaitable<void> say(HarbourTest& t, const Caller& caller, std::string bytes) {
  auto dialled = co_await t.hello(caller);
  EXPECT_EQ(dialled.first.welcome().outcome(), wire::Welcome::ACCEPTED);
  co_await dialled.socket->write(std::move(bytes));
  EXPECT_TRUE(co_await HarbourTest::is_ended(*dialled.socket));
}

// Hello, then a batch that is answered by name before the connection ends.
awaitable<void> offer(HarbourTest& t, const Caller& caller, wire::Frame frame, Ack::Outcome outcome) {
  auto dialled = co_await t.hello(caller);
  const auto answer = co_await HarbourTest::ask(*dialled.socket, std::move(frame));
  if (!answer) throw std::runtime_error("no answer");
  EXPECT_EQ(answer->ack().outcome(), outcome) << answer->ack().detail();
  EXPECT_TRUE(co_await HarbourTest::is_ended(*dialled.socket));
}

// A batch whose signature holds, and whose body is `body`.
wire::Frame batch_of(const Caller& caller, std::string body, std::uint32_t declared, wire::Codec codec) {
  const record::BatchText text{.agent = caller.id,
                               .epoch = 1,
                               .first_seq = 1,
                               .count = 1,
                               .prev_head = record::kChainStart,
                               .head = crypto::sha256("anything")};
  wire::Frame frame;
  auto& batch = *frame.mutable_batch();
  batch.set_agent_id(std::string{caller.id.bytes()});
  batch.set_epoch(text.epoch);
  batch.set_first_seq(text.first_seq);
  batch.set_count(text.count);
  batch.set_prev_head(std::string{text.prev_head.bytes()});
  batch.set_head(std::string{text.head.bytes()});
  batch.set_key_id(std::string{caller.record_key.public_key().id().bytes()});
  batch.set_sig(caller.record_key.sign(record::batch_text(text)));
  batch.set_codec(codec);
  batch.set_body_bytes(declared);
  batch.set_body(std::move(body));
  return frame;
}

// Somebody who has the TLS key and the certificate, and not the record key.
Caller thief_of(const Caller& caller) {
  return {.id = caller.id,
          .record_key = must(crypto::SigningKey::generate()),
          .tls_key = must(crypto::TlsKey::generate()),
          .certificate = must(crypto::Certificate::from_der(caller.certificate.der()))};
}

struct World {
  BadInputTest& t;
  const Caller& anna;
  const Caller& ben;
};

struct Row {
  std::string name;
  std::string outcome;
  awaitable<void> (*act)(World);
};

const std::vector<Row>& rows() {
  static const std::vector<Row> table{
      {"garbage before TLS", "handshake_failed",
       [](World w) -> awaitable<void> {
         boost::asio::ip::tcp::socket socket{w.t.io_};
         co_await socket.async_connect({boost::asio::ip::address_v4::loopback(), w.t.server_->port()},
                                       boost::asio::use_awaitable);
         const std::string words = std::string{"GET / HTTP/1.1\r\nX: "} + kHush + "\r\n\r\n";
         co_await boost::asio::async_write(socket, boost::asio::buffer(words), kAwait);
         std::array<char, 100> part{};
         for (;;) {
           const auto [ended, size] = co_await socket.async_read_some(boost::asio::buffer(part), kAwait);
           if (ended) break;
         }
       }},
      {"a stranger's certificate", "handshake_failed",
       [](World w) -> awaitable<void> {
         const support::TestAuthority strangers{std::chrono::minutes{5}};
         const auto identity = strangers.client(w.anna.id.hex());
         auto tls = must(tls::ClientTls::create(std::array{w.t.authority_.certificate()},
                                                identity.certificate, identity.key));
         // In TLS 1.3 the client may not hear of it before it reads.
         const auto answer =
             co_await say_raw(w.t, std::move(tls), "GET /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n");
         EXPECT_EQ(answer, "");
       }},
      {"1 MiB of zeros, no HTTP", "http_malformed",
       [](World w) -> awaitable<void> {
         const auto answer = co_await say_raw(w.t, w.t.tls_of(w.anna), std::string(1024 * 1024, '\0'));
         EXPECT_TRUE(answer.empty() || answer.starts_with("HTTP/1.1 400 ")) << answer;
       }},
      {"another version's path", "http_unknown_path",
       [](World w) -> awaitable<void> {
         const auto answer =
             co_await say_raw(w.t, w.t.tls_of(w.anna),
                              std::string{"GET /v2/stream?x="} + kHush + " HTTP/1.1\r\nHost: x\r\n\r\n");
         EXPECT_TRUE(answer.starts_with("HTTP/1.1 404 ")) << answer;
         EXPECT_NE(answer.find("It speaks version 1"), std::string::npos) << answer;
       }},
      {"no upgrade", "http_not_upgraded",
       [](World w) -> awaitable<void> {
         const auto answer =
             co_await say_raw(w.t, w.t.tls_of(w.anna), "GET /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n");
         EXPECT_TRUE(answer.starts_with("HTTP/1.1 426 ")) << answer;
       }},
      {"a stream without a certificate", "stream_without_certificate",
       [](World w) -> awaitable<void> {
         auto socket = co_await w.t.dial(w.t.tls_of_nobody(), "/v1/stream");
         EXPECT_TRUE(co_await HarbourTest::is_ended(*socket));
       }},
      {"garbage to enrol with", "enroll_malformed",
       [](World w) -> awaitable<void> {
         auto socket = co_await w.t.dial(w.t.tls_of_nobody(), "/v1/enroll");
         co_await socket->write(kHush);
         EXPECT_TRUE(co_await HarbourTest::is_ended(*socket));
       }},
      {"a token that was never made", "enroll_UNKNOWN_TOKEN",
       [](World w) -> awaitable<void> {
         auto socket = co_await w.t.dial(w.t.tls_of_nobody(), "/v1/enroll");
         wire::Frame frame;
         frame.mutable_enroll_request()->set_token_secret(kHush);
         const auto answer = co_await HarbourTest::ask(*socket, frame);
         EXPECT_TRUE(answer && answer->enroll_response().outcome() == wire::EnrollResponse::UNKNOWN_TOKEN);
         EXPECT_TRUE(co_await HarbourTest::is_ended(*socket));
       }},
      {"a protocol of the future", "hello_unknown_protocol",
       [](World w) -> awaitable<void> {
         auto socket = co_await w.t.dial(w.t.tls_of(w.anna), "/v1/stream");
         wire::Frame frame;
         frame.mutable_hello()->set_agent_id(std::string{w.anna.id.bytes()});
         frame.mutable_hello()->set_protocol(9);
         const auto answer = co_await HarbourTest::ask(*socket, frame);
         EXPECT_TRUE(answer && answer->welcome().outcome() == wire::Welcome::UNKNOWN_PROTOCOL);
         EXPECT_TRUE(co_await HarbourTest::is_ended(*socket));
       }},
      {"no Hello", "hello_malformed",
       [](World w) -> awaitable<void> {
         auto socket = co_await w.t.dial(w.t.tls_of(w.anna), "/v1/stream");
         co_await socket->write(
             HarbourTest::batch(w.anna, 1, record::kChainStart, kHush).SerializeAsString());
         EXPECT_TRUE(co_await HarbourTest::is_ended(*socket));
       }},
      {"the Hello of another agent", "hello_wrong_agent",
       [](World w) -> awaitable<void> {
         auto socket = co_await w.t.dial(w.t.tls_of(w.anna), "/v1/stream");
         wire::Frame frame;
         frame.mutable_hello()->set_agent_id(std::string{w.ben.id.bytes()});
         co_await socket->write(frame.SerializeAsString());
         EXPECT_TRUE(co_await HarbourTest::is_ended(*socket));
       }},
      {"no frame", "frame_malformed", [](World w) { return say(w.t, w.anna, std::string{kHush} + "\xff"); }},
      {"1 MiB of zeros", "frame_malformed",
       [](World w) { return say(w.t, w.anna, std::string(1024 * 1024, '\0')); }},
      {"a message beyond the limit", "message_refused",
       [](World w) -> awaitable<void> {
         auto dialled = co_await w.t.hello(w.anna);
         co_await dialled.socket->write(std::string(1024 * 1024 + 1, 'x'));
         const auto end = co_await dialled.socket->read(std::chrono::seconds{30});
         EXPECT_FALSE(end);
       }},
      {"a second Hello", "frame_out_of_place",
       [](World w) {
         wire::Frame frame;
         frame.mutable_hello()->set_agent_id(std::string{w.anna.id.bytes()});
         return say(w.t, w.anna, frame.SerializeAsString());
       }},
      {"our own kind of frame", "frame_out_of_place",
       [](World w) {
         wire::Frame frame;
         frame.mutable_ack()->set_detail(kHush);
         return say(w.t, w.anna, frame.SerializeAsString());
       }},
      {"an enrolment on the stream", "frame_out_of_place",
       [](World w) {
         wire::Frame frame;
         frame.mutable_enroll_request()->set_token_secret(kHush);
         return say(w.t, w.anna, frame.SerializeAsString());
       }},
      {"more records than allowed", "malformed",
       [](World w) {
         auto frame = HarbourTest::batch(w.anna, 1, record::kChainStart, kHush);
         frame.mutable_batch()->set_count(UINT32_MAX);
         return offer(w.t, w.anna, std::move(frame), Ack::MALFORMED);
       }},
      {"a body beyond the limit", "malformed",
       [](World w) {
         auto frame = batch_of(w.anna, std::string(record::kBatchBytesMax + 1, 'x'), 1, wire::CODEC_NONE);
         return offer(w.t, w.anna, std::move(frame), Ack::MALFORMED);
       }},
      {"a bomb that says so", "malformed",
       [](World w) {
         const auto body = must(record::compress(std::string(record::kBatchBytesMax, '\0')));
         auto frame = batch_of(w.anna, body, record::kBatchBytesMax, wire::CODEC_ZSTD);
         return offer(w.t, w.anna, std::move(frame), Ack::MALFORMED);
       }},
      {"a bomb that lies", "malformed",
       [](World w) {
         const auto body = must(record::compress(std::string(64 * 1024 * 1024, '\0')));
         auto frame = batch_of(w.anna, body, 1'000, wire::CODEC_ZSTD);
         return offer(w.t, w.anna, std::move(frame), Ack::MALFORMED);
       }},
      {"another agent's batch", "wrong_agent",
       [](World w) {
         return offer(w.t, w.anna, HarbourTest::batch(w.ben, 1, record::kChainStart, kHush),
                      Ack::WRONG_AGENT);
       }},
      {"a stolen certificate, its own key", "unknown_key",
       [](World w) {
         const auto thief = thief_of(w.anna);
         return offer(w.t, w.anna, HarbourTest::batch(thief, 1, record::kChainStart, kHush),
                      Ack::UNKNOWN_KEY);
       }},
      {"a stolen certificate, the key's name", "bad_signature",
       [](World w) {
         auto frame = HarbourTest::batch(thief_of(w.anna), 1, record::kChainStart, kHush);
         frame.mutable_batch()->set_key_id(std::string{w.anna.record_key.public_key().id().bytes()});
         return offer(w.t, w.anna, std::move(frame), Ack::BAD_SIGNATURE);
       }},
      {"a stolen certificate wants quarantine", "fork_bad_signature",
       [](World w) {
         const auto frame = HarbourTest::fork(thief_of(w.anna), 0, record::kChainStart);
         return say(w.t, w.anna, frame.SerializeAsString());
       }},
      {"a stolen certificate wants a new one", "renewal_refused",
       [](World w) -> awaitable<void> {
         const auto thief = thief_of(w.anna);
         wire::Frame frame;
         auto& renewal = *frame.mutable_renew_request();
         renewal.set_csr(must(crypto::make_certificate_request(must(crypto::TlsKey::generate()))));
         renewal.set_record_key_proof(thief.record_key.sign(record::renew_text(w.anna.id, renewal.csr())));
         auto dialled = co_await w.t.hello(w.anna);
         const auto answer = co_await HarbourTest::ask(*dialled.socket, std::move(frame));
         EXPECT_TRUE(answer && !answer->renew_response().accepted());
         EXPECT_EQ(answer->renew_response().certificate(), "");
         EXPECT_TRUE(co_await HarbourTest::is_ended(*dialled.socket));
       }},
      {"a fork report of another time", "fork_stale",
       [](World w) {
         return say(w.t, w.anna, HarbourTest::fork(w.anna, 7, crypto::sha256("then")).SerializeAsString());
       }},
      {"a fork report that tells of none", "fork_malformed",
       [](World w) {
         auto frame = HarbourTest::fork(w.anna, 0, record::kChainStart);
         frame.mutable_fork_report()->set_own_head(frame.fork_report().collector_head());
         return say(w.t, w.anna, frame.SerializeAsString());
       }},
  };
  return table;
}

int lines_with(const std::string& journal, const std::string& word) {
  int n = 0;
  std::istringstream in{journal};
  for (std::string line; std::getline(in, line);) n += line.find(word) != std::string::npos ? 1 : 0;
  return n;
}

TEST_P(BadInputTest, EachHasItsNameItsCounterAndOneLineAndStoresNothing) {
  const auto anna = make_caller(1), ben = make_caller(2);
  for (const auto& row : rows()) {
    SCOPED_TRACE(row.name);
    const auto before = counted(row.outcome);
    testing::internal::CaptureStderr();
    converse(row.act({*this, anna, ben}));
    settle();
    look();
    const auto journal = testing::internal::GetCapturedStderr();
    EXPECT_EQ(counted(row.outcome), before + 1);
    EXPECT_EQ(lines_with(journal, "outcome=" + row.outcome), 1) << journal;
    EXPECT_EQ(lines_with(journal, kHush), 0) << journal;
    EXPECT_EQ(stored(), 0u);
  }
}

TEST_P(BadInputTest, AReplayedBatchChangesNothing) {
  const auto anna = make_caller(1);
  converse([](BadInputTest& t, const Caller& caller) -> awaitable<void> {
    const auto first = batch(caller, 1, record::kChainStart, "one two");
    for (int i = 0; i < 3; ++i) {
      auto dialled = co_await t.hello(caller);
      const auto answer = co_await ask(*dialled.socket, first);
      EXPECT_TRUE(answer && answer->ack().outcome() == (i == 0 ? Ack::ACCEPTED : Ack::DUPLICATE));
      dialled.socket->abort();
    }
  }(*this, anna));
  EXPECT_EQ(stored(), 2u);
  EXPECT_EQ(counted("duplicate"), 2);
}

// Hands on one byte at a time, whatever is to be written.
class Trickle final : public tls::StreamImpl {
 public:
  explicit Trickle(tls::AnyStream inner) : inner_{std::move(inner)} {}
  boost::asio::any_io_executor get_executor() override { return inner_.get_executor(); }
  void read_some(std::vector<boost::asio::mutable_buffer> buffers, tls::Done done) override {
    inner_.impl().read_some(std::move(buffers), std::move(done));
  }
  void write_some(std::vector<boost::asio::const_buffer> buffers, tls::Done done) override {
    for (const auto& buffer : buffers) {
      if (buffer.size() > 0)
        return inner_.impl().write_some({boost::asio::buffer(buffer, 1)}, std::move(done));
    }
    inner_.impl().write_some({}, std::move(done));
  }
  void shutdown(tls::Done done) override { inner_.impl().shutdown(std::move(done)); }
  void close() override { inner_.impl().close(); }

 private:
  tls::AnyStream inner_;
};

TEST_P(BadInputTest, ByteByByteIsNoFault) {
  const auto anna = make_caller(1);
  converse([](BadInputTest& t, const Caller& caller) -> awaitable<void> {
    auto stream = tls::AnyStream{std::make_unique<Trickle>(co_await t.dial_raw(t.tls_of(caller)))};
    auto socket = co_await websocket::connect(std::move(stream), "127.0.0.1", "/v1/stream");
    if (!socket) throw std::runtime_error(socket.error().message);
    wire::Frame hello;
    hello.mutable_hello()->set_agent_id(std::string{caller.id.bytes()});
    hello.mutable_hello()->set_epoch(1);
    const auto welcome = co_await ask(**socket, hello);
    EXPECT_TRUE(welcome && welcome->welcome().outcome() == wire::Welcome::ACCEPTED);
    const auto answer = co_await ask(**socket, batch(caller, 1, record::kChainStart, "one two"));
    EXPECT_TRUE(answer && answer->ack().outcome() == Ack::ACCEPTED);
    (*socket)->abort();
  }(*this, anna));
  EXPECT_EQ(stored(), 2u);
}

}  // namespace
}  // namespace collector::net
