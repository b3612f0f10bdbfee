// Which of the stored comments is a session's.

#pragma once

#include <optional>

#include "collector/attribution/attribute.h"
#include "collector/directory/nouns.h"
#include "collector/pipeline/settings.h"
#include "collector/store/attributions.h"
#include "collector/store/comments.h"
#include "collector/store/connection.h"
#include "collector/store/sessions.h"
#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::pipeline {

// Chosen together with its neighbours, so that a reconnection a minute later does not take the comment of the
// one before. A comment that another session was billed by stays that session's.
[[nodiscard]] base::Result<std::optional<store::CommentRow>> comment_of(store::Transaction& tx,
                                                                        const store::SessionRow& session,
                                                                        const Settings& settings);

// The session's attribution with this comment, as it would be stored, and what attribution found.
struct Attributed {
  store::AttributionRow row;
  attribution::Attribution found;
};
[[nodiscard]] base::Result<Attributed> attribution_of(store::Transaction& tx,
                                                      const store::SessionRow& session,
                                                      const std::optional<store::CommentRow>& comment,
                                                      const directory::Directory& directory,
                                                      const Settings& settings, timing::UtcMs now);

}  // namespace collector::pipeline
