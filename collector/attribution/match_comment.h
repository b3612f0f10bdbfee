// Which comment belongs to which session. Comments come from another system
// than sessions, with that system's idea of when the session started.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "collector/attribution/views.h"

namespace collector::attribution {

inline constexpr std::int64_t kCommentTolerance_s = 120;

// The index of the comment of `session` among `comments`: it has the same
// remote address, the same own AnyDesk ID (or one of the two is empty), and
// starts within the tolerance of the session's own moment. The nearest start
// wins, then the newest comment. Nothing if none fits.
std::optional<std::size_t> match_comment(const SessionView& session, std::span<const CommentView> comments,
                                         std::int64_t tolerance_s = kCommentTolerance_s);

// The same for several sessions at once, one answer for each. A comment is
// only offered to the session that is nearest to it (of two equally near, the
// earlier in the list), so that a short reconnection does not take the comment
// of the session before it. Give all sessions within the tolerance of one
// another together.
std::vector<std::optional<std::size_t>> match_comments(std::span<const SessionView> sessions,
                                                       std::span<const CommentView> comments,
                                                       std::int64_t tolerance_s = kCommentTolerance_s);

}  // namespace collector::attribution
