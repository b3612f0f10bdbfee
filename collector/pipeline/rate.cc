#include "collector/rating/rate.h"

#include <algorithm>

#include "collector/pipeline/explanation.h"
#include "collector/pipeline/session_view.h"
#include "collector/pipeline/steps.h"
#include "collector/store/attributions.h"
#include "collector/store/charges.h"
#include "collector/store/sessions.h"

namespace collector::pipeline {

using base::ErrorCode;
using base::fail;

namespace {

base::Status rate_one(store::Transaction& tx, const store::AttributionRow& attribution,
                      const directory::Directory& directory, timing::UtcMs now) {
  const auto what = "session " + std::to_string(attribution.session_id);
  const auto session = store::find_session(tx, attribution.session_id);
  if (!session) return std::unexpected{session.error()};
  const auto contract = std::ranges::find_if(directory.contracts, [&](const directory::Contract& one) {
    return attribution.contract_id && one.id == *attribution.contract_id;
  });
  if (!*session || contract == directory.contracts.end()) {
    return fail(ErrorCode::internal, what + " is ready without a session or a contract");
  }
  const auto view = view_of(**session, attribution);
  if (!view) return std::unexpected{view.error()};
  const auto seconds = attribution::duration_s(*view);
  if (!seconds) return fail(ErrorCode::internal, what + " is ready without a duration");
  const rating::Stretch stretch{.begin = *view->started, .seconds = *seconds};
  const rating::Input input{
      .stretches = {&stretch, 1},
      .adjustments = {.no_charge = attribution.no_charge, .override_min = attribution.override_min},
      .work_type = attribution.work_type};
  const auto rated = rating::rate(contract->rule, input);
  if (!rated) return fail("rating " + what, rated.error());
  const store::ChargeRow row{.id = 0,
                             .attribution_id = attribution.id,
                             .session_id = attribution.session_id,
                             .contract_id = contract->id,
                             .template_id = contract->template_id,
                             .rating_version = rating::kRatingVersion,
                             .seconds = *seconds,
                             .minutes = rated->minutes,
                             .steps = steps_to_json(rating::explain(contract->rule, input, *rated)),
                             .created = now};
  if (auto id = store::add_charge(tx, row); !id) return std::unexpected{id.error()};
  return {};
}

}  // namespace

base::Result<std::int64_t> rate(store::Transaction& tx, const directory::Directory& directory,
                                timing::UtcMs now) {
  const auto ready = store::attributions_to_charge(tx, kStepRowsMax);
  if (!ready) return std::unexpected{ready.error()};
  for (const auto& attribution : *ready) {
    if (auto done = rate_one(tx, attribution, directory, now); !done) return std::unexpected{done.error()};
  }
  return static_cast<std::int64_t>(ready->size());
}

}  // namespace collector::pipeline
