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
