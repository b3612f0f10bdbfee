// The time in a story: what the collector's programs take for the machine's clock.

#pragma once

#include "common/timing/utc.h"

namespace stories {

// The moment at which the story stands; assign to it to move on. One thread.
timing::UtcMs& now();

}  // namespace stories
