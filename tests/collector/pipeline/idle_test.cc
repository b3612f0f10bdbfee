// With nothing to do, the pipeline reads a little and writes nothing.

#include "collector/pipeline/steps.h"
#include "collector/store/sessions.h"
#include "tests/collector/pipeline/office.h"
#include "tests/collector/store/small_world.h"

namespace collector::pipeline {
namespace {

OFFICE_SUITE(PipelineIdleTest);

TEST_P(PipelineIdleTest, NothingToDoNeedsNoWritersLock) {
  receive({completed("a", kBakery, at_min(0), 5min)});
  comment(kBakery, at_min(0), "Work ~");
  clock_.now = at_min(6);
  run();
  // Another connection holds the writer's lock meanwhile; whoever wanted it would wait 10 s and fail.
  must(connection_.transaction([&](store::Transaction&) -> base::Status {
    Pipeline pipeline{must(store::Connection::open(url_)), settings_, store::utc_start_of_day, clock_};
    EXPECT_EQ(must(pipeline.run()), 0);
    return {};
  }));
}

TEST_P(PipelineIdleTest, WhatIsSettledIsNotWatched) {
  receive({completed("a", kBakery, at_min(0), 5min), completed("b", kBakery, at_min(20), 5min)});
  comment(kBakery, at_min(0), "Work");
  comment(kBakery, at_min(20), "Work");
  clock_.now = at_min(30);
  run();
  receive({completed("c", kBakery, at_min(40), 5min)});
  clock_.now = at_min(46);
  run();
  std::int64_t watched = 0;
  write([&](store::Transaction& t) {
    must(store::settle_sessions(t, 120s));
    const auto due = attribution_due(settings_, at_min(9'999));
    watched = static_cast<std::int64_t>(must(store::sessions_to_attribute(t, due, 100)).size());
  });
  EXPECT_EQ(watched, 1) << "c still waits for its comment";
}

TEST_P(PipelineIdleTest, AStopIsObeyedBetweenSteps) {
  receive({completed("a", kBakery, at_min(0), 5min)});
  std::stop_source stop;
  stop.request_stop();
  Pipeline pipeline{must(store::Connection::open(url_)), settings_, store::utc_start_of_day, clock_};
  EXPECT_EQ(must(pipeline.run(stop.get_token())), 0);
  EXPECT_GT(must(pipeline.run()), 0);
}

}  // namespace
}  // namespace collector::pipeline
