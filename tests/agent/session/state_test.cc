#include <gtest/gtest.h>

#include "agent/session/builder.h"
#include "tests/agent/session/lines.h"
#include "tests/support/trace/scripts.h"

namespace {

using agent::session::Builder;
using session_tests::Lines;

TEST(BuilderState, ARestartAfterAnyLineChangesNothing) {
  for (const auto& script : support::trace::scripts()) {
    Builder steady{"s"}, restarted{"s"};
    agent::trace::TraceCounters counters;
    for (const Lines::Line& line : Lines{support::trace::make(script.name).trace}.all) {
      const auto event = agent::trace::parse(line.text, line.offset, counters);
      if (!event) continue;
      ASSERT_EQ(restarted.add(*event), steady.add(*event));
      auto loaded = Builder::load(restarted.save());
      ASSERT_TRUE(loaded);
      ASSERT_EQ(*loaded, restarted);
      restarted = std::move(*loaded);
    }
    EXPECT_EQ(restarted, steady);
    EXPECT_EQ(restarted.open_sessions(), steady.open_sessions());
  }
}

TEST(BuilderState, KeepsBytesThatAreNoUtf8) {
  agent::trace::TraceCounters counters;
  Builder builder{"\xFF.trace"};
  const std::string line =
      "   info 2026-11-16 08:00:00.000 lsvc main 1 1 7 app.session - 1: Connecting to \"a\xE0\x82\"";
  const auto changes = builder.add(agent::trace::parse(line, 0, counters).value());
  ASSERT_EQ(changes.size(), 1u);
  const auto loaded = Builder::load(builder.save());
  ASSERT_TRUE(loaded);
  EXPECT_EQ(*loaded, builder);
}

// What the first version stored, before it knew of windows and of processes that are gone: a service with an
// abandoned session, and one with a file transfer that runs, a loose ID and a fiber of unknown side.
constexpr std::string_view kStoredByTheFirstVersion =
    "0a0f6167656e742f6f6c642e747261636512093431303930303030311a05372e312e30225e0a046c7376631064200130"
    "0138f0aefb9a9e344249080718012001280138014801520a313030373331303139326a05372e312e307088a7fb9a9e34"
    "78f0aefb9a9e3480018d02880188a7fb9a9e349001f0aefb9a9e34a001f202a801b40422a3010a046c73766310c80118"
    "01300138b0edfb9a9e344253080710082001280138014001480152076e616d654061645a093431303130303230316a05"
    "372e312e307090cefb9a9e3478e0ddfb9a9e348001be06880190cefb9a9e349001e0ddfb9a9e34a001a307a801a00a42"
    "29081128016a05372e312e3070b0edfb9a9e3478b0edfb9a9e348001b30c9001b0edfb9a9e34a801b30c4a0d08091209"
    "3431303130303230322a02c901";

TEST(BuilderState, ReadsWhatTheFirstVersionStored) {
  std::string bytes;
  for (std::size_t i = 0; i < kStoredByTheFirstVersion.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string{kStoredByTheFirstVersion.substr(i, 2)}, nullptr, 16));
  }
  auto builder = Builder::load(bytes);
  ASSERT_TRUE(builder);
  EXPECT_EQ(*Builder::load(builder->save()), *builder);
  const auto open = builder->open_sessions();
  ASSERT_EQ(open.size(), 2u);
  EXPECT_EQ(open[0].outcome, agent::session::Outcome::abandoned);
  EXPECT_EQ(open[0].last_seen, session_tests::at_second(6));
  EXPECT_EQ(open[0].abandon_cause, agent::session::AbandonCause::unknown);
  EXPECT_EQ(open[1].outcome, agent::session::Outcome::active);
  EXPECT_EQ(open[1].remote_id, "410100201");
  EXPECT_EQ(open[1].window_pid, 0u);
  EXPECT_EQ(open[1].anydesk_id, "410900001");
  agent::trace::TraceCounters counters;
  const std::string end = session_tests::trace_of("@200:lsvc 30 7 app.session: 5: Processing done.");
  const auto changes = builder->add(*agent::trace::parse(Lines{end}.all[0].text, 9000, counters));
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].outcome, agent::session::Outcome::completed);
  EXPECT_EQ(changes[0].key, open[1].key);
}

TEST(BuilderState, RefusesOtherBytes) {
  Builder builder{"s"};
  EXPECT_TRUE(Builder::load(builder.save()));
  for (const std::string_view bytes : {"\xFF\xFF\xFF", "\x0A\x7F", "plain text"}) {
    const auto loaded = Builder::load(bytes);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, base::ErrorCode::corrupt);
  }
}

}  // namespace
