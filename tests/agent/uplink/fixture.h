// An enrolled agent with an outbox, a stand-in collector, and time that tests own.

#pragma once

#include <gmock/gmock.h>

#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "agent/uplink/uplink.h"
#include "common/async/offload.h"
#include "common/crypto/secret_file.h"
#include "tests/agent/outbox/files.h"
#include "tests/support/clock/manual_clock.h"
#include "tests/support/net/co_test.h"
#include "tests/support/net/stand_in_collector.h"

namespace uplink_tests {

using namespace std::chrono_literals;
using agent::outbox::Outbox;
using agent::uplink::Uplink;
using base::ErrorCode;
using testing::HasSubstr;
using testing::IsEmpty;
namespace net = boost::asio;
namespace wire = deskledger::v1;

class UplinkTest : public outbox_tests::Files {
 protected:
  UplinkTest() {
    collector.agent = outbox_tests::kAgent;
    collector.record_key = record_key.public_key();
    identity = {.agent_id = outbox_tests::kAgent,
                .epoch = 1,
                .workstation = "WS-07",
                .collector_host = "127.0.0.1",
                .collector_port = collector.port(),
                .collector_key = collector.key().public_key()};
    const auto files = agent::identity::files_in(folder);
    EXPECT_TRUE(agent::identity::save(folder, identity));
    EXPECT_TRUE(record_key.save(files.record_key));
    EXPECT_TRUE(own.key.save(files.tls_key));
    EXPECT_TRUE(crypto::write_secret_file(files.ca_certificate, collector.authority().certificate().pem()));
    EXPECT_TRUE(crypto::write_secret_file(files.tls_certificate, own.certificate.pem()));
    // The certificate's first day.
    clock.set_utc(own.certificate.not_before() + 24h);
    options = {.directory = folder,
               .agent_version = "1.0",
               .os = "Debian",
               .hostname = "desk",
               .pace = {.first_wait = 1ms,
                        .longest_wait = 2ms,
                        .shortest_rest = 1ms,
                        .healthy = 60s,
                        .answer = 60s,
                        .look = 60s,
                        .renewal_pause = 1h,
                        .new_issuer = 1ms}};
  }
  // Not the destructor: by then what a derived fixture lent to `collector` and `options` would be gone.
  void TearDown() override {
    collector.forget_wishes();
    stop();
  }

  void start() {
    worker = std::make_unique<net::thread_pool>(1);
    uplink = std::make_unique<Uplink>(io.get_executor(), worker->get_executor(), outbox, options, clock);
    tasks = std::make_unique<async::TaskGroup>(io.get_executor(), [](const std::exception_ptr& e) {
      try {
        std::rethrow_exception(e);
      } catch (const std::exception& crash) {
        ADD_FAILURE() << "a task crashed: " << crash.what();
      }
    });
    tasks->spawn(collector.run());
    tasks->spawn(uplink->run());
  }
  void stop() {
    if (!tasks) return;
    support::run(io, tasks->stop());
    tasks.reset();
    uplink.reset();
    worker->join();
    worker.reset();
  }
  // Lets things happen until `done`. What never comes ends in a failure, not in a hanging test.
  template <class Done>
  void run_until(Done done) {
    io.restart();
    // An agent that tries again for ever never lets the queue run dry.
    for (int steps = 0; !done(); ++steps) {
      if (steps < 200'000 && io.run_one_for(20s) > 0) continue;
      FAIL() << "it never came to that; connection: " << connection() << ", batches " << collector.batches;
    }
  }
  // The outbox belongs to the worker while the uplink runs: everything here reads it through another
  // connection.
  std::string connection() const {
    const auto all = Outbox::open_to_read(path).value().status().value();
    const auto found = all.find("connection");
    return found == all.end() ? "" : found->second.value;
  }
  std::uint64_t acknowledged() const { return Outbox::open_to_read(path).value().chain().acked_seq; }
  // On the worker, as capture does it.
  void append(const std::vector<std::string>& bodies) {
    if (!worker) {
      ASSERT_TRUE(outbox.append(bodies, {}, {}));
      return;
    }
    support::run(io,
                 async::offload(worker->get_executor(), [&] { ASSERT_TRUE(outbox.append(bodies, {}, {})); }));
    uplink->wake();
  }
  const std::vector<std::string>& arrived() { return collector.stored[1].bodies; }
  void run_until_arrived(std::size_t count) {
    run_until([&] { return arrived().size() >= count && acknowledged() >= count; });
  }

  net::io_context io;
  support::StandInCollector collector{io};
  crypto::SigningKey record_key = crypto::SigningKey::generate().value();
  support::Identity own = collector.authority().client(outbox_tests::kAgent.hex());
  agent::identity::Identity identity;
  Outbox outbox = open();
  support::ManualClock clock;
  agent::uplink::Options options;
  std::unique_ptr<net::thread_pool> worker;
  std::unique_ptr<Uplink> uplink;
  std::unique_ptr<async::TaskGroup> tasks;
};

}  // namespace uplink_tests
