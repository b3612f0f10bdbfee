// What attribution sees of rows of the store.

#pragma once

#include "collector/attribution/decision.h"
#include "collector/attribution/views.h"
#include "collector/store/attributions.h"
#include "collector/store/comments.h"
#include "collector/store/decisions.h"
#include "collector/store/sessions.h"
#include "common/base/result.h"

namespace collector::pipeline {

// invalid_argument if the row holds an outcome this program does not know.
[[nodiscard]] base::Result<attribution::SessionView> view_of(const store::SessionRow& session);

// The same with the times that `attribution` took from a person: what is to be rated.
[[nodiscard]] base::Result<attribution::SessionView> view_of(const store::SessionRow& session,
                                                             const store::AttributionRow& attribution);

attribution::CommentView view_of(const store::CommentRow& comment);

// A reason that this version does not know is left out: it accepts nothing then.
attribution::Decision view_of(const store::DecisionRow& decision);

// All that people decided about a session so far.
[[nodiscard]] base::Result<attribution::Decisions> decisions_about(store::Transaction& tx,
                                                                   std::int64_t session_id);

}  // namespace collector::pipeline
