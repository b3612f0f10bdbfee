// Killed at any statement and started again, the pipeline leaves the same rows, to the last byte.

#include "tests/collector/pipeline/kill.h"

namespace collector::pipeline {
namespace {

class PipelineKillLongTest : public KillTest {};
INSTANTIATE_TEST_SUITE_P(On, PipelineKillLongTest, testing::Values(store::Dialect::sqlite),
                         store::dialect_name);

TEST_P(PipelineKillLongTest, AtEveryStatement) {
  EXPECT_GT(kill_at_every(1), 1'500);
}

}  // namespace
}  // namespace collector::pipeline
