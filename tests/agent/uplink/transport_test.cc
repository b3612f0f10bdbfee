// Ways to a collector that break: WebSockets that are refused, portals, silence.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "tests/agent/uplink/fixture.h"
#include "tests/support/net/relay.h"

namespace {

using namespace uplink_tests;
using agent::uplink::Transport;
using outbox_tests::bodies;

class Way : public UplinkTest {
 protected:
  bool says(const std::string& text) const { return connection().find(text) != std::string::npos; }
  void dial(std::uint16_t port) {
    identity.collector_port = port;
    ASSERT_TRUE(agent::identity::save(folder, identity));
  }
  // The connection breaks at the next frame, and is made again.
  void break_once() {
    const int before = collector.connections;
    collector.drop_at_frame = collector.frames;
    append(bodies(static_cast<int>(outbox_size()), 1));
    run_until([&] { return collector.connections > before; });
  }
  std::uint64_t outbox_size() const { return Outbox::open_to_read(path).value().chain().next_seq - 1; }
};

TEST_F(Way, ARefusedUpgradeIsFollowedByHttpForAnHour) {
  collector.paths = {"/v1/enroll", "/v1/batch"};
  append(bodies(0, 1200));
  start();
  run_until_arrived(1200);
  EXPECT_EQ(arrived(), bodies(0, 1200));
  EXPECT_TRUE(says("over HTTP"));
  EXPECT_EQ(collector.connections, 2);
  EXPECT_EQ(collector.duplicates, 0);

  // The way to WebSockets is open again; that is tried when the hour is over.
  collector.paths = {"/v1/enroll", "/v1/batch", "/v1/stream"};
  break_once();
  run_until_arrived(1201);
  run_until([&] { return says("connected to"); });
  EXPECT_TRUE(says("over HTTP"));
  clock.advance(61min);
  break_once();
  run_until_arrived(1202);
  run_until([&] { return says("connected to") && !says("over HTTP"); });
  EXPECT_EQ(arrived(), bodies(0, 1202));
}

TEST_F(Way, WebSocketsThatDieYoungAreFollowedByHttp) {
  collector.drop_upgraded = true;
  append(bodies(0, 3));
  start();
  run_until_arrived(3);
  EXPECT_EQ(collector.connections, 4) << "three that died, and one over HTTP";
  EXPECT_TRUE(says("over HTTP"));
}

TEST_F(Way, TheConfiguredWayIsKeptTo) {
  collector.paths = {"/v1/enroll", "/v1/batch"};
  options.transport = Transport::websocket;
  append(bodies(0, 3));
  start();
  run_until([&] { return collector.connections == 5; });
  EXPECT_TRUE(says("404 Not Found"));
  stop();
  collector.paths = {"/v1/stream"};
  options.transport = Transport::http;
  start();
  run_until([&] { return says("not connected: receiving: the server answered 4"); });
  stop();
  EXPECT_EQ(collector.batches, 0);
}

TEST_F(Way, OverHttpABreakAtEveryFrameLosesNothing) {
  options.transport = Transport::http;
  append(bodies(0, 1200));
  for (int frame = 0;; ++frame) {
    collector.stored.clear();
    collector.frames = collector.connections = 0;
    collector.drop_at_frame = frame;
    start();
    run_until([&] { return arrived().size() == 1200; });
    stop();
    EXPECT_EQ(arrived(), bodies(0, 1200)) << frame;
    EXPECT_THAT(collector.refusals, IsEmpty()) << frame;
    if (collector.connections == 1) break;
    ASSERT_LT(frame, 30);
  }
}

// Whatever byte the network falls silent at, the agent finds out by itself and goes on on another connection.
TEST_F(Way, SilenceIsFound) {
  for (const auto transport : {Transport::websocket, Transport::http}) {
    for (const int byte_max : {20'000, 3'000}) {
      support::Relay relay{collector.port(), {.half_open_percent = 100, .byte_max = byte_max}, 7};
      dial(relay.port());
      options.transport = transport;
      options.limits = {.handshake = 300ms, .idle = 200ms, .write = 300ms};
      options.pace.connect = 500ms;
      collector.stored.clear();
      start();
      const auto silent = [&] { return relay.counts().half_open > 0; };
      for (int i = 0; i < 200 && !silent(); ++i) {
        append(bodies(static_cast<int>(outbox_size()), 50));
        for (int step = 0; step < 50; ++step) io.run_one_for(5ms);
      }
      relay.set({});
      EXPECT_TRUE(silent());
      append(bodies(static_cast<int>(outbox_size()), 1));
      run_until([&] { return arrived().size() == outbox_size(); });
      EXPECT_EQ(arrived(), bodies(0, static_cast<int>(outbox_size())));
      stop();
    }
  }
}

// Answers every connection with what a captive portal says.
class Portal : public Way {
 protected:
  ~Portal() override {
    stop();
    if (talks.size() > 0) support::run(io, talks.stop());
  }
  net::awaitable<void> accept_all() {
    for (;;) {
      auto socket = co_await acceptor.async_accept(net::use_awaitable);
      ++visits;
      const std::string page = "HTTP/1.1 302 Found\r\nLocation: http://hotel.example/\r\n\r\n";
      co_await net::async_write(socket, net::buffer(page), net::as_tuple(net::use_awaitable));
      std::array<char, 4096> hello{};
      co_await socket.async_read_some(net::buffer(hello), net::as_tuple(net::use_awaitable));
    }
  }

  net::ip::tcp::acceptor acceptor{io, {net::ip::address_v4::loopback(), 0}};
  async::TaskGroup talks{io.get_executor(), [](const std::exception_ptr& e) { std::rethrow_exception(e); }};
  int visits = 0;
};

TEST_F(Portal, IsNamedAndAskedAgainSlowly) {
  dial(acceptor.local_endpoint().port());
  options.pace.longest_wait = 1h;
  append(bodies(0, 3));
  start();
  tasks->spawn(accept_all());
  run_until([&] { return says("portal: "); });
  for (int i = 0; i < 20; ++i) {
    io.restart();
    io.poll();
  }
  EXPECT_EQ(visits, 1) << "no storm";
  stop();
  // Somebody signs in.
  options.pace.longest_wait = 2ms;
  start();
  tasks->spawn(accept_all());
  run_until([&] { return visits == 3; });
  dial(collector.port());
  run_until_arrived(3);
}

TEST_F(Way, AProxyIsToldInTheStatus) {
  options.proxy = [&](const std::string&) -> base::Result<tls::ProxyChoice> {
    return tls::ProxyChoice{
        .proxy =
            tls::Proxy{.secure = false, .host = "127.0.0.1", .port = 1, .user = "u", .password = "secret"},
        .why = "a test"};
  };
  append(bodies(0, 1));
  start();
  run_until([&] { return says("the proxy http://127.0.0.1:1 cannot be reached"); });
  EXPECT_FALSE(says("secret"));
}

}  // namespace
