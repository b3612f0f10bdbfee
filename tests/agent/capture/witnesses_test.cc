// One session, two writers: told once, and by the better one.

#include "agent/capture/witnesses.h"

#include <gmock/gmock.h>

namespace {

using namespace agent::capture;
using agent::session::Snapshot;
using agent::session::Witness;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t kLong = Witnesses::kPatienceMs;

timing::UtcMs utc(std::int64_t ms) {
  return timing::from_ms(1'790'000'000'000 + ms);
}

// Times in milliseconds; -1: not known.
Snapshot seen(const std::string& key, std::int64_t requested, std::int64_t started = -1,
              std::int64_t ended = -1) {
  Snapshot snapshot;
  snapshot.key = key;
  if (requested >= 0) snapshot.requested = utc(requested);
  if (started >= 0) snapshot.started = utc(started);
  if (ended >= 0) snapshot.ended = utc(ended);
  return snapshot;
}

class WitnessesTest : public testing::Test {
 protected:
  void window(const Snapshot& snapshot, const std::string& body = "fact") {
    witnesses.window(snapshot, {.key = snapshot.key, .remote_id = "1", .body = body}, now);
  }
  std::vector<std::string> decide() {
    std::vector<std::string> keys;
    for (const Telling& telling : witnesses.decide(now)) keys.push_back(telling.key);
    return keys;
  }

  Witnesses witnesses;
  std::int64_t now = 1'000;
};

TEST_F(WitnessesTest, AServicesSessionKeepsItsKey) {
  EXPECT_EQ(witnesses.told_as(seen("s", 0, 8'000)), "s");
  EXPECT_EQ(witnesses.told_as(seen("s", 0, 8'000, 60'000)), "s");
  EXPECT_THAT(decide(), IsEmpty());
}

TEST_F(WitnessesTest, AWindowIsNotToldWhereAServiceTells) {
  for (const bool window_first : {false, true}) {
    witnesses = {};
    now = 1'000;
    if (window_first) window(seen("w", 100, 8'003));
    EXPECT_EQ(witnesses.told_as(seen("s", 0, 8'000)), "s");
    if (!window_first) window(seen("w", 100, 8'003));
    now += kLong;
    EXPECT_THAT(decide(), IsEmpty()) << window_first;
    window(seen("w", 100, 8'003, 60'010));
    now += kLong;
    EXPECT_THAT(decide(), IsEmpty()) << window_first;
    EXPECT_EQ(witnesses.told_by_windows(), 0u);
  }
}

TEST_F(WitnessesTest, AWindowIsToldWhereNoServiceDoes) {
  witnesses.told_as(seen("other", 0, 500'000, 600'000));
  window(seen("w", 100, 8'000));
  EXPECT_THAT(decide(), IsEmpty()) << "the service's line may be read in the next step";
  now += kLong;
  EXPECT_THAT(decide(), ElementsAre("w"));
  EXPECT_THAT(decide(), IsEmpty());
  window(seen("w", 100, 8'000, 60'000));
  now += kLong;
  EXPECT_THAT(decide(), ElementsAre("w"));
  EXPECT_EQ(witnesses.told_by_windows(), 1u) << "sessions, not facts";
}

// The service's trace became readable: what the window told is told again by the service, under the same key.
TEST_F(WitnessesTest, AServiceTakesOverWhatAWindowTold) {
  window(seen("w", 100, 8'000));
  now += kLong;
  EXPECT_THAT(decide(), ElementsAre("w"));
  EXPECT_EQ(witnesses.told_as(seen("s", 0)), "w");
  EXPECT_EQ(witnesses.told_as(seen("s", 0, 8'001)), "w");
  EXPECT_EQ(witnesses.told_as(seen("s", 0, 8'001, 60'000)), "w");
  window(seen("w", 100, 8'000, 60'008));
  now += kLong;
  EXPECT_THAT(decide(), IsEmpty());
  EXPECT_EQ(witnesses.told_as(seen("next", 70'000, 71'000)), "next");
}

TEST_F(WitnessesTest, AttemptsAreMatchedByTheirRequest) {
  witnesses.told_as(seen("s", 1'000, -1, 30'000));
  window(seen("w", 900, -1, 30'010));
  now += kLong;
  EXPECT_THAT(decide(), IsEmpty());
  window(seen("later", 200'000, -1, 210'000));
  now += kLong;
  EXPECT_THAT(decide(), ElementsAre("later"));
}

TEST_F(WitnessesTest, SurviveARestart) {
  window(seen("told", 100, 8'000, 9'000));
  now += kLong;
  EXPECT_THAT(decide(), ElementsAre("told"));
  window(seen("waits", 20'000, 28'000), "the fact");
  EXPECT_EQ(witnesses.told_as(seen("s", 0, 8'001, 9'000)), "told");
  witnesses = Witnesses::load(witnesses.save()).value();
  EXPECT_EQ(witnesses.told_as(seen("s", 0, 8'001, 9'000)), "told");
  now = 5;  // The boot-time clock began anew.
  EXPECT_THAT(decide(), IsEmpty());
  now += kLong;
  const auto tellings = witnesses.decide(now);
  ASSERT_EQ(tellings.size(), 1u);
  EXPECT_EQ(tellings[0].body, "the fact");
  EXPECT_EQ(tellings[0].remote_id, "1");
}

TEST_F(WitnessesTest, ForgetTheOldestButNoneThatWaits) {
  for (int i = 0; i < 1'000; ++i) {
    const std::int64_t at = i * 100'000;
    witnesses.told_as(seen("s" + std::to_string(i), at, at + 1, at + 2));
    window(seen("w" + std::to_string(i), at + 50'000, at + 50'001, at + 50'002));
  }
  EXPECT_THAT(decide(), IsEmpty());
  now += kLong;
  EXPECT_EQ(decide().size(), 1'000u);
  EXPECT_THAT(decide(), IsEmpty());
  EXPECT_LT(witnesses.save().size(), 100'000u);
}

TEST(Witnesses, RefuseDamagedMemories) {
  EXPECT_EQ(Witnesses::load("\xff").error().code, base::ErrorCode::corrupt);
}

}  // namespace
