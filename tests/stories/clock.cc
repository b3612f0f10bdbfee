// This program defines timing::system_clock itself, so that the linker does not take the machine's.

#include "tests/stories/clock.h"

#include "common/timing/clock.h"

namespace stories {

timing::UtcMs& now() {
  static timing::UtcMs moment{};
  return moment;
}

}  // namespace stories

namespace timing {

namespace {

class StoryClock final : public Clock {
 public:
  UtcMs utc() const override { return stories::now(); }
  std::int64_t boot_ms() const override { return to_ms(stories::now()); }
  std::int32_t utc_offset_min() const override { return 0; }
  std::string boot_id() const override { return "story"; }
};

}  // namespace

const Clock& system_clock() {
  static const StoryClock clock;
  return clock;
}

}  // namespace timing
