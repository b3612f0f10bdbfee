#include "collector/pipeline/comment_of.h"
#include "collector/pipeline/steps.h"
#include "collector/store/attributions.h"
#include "collector/store/comments.h"
#include "collector/store/sessions.h"

namespace collector::pipeline {

namespace {

using std::chrono::seconds;

base::Result<store::SessionRow> found_session(store::Transaction& tx, std::int64_t session_id) {
  auto session = store::find_session(tx, session_id);
  if (!session) return std::unexpected{session.error()};
  if (*session) return std::move(**session);
  return base::fail(base::ErrorCode::internal, "session " + std::to_string(session_id) + " vanished");
}

base::Status attribute_one(store::Transaction& tx, std::int64_t session_id,
                           const directory::Directory& directory, const Settings& settings,
                           timing::UtcMs now) {
  const auto session = found_session(tx, session_id);
  if (!session) return std::unexpected{session.error()};
  const auto comment = comment_of(tx, *session, settings);
  if (!comment) return std::unexpected{comment.error()};
  const auto made = attribution_of(tx, *session, *comment, directory, settings, now);
  if (!made) return std::unexpected{made.error()};
  if (auto id = store::add_attribution(tx, made->row); !id) return std::unexpected{id.error()};
  return {};
}

// Whether the session's comment is the one that it was attributed with.
base::Result<bool> has_its_comment(store::Transaction& tx, std::int64_t session_id,
                                   const Settings& settings) {
  const auto session = found_session(tx, session_id);
  if (!session) return std::unexpected{session.error()};
  const auto comment = comment_of(tx, *session, settings);
  if (!comment) return std::unexpected{comment.error()};
  const auto attribution = store::latest_attribution(tx, session_id);
  if (!attribution) return std::unexpected{attribution.error()};
  const auto now_id = *comment ? std::optional{(*comment)->id} : std::nullopt;
  return *attribution && (*attribution)->comment_id == now_id;
}

}  // namespace

store::AttributionDue attribution_due(const Settings& settings, timing::UtcMs now) {
  return {.now = now,
          .comment_wait = seconds{settings.attribution.comment_wait_s},
          .comment_tolerance = seconds{settings.comment_tolerance_s}};
}

base::Result<std::int64_t> attribute(store::Transaction& tx, const directory::Directory& directory,
                                     const Settings& settings, timing::UtcMs now) {
  const auto beside = store::neighbours_to_match(tx, kAttributeRowsMax);
  if (!beside) return std::unexpected{beside.error()};
  for (const auto id : *beside) {
    const auto same = has_its_comment(tx, id, settings);
    if (!same) return std::unexpected{same.error()};
    auto done = *same ? store::keep_matched(tx, id) : attribute_one(tx, id, directory, settings, now);
    if (!done) return std::unexpected{done.error()};
  }
  const auto due = attribution_due(settings, now);
  const auto ids = store::sessions_to_attribute(tx, due, kAttributeRowsMax);
  if (!ids) return std::unexpected{ids.error()};
  // Those that need no look any more are few where all that changed was just looked through; with a backlog,
  // to look for them each time would cost its square.
  if (std::ssize(*ids) < kAttributeRowsMax) {
    if (auto done = store::settle_sessions(tx, due.comment_tolerance); !done)
      return std::unexpected{done.error()};
  }
  for (const auto id : *ids) {
    if (auto done = attribute_one(tx, id, directory, settings, now); !done)
      return std::unexpected{done.error()};
  }
  return static_cast<std::int64_t>(beside->size() + ids->size());
}

}  // namespace collector::pipeline
