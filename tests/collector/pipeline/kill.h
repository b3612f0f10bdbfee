// Kills the pipeline at a statement and starts it again: the rows must be the same.

#pragma once

#include <cstdint>

#include "tests/collector/pipeline/week.h"

namespace collector::pipeline {

class KillTest : public WeekTest {
 protected:
  // Through the week, stage by stage, at every `stride`-th statement of each; how often. Stops at the first
  // difference.
  int kill_at_every(std::int64_t stride);

 private:
  // The rows once the pipeline has run on the database at `url`.
  store::Tables finished(const std::string& url);
  // A pipeline in a process of its own, which ends at that statement. False if it came to its end before.
  bool killed_at(std::int64_t statement, const std::string& url);
  // Nobody is connected to what is copied, and no connection goes along into a child.
  std::string copied(const std::string& url);
  void disconnect() { const auto closed = std::move(connection_); }
};

}  // namespace collector::pipeline
