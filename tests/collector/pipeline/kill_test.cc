// Killed at a statement and started again, the pipeline leaves the same rows: tried in every step, somewhere.

#include "tests/collector/pipeline/kill.h"

namespace collector::pipeline {
namespace {

class PipelineKillTest : public KillTest {};
INSTANTIATE_TEST_SUITE_P(On, PipelineKillTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(PipelineKillTest, AtSomeStatements) {
  const bool file = GetParam() == store::Dialect::sqlite;
  EXPECT_GE(kill_at_every(file ? 31 : 251), file ? 50 : 6);
}

}  // namespace
}  // namespace collector::pipeline
