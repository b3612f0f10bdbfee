// What `status` shows of sessions, and how `status --watch` goes on showing it.

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "agent/commands/status.h"
#include "agent/seal/fact.h"
#include "agent/session/builder.h"
#include "agent/tail/position.h"
#include "agent/trace/parse.h"
#include "tests/support/clock/manual_clock.h"

namespace {

using namespace agent::commands;
using ::testing::HasSubstr;
using ::testing::Not;

const timing::UtcMs kNow = timing::from_rfc3339("2026-11-21T10:00:00Z").value();

agent::session::Snapshot ended_session() {
  agent::session::Snapshot snapshot;
  snapshot.key = "/t/1/2/3";
  snapshot.outcome = agent::session::Outcome::completed;
  snapshot.remote_id = "640693301";
  snapshot.requested = kNow - std::chrono::minutes{62};
  snapshot.started = kNow - std::chrono::minutes{61};
  snapshot.ended = kNow - std::chrono::seconds{58};
  snapshot.end_reason = "Session closed locally: desk_rt_user_close";
  snapshot.source = "/t";
  return snapshot;
}

// A builder that read of a session which is still open.
std::string open_builder() {
  agent::session::Builder builder{"/t"};
  agent::trace::TraceCounters counters;
  std::uint64_t offset = 0;
  for (const char* line : {"   info 2026-11-21 09:30:00.000       gsvc   100    101    7                  "
                           "app.session - Session features: deskrt",
                           "   info 2026-11-21 09:30:00.100       gsvc   100    101    7                  "
                           "app.service - Creating remote control session.",
                           "   info 2026-11-21 09:30:00.200       gsvc   100    101    7                  "
                           "app.session - 1: Connecting to \"123456789\".",
                           "   info 2026-11-21 09:30:10.000       gsvc   100    101    7                  "
                           "app.session - 3: Session granted.",
                           "   info 2026-11-21 09:30:11.000       gsvc   100    101    7                  "
                           "app.session - 5: Entering processing loop."}) {
    if (const auto event = agent::trace::parse(line, offset, counters)) builder.add(*event);
    offset += 100;
  }
  return builder.save();
}

class Watch : public ::testing::Test {
 protected:
  Watch() {
    folder = std::filesystem::path{::testing::TempDir()} /
             ("watch_" + std::string{::testing::UnitTest::GetInstance()->current_test_info()->name()});
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    EXPECT_TRUE(agent::identity::save(folder, {.agent_id = id,
                                               .epoch = 1,
                                               .workstation = "WS-07",
                                               .collector_host = "collector.example.com",
                                               .collector_port = 7443,
                                               .collector_key = {}}));
  }
  ~Watch() override { std::filesystem::remove_all(folder); }

  void store(const std::vector<std::string>& bodies, std::uint64_t read,
             const std::map<std::string, std::int64_t>& counters) const {
    auto outbox = agent::outbox::Outbox::open(folder / "outbox.db", id, 1).value();
    const std::string position = agent::tail::encode({.identity = {}, .offset = read, .anchor = "a"});
    ASSERT_TRUE(
        outbox.append(bodies, {{.name = "/t", .position = position, .builder = open_builder()}}, counters));
    ASSERT_TRUE(outbox.acknowledge(outbox.chain().next_seq - 1));
    ASSERT_TRUE(outbox.set_status("acknowledged", "1", kNow - std::chrono::seconds{12}));
  }
  void store_all() const {
    const agent::seal::Observed observed{.utc = kNow};
    store({agent::seal::fact_of(ended_session(), observed),
           agent::seal::fact_of(agent::seal::Gap{.source = "/t", .cause = "file_replaced"}, observed),
           "no fact"},
          1234567, {{"lines", 20'000}, {"gaps", 1}, {"unknown:6: Frobnicating the #.", 3}, {"brand_new", 5}});
  }
  std::string watch(int rounds, std::function<void(int)> between, agent::platform::Screen screen = {},
                    bool json = false) {
    std::ostringstream out;
    int round = 0;
    EXPECT_EQ(watch_status({.directory = folder,
                            .screen = [screen] { return screen; },
                            .json = json,
                            .wait =
                                [&] {
                                  if (++round == rounds) return false;
                                  clock.advance(std::chrono::seconds{1});
                                  if (between) between(round);
                                  return true;
                                }},
                           clock, out),
              0);
    return out.str();
  }

  record::AgentId id = record::AgentId::from_hex("000102030405060708090a0b0c0d0e0f").value();
  std::filesystem::path folder;
  support::ManualClock clock{kNow};
};

TEST_F(Watch, TheWholePage) {
  store_all();
  const auto view = load_view(folder);
  ASSERT_TRUE(view);
  EXPECT_EQ(status_text(*view, kNow), R"(Agent of 'WS-07'
  id          000102030405060708090a0b0c0d0e0f
  collector   collector.example.com:7443
  records     3 sealed, 0 not acknowledged yet; last acknowledgement 12 s ago

Open sessions
  SINCE (UTC)          REMOTE       KIND         FOR
  2026-11-21 09:30:11  123 456 789  desktop  0:29:49

Last sessions
  REQUESTED (UTC)      REMOTE       OUTCOME    DURATION
  2026-11-21 08:58:00  640 693 301  completed   1:00:02

Traces
      1,234,567 bytes read  /t

AnyDesk's session messages that this version does not know
        3  6: Frobnicating the #.

Counted so far
         20,000  lines read
              1  times lines were lost before they were read; the collector was
                 told
              5  brand_new

Lost before they were read; the collector was told
  lines of /t (file_replaced, 0 s ago)
)");
}

TEST_F(Watch, ForPrograms) {
  store_all();
  const auto json = status_json(load_view(folder).value());
  EXPECT_THAT(json, HasSubstr(R"("unknown_messages":{"6: Frobnicating the #.":3})"));
  EXPECT_THAT(json,
              HasSubstr(R"("open_sessions":[{"remote_id":"123456789","remote_id_withheld":false,)"
                        R"("kind":"desktop","outcome":"active","requested_utc":"2026-11-21T09:30:00.100Z",)"
                        R"("started_utc":"2026-11-21T09:30:11.000Z","ended_utc":null,"duration_ms":null,)"
                        R"("end_reason":null,"source":"/t","witness":"service","session_key":)"));
  EXPECT_THAT(
      json, HasSubstr(R"("duration_ms":3602000,"end_reason":"Session closed locally: desk_rt_user_close")"));
  EXPECT_THAT(json, HasSubstr(R"("last_gaps":[{"observed_utc":"2026-11-21T10:00:00.000Z","source":"/t",)"));
  EXPECT_THAT(json, HasSubstr(R"("nul_bytes":0)"));
}

TEST_F(Watch, WithoutATerminalABlockForEachChange) {
  store_all();
  const auto text = watch(5, [&](int round) {
    if (round == 3) store({}, 1234600, {{"lines", 1}});
  });
  EXPECT_THAT(text, HasSubstr("---- 2026-11-21 10:00:00 UTC ----\nAgent of 'WS-07'\n"));
  EXPECT_THAT(text, HasSubstr("---- 2026-11-21 10:00:03 UTC ----\n"));
  EXPECT_THAT(text, Not(HasSubstr("10:00:01 UTC ----")));
  EXPECT_THAT(text, Not(HasSubstr("10:00:04 UTC ----")));
  EXPECT_THAT(text, HasSubstr("20,001  lines read"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST_F(Watch, ATerminalIsDrawnAnew) {
  store_all();
  const auto text = watch(3, {}, {.can_redraw = true, .rows = 0});
  EXPECT_TRUE(text.starts_with("\x1b[2J\x1b[HAgent of 'WS-07'\x1b[K\n")) << text.substr(0, 40);
  EXPECT_EQ(text.find("\x1b[2J", 1), std::string::npos) << "cleared once";
  EXPECT_THAT(text, HasSubstr("0:29:49"));
  EXPECT_THAT(text, HasSubstr("0:29:51"));
  EXPECT_TRUE(text.ends_with("10:00:02 UTC. Ctrl-C ends.\x1b[K\x1b[J\n"));
}

TEST_F(Watch, ASmallTerminalDoesNotScroll) {
  store_all();
  for (std::size_t rows = 1; rows < 40; ++rows) {
    const auto text = watch(1, {}, {.can_redraw = true, .rows = rows});
    EXPECT_LE(std::ranges::count(text, '\n'), std::max<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(rows), 2))
        << rows;
    EXPECT_THAT(text, HasSubstr("Ctrl-C ends."));
  }
}

TEST_F(Watch, JsonLines) {
  store_all();
  const auto text = watch(3, {}, {}, true);
  EXPECT_TRUE(text.starts_with("{\"agent\""));
  EXPECT_EQ(std::ranges::count(text, '\n'), 1);
}

TEST_F(Watch, AnOutboxThatCannotBeReadForAWhile) {
  const auto text = watch(4, [&](int round) {
    if (round == 1) std::ofstream{folder / "outbox.db"} << std::string(5000, 'x');
    if (round == 2) std::filesystem::remove(folder / "outbox.db");
  });
  EXPECT_THAT(text, HasSubstr("never run"));
  EXPECT_THAT(text, HasSubstr("deskledger-agent: "));
  EXPECT_TRUE(text.find("never run") != text.rfind("never run")) << "it comes back";
}

}  // namespace
