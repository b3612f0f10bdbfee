// What an agent that lies is told, through the real port.

#include <deskledger/v1/wire.pb.h>
#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>

#include "agent/identity/identity.h"
#include "collector/store/records.h"
#include "common/record/batch.h"
#include "common/tls/tls_stream.h"
#include "common/websocket/connection.h"
#include "tests/e2e/checks.h"
#include "tests/support/net/co_test.h"
#include "tests/support/process/eventually.h"

namespace e2e {
namespace {

namespace net = boost::asio;
namespace wire = deskledger::v1;
using support::Site;

constexpr std::chrono::seconds kLimit{30};

// What the collector answered, and why the connection ended afterwards.
struct Told {
  wire::Welcome welcome;
  wire::Ack ack;
  base::ErrorCode ended{};
};

wire::Frame frame_of(const base::Result<std::string>& bytes) {
  wire::Frame frame;
  if (!bytes) throw std::runtime_error{bytes.error().message};
  if (!frame.ParseFromString(*bytes)) throw std::runtime_error{"not a frame"};
  return frame;
}

// Says hello as the enrolled agent, sends `batch`, and listens to the end.
net::awaitable<Told> send_batch(std::filesystem::path data, wire::Batch batch) {
  const auto identity = agent::identity::load(data).value();
  const auto credentials = agent::identity::load_credentials(data).value();
  const auto tls = tls::ClientTls::create(credentials.trusted, credentials.own, credentials.tls_key).value();
  auto secure = co_await tls::connect(tls, identity.collector_host, identity.collector_port, kLimit);
  if (!secure) throw std::runtime_error{secure.error().message};
  auto socket = co_await websocket::connect(std::move(secure->stream), identity.collector_host, "/v1/stream");
  if (!socket) throw std::runtime_error{socket.error().message};
  wire::Frame hello;
  hello.mutable_hello()->set_agent_id(std::string{identity.agent_id.bytes()});
  hello.mutable_hello()->set_epoch(1);
  hello.mutable_hello()->set_next_seq(2);
  if (!co_await (*socket)->write(hello.SerializeAsString())) throw std::runtime_error{"hello"};
  Told told;
  const auto welcome = co_await (*socket)->read(kLimit);
  told.welcome = frame_of(welcome).welcome();
  wire::Frame frame;
  *frame.mutable_batch() = std::move(batch);
  if (!co_await (*socket)->write(frame.SerializeAsString())) throw std::runtime_error{"batch"};
  const auto ack = co_await (*socket)->read(kLimit);
  told.ack = frame_of(ack).ack();
  const auto after = co_await (*socket)->read(kLimit);
  if (after) throw std::runtime_error{"the connection goes on"};
  told.ended = after.error().code;
  co_return told;
}

TEST(Refusal, OfAWrongSignatureIsNamedCountedAndStoresNothing) {
  Site site{PROGRAMS, "refusal"};
  site.start_collector();
  site.enrol();
  const auto identity = agent::identity::load(site.agent_data()).value();
  const auto credentials = agent::identity::load_credentials(site.agent_data()).value();
  const std::vector<std::string> bodies{"a fact that was never observed"};
  auto batch = record::make_batch({.agent = identity.agent_id, .epoch = 1, .first_seq = 1, .prev_head = {}},
                                  bodies, credentials.record_key);
  ASSERT_TRUE(batch);
  batch->mutable_sig()->at(7) ^= 1;

  net::io_context io;
  const auto told = support::run(io, send_batch(site.agent_data(), *batch));
  EXPECT_EQ(told.welcome.outcome(), wire::Welcome::ACCEPTED);
  EXPECT_EQ(told.ack.outcome(), wire::Ack::BAD_SIGNATURE) << told.ack.detail();
  EXPECT_EQ(told.ack.committed_seq(), 0u);
  EXPECT_TRUE(record::is_signed(told.ack, identity.agent_id, identity.collector_key));
  EXPECT_EQ(told.ended, base::ErrorCode::unavailable) << "closed by the collector, not by our own limit";

  const auto fleet = site.collector_json({"agents"}).as_object();
  const auto& outcomes = fleet.at("agents").as_array().at(0).as_object().at("outcomes").as_object();
  EXPECT_EQ(boost::json::serialize(outcomes), R"({"bad_signature":1})");
  auto database = collector::store::Connection::open("sqlite:" + site.database().string());
  ASSERT_TRUE(database);
  const auto read = database->read([](collector::store::Transaction& tx) -> base::Status {
    const auto records = collector::store::records_after(tx, 0, 10);
    EXPECT_TRUE(records && records->empty());
    return {};
  });
  EXPECT_TRUE(read);

  site.start_agent();
  EXPECT_TRUE(support::eventually([&] {
    const auto notes = site.agent_status().at("notes").as_object();
    const auto* note = notes.if_contains("connection");
    return note != nullptr && note->as_object().at("value").as_string().starts_with("connected");
  })) << "an honest agent must still be welcome";
}

}  // namespace
}  // namespace e2e
