// The list of registered terminals: asked for by those who need it, and believed only if it is what its
// version says.

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "common/record/signed_text.h"
#include "common/record/terminal_digest.h"
#include "tests/agent/uplink/fixture.h"

namespace {

using namespace uplink_tests;
using outbox_tests::bodies;

class Terminals : public UplinkTest {
 protected:
  using Digests = std::vector<std::uint64_t>;
  struct Taken {
    std::uint64_t version = 0;
    Digests digests;
  };

  Terminals() {
    collector.terminals = [this](const wire::TerminalsRequest& request) {
      asked.push_back(request.known_version());
      wire::Terminals told;
      told.set_version(record::terminals_version(registered));
      told.set_unchanged(request.known_version() == told.version());
      if (!told.unchanged()) told.mutable_id_digests()->Assign(registered.begin(), registered.end());
      if (change) change(told);
      return told;
    };
  }
  void ask(std::uint64_t known_version = 0) {
    options.terminals = agent::uplink::TerminalReader{
        .take = [this](std::uint64_t version, Digests digests) -> net::awaitable<void> {
          taken.push_back({.version = version, .digests = std::move(digests)});
          co_return;
        },
        .known_version = known_version};
  }

  Digests registered{3, 5, 8};
  std::vector<std::uint64_t> asked;
  std::vector<Taken> taken;
  std::function<void(wire::Terminals&)> change;
};

TEST_F(Terminals, AreNotAskedForByOthers) {
  append(bodies(0, 1));
  start();
  run_until_arrived(1);
  EXPECT_THAT(asked, IsEmpty());
}

TEST_F(Terminals, AreTakenOnceAndAgainWhenTheyChange) {
  ask();
  options.pace.terminals = 1ms;
  start();
  run_until([&] { return asked.size() >= 3; });
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken[0].digests, (Digests{3, 5, 8}));
  EXPECT_EQ(asked[0], 0u);
  EXPECT_EQ(asked[2], taken[0].version);
  registered = {3, 9};
  run_until([&] { return taken.size() == 2; });
  EXPECT_EQ(taken[1].digests, (Digests{3, 9}));
}

// A slow collector is not asked again and again meanwhile.
TEST_F(Terminals, AreAskedForOnceUntilTheyAreTold) {
  ask();
  options.pace.terminals = 1ms;
  collector.terminals_wait = true;
  start();
  for (std::size_t answered = 0; answered < 3; ++answered) {
    run_until([&] { return asked.size() > answered; });
    // The agent's own timer rings as often.
    for (int i = 0; i < 20; ++i) {
      net::steady_timer timer{io, options.pace.terminals};
      support::run(io, timer.async_wait(net::use_awaitable));
    }
    EXPECT_EQ(asked.size(), answered + 1);
    append(bodies(static_cast<int>(answered), 1));
    run_until_arrived(answered + 1);
  }
  EXPECT_EQ(collector.connections, 1);
}

TEST_F(Terminals, AreNotTakenAgainByAnAgentThatKnowsThem) {
  ask(record::terminals_version(registered));
  append(bodies(0, 1));
  start();
  run_until([&] { return !asked.empty() && acknowledged() == 1; });
  EXPECT_THAT(taken, IsEmpty());
}

TEST_F(Terminals, ThatAreTooManyChangeNothing) {
  ask();
  change = [](wire::Terminals& told) {
    told.Clear();
    told.set_too_many(true);
  };
  append(bodies(0, 1));
  start();
  run_until([&] { return !asked.empty() && acknowledged() == 1; });
  EXPECT_THAT(taken, IsEmpty());
}

// Whoever has the server's TLS key and not the key that signs.
TEST_F(Terminals, ThatTheCollectorDidNotSignAreNotTaken) {
  const auto stranger = crypto::SigningKey::generate().value();
  const auto sign = [&](const crypto::SigningKey& key, const record::AgentId& agent,
                        const wire::Terminals& told) {
    return key.sign(record::terminals_text({.agent = agent,
                                            .version = told.version(),
                                            .unchanged = told.unchanged(),
                                            .too_many = told.too_many(),
                                            .digests = registered}));
  };
  const std::function<void(wire::Terminals&)> rows[] = {
      [](wire::Terminals& told) { told.set_sig(std::string(64, 'x')); },
      [&](wire::Terminals& told) { told.set_sig(sign(stranger, outbox_tests::kAgent, told)); },
      [&](wire::Terminals& told) { told.set_sig(sign(collector.key(), {}, told)); },
      [](wire::Terminals& told) {
        const Digests others{3, 5};
        told.mutable_id_digests()->Assign(others.begin(), others.end());
        told.set_version(record::terminals_version(others));
      },
      [](wire::Terminals& told) { told.set_unchanged(true); },
      [](wire::Terminals& told) { told.set_too_many(true); },
  };
  ask();
  options.pace.first_wait = options.pace.longest_wait = 1h;
  for (const auto& row : rows) {
    collector.change_signed_terminals = row;
    start();
    run_until([&] {
      return connection().find("terminals with a signature that is not the collector's") != std::string::npos;
    });
    stop();
    EXPECT_THAT(taken, IsEmpty());
    ASSERT_TRUE(outbox.set_status("connection", "", {}));
  }
}

TEST_F(Terminals, WithoutASignatureAreNotTakenAndTheRecordsGoOn) {
  ask();
  options.pace.terminals = 1ms;
  collector.change_signed_terminals = [](wire::Terminals& told) { told.clear_sig(); };
  append(bodies(0, 1));
  start();
  run_until([&] { return asked.size() > 2 && acknowledged() == 1; });
  EXPECT_THAT(taken, IsEmpty());
  EXPECT_EQ(collector.connections, 1);
}

TEST_F(Terminals, ThatAreNotWhatTheirVersionSaysEndTheConnection) {
  ask();
  change = [&](wire::Terminals& told) {
    if (asked.size() == 1) told.set_version(told.version() + 1);
    if (asked.size() == 2) {
      // Not ascending.
      told.set_id_digests(0, 9);
      told.set_version(record::terminals_version(Digests{9, 5, 8}));
    }
  };
  start();
  run_until([&] { return taken.size() == 1; });
  EXPECT_EQ(asked.size(), 3u);
  EXPECT_EQ(collector.connections, 3);
}

}  // namespace
