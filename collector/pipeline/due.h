// What the pipeline has to do next, found without the writer's lock.

#pragma once

#include "collector/pipeline/settings.h"
#include "collector/store/connection.h"
#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::pipeline {

// In the order in which they are done: mails are composed only when everything
// before is up to date, so that they tell the newest.
enum class Step { none, assemble, attribute, rate, adjust, post, compose_mails };

// The first step behind `after` that has something to do at `now`; none if there
// is none. Only reads. What it costs grows with what is open, not with what is stored; without `all`
// (store::AttributionDue) only with what has changed since.
[[nodiscard]] base::Result<Step> next_step(store::Transaction& tx, const Settings& settings,
                                           timing::UtcMs now, Step after = Step::none, bool all = true);

}  // namespace collector::pipeline
