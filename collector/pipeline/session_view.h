// A stored session as attribution sees it.

#pragma once

#include "collector/attribution/views.h"
#include "collector/store/comments.h"
#include "collector/store/sessions.h"
#include "common/base/result.h"

namespace collector::pipeline {

[[nodiscard]] base::Result<attribution::SessionView> view_of(const store::SessionRow& session);
attribution::CommentView view_of(const store::CommentRow& comment);

}  // namespace collector::pipeline
