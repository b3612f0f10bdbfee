// Closing comments of sessions, as they were imported.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/connection.h"
#include "common/timing/utc.h"

namespace collector::store {

struct CommentRow {
  std::int64_t id = 0;     // Given by the store; grows.
  std::string remote_id;   // The AnyDesk ID or alias that was called.
  std::string anydesk_id;  // The technician's own; empty: unknown.
  timing::UtcMs started;   // Of the session, as the source of the comment says.
  std::string text;
  std::string source;  // Where it was imported from.
  timing::UtcMs imported;
};

// No comment is ever matched to a session that started further away.
inline constexpr std::chrono::hours kCommentToleranceMax{1};

struct AddedComment {
  std::int64_t id = 0;
  bool is_new = false;
};

// Importing the same comment again changes nothing and returns its first id.
[[nodiscard]] base::Result<AddedComment> add_comment(Transaction& transaction, const CommentRow& comment);

// Comments about `remote_id` whose session started in [from, to], by start and id.
[[nodiscard]] base::Result<std::vector<CommentRow>> comments_near(Transaction& transaction,
                                                                  const std::string& remote_id,
                                                                  timing::UtcMs from, timing::UtcMs to);

[[nodiscard]] base::Result<std::optional<CommentRow>> find_comment(Transaction& transaction,
                                                                   std::int64_t comment_id);

}  // namespace collector::store
