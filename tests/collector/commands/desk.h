// A collector as `init` made it, in a folder of its own, with or without a story in its database.

#pragma once

#include <filesystem>
#include <functional>
#include <sstream>
#include <string>

#include "collector/commands/workspace.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::commands {

struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

// What a command printed and returned.
Ran ran(const std::function<int(std::ostream&, std::ostream&)>& command);

class DeskTest : public testing::TestWithParam<store::Dialect> {
 protected:
  DeskTest();
  ~DeskTest() override;

  std::filesystem::path config() const { return folder_ / "desk" / "collector.toml"; }
  Workspace workspace() const { return store::must(open_workspace(config())); }
  // Writes a file beside the desk; its path.
  std::string file(const std::string& name, const std::string& text) const;
  // The directory of two customers, an agent, five sessions and their comments, through the pipeline:
  // 1 posted and mailed, 2 posted, 3 without charge, 4 in review, 5 an attempt.
  void tell_story();

  // Has the pipeline do at `now` what there is to do.
  void carry_on(timing::UtcMs now);
  void carry_on() { carry_on(timing::from_rfc3339("2026-11-16T14:00:00Z").value()); }

  std::filesystem::path folder_;  // Removed at the end.
  Ran init_;
};

#define DESK_SUITE(name)                                                                                  \
  class name : public DeskTest {};                                                                        \
  INSTANTIATE_TEST_SUITE_P(On, name, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql), \
                           store::dialect_name)

}  // namespace collector::commands
