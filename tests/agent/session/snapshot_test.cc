#include "agent/session/snapshot.h"

#include <gtest/gtest.h>

namespace {

using agent::session::Outcome;
using agent::session::Snapshot;

TEST(Duration, NeedsACompletedSessionAndATrueClock) {
  Snapshot snapshot;
  snapshot.outcome = Outcome::completed;
  snapshot.started = timing::from_ms(1000);
  snapshot.ended = timing::from_ms(3500);
  EXPECT_EQ(duration_ms(snapshot), 2500);
  snapshot.clock_went_backwards = true;
  EXPECT_EQ(duration_ms(snapshot), std::nullopt);
  snapshot.clock_went_backwards = false;
  snapshot.ended = timing::from_ms(999);
  EXPECT_EQ(duration_ms(snapshot), std::nullopt);
  snapshot.ended = timing::from_ms(1000);
  EXPECT_EQ(duration_ms(snapshot), 0);
  for (const Outcome outcome : {Outcome::active, Outcome::failed, Outcome::abandoned, Outcome::partial}) {
    snapshot.outcome = outcome;
    EXPECT_EQ(duration_ms(snapshot), std::nullopt);
  }
}

}  // namespace
