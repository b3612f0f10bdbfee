#include "collector/attribution/match_comment.h"
#include "collector/pipeline/explanation.h"
#include "collector/pipeline/session_view.h"
#include "collector/pipeline/steps.h"
#include "collector/store/attributions.h"
#include "collector/store/comments.h"
#include "collector/store/sessions.h"

namespace collector::pipeline {

namespace {

using std::chrono::seconds;

// The comment of `session`, chosen together with its neighbours, so that a
// reconnection a minute later does not take the comment of the one before.
base::Result<std::optional<store::CommentRow>> find_comment_of(store::Transaction& tx,
                                                               const store::SessionRow& session,
                                                               const Settings& settings) {
  const auto view = view_of(session);
  if (!view) return std::unexpected{view.error()};
  const auto moment = attribution::own_moment(*view);
  if (!moment || session.remote_id.empty()) return std::nullopt;
  const seconds tolerance{settings.comment_tolerance_s};
  const auto comments = store::comments_near(tx, session.remote_id, *moment - tolerance, *moment + tolerance);
  if (!comments) return std::unexpected{comments.error()};
  if (comments->empty()) return std::nullopt;
  const auto neighbours =
      store::sessions_near(tx, session.remote_id, *moment - 2 * tolerance, *moment + 2 * tolerance);
  if (!neighbours) return std::unexpected{neighbours.error()};

  std::vector<attribution::SessionView> sessions{*view};
  for (const auto& other : *neighbours) {
    // An attempt has no comment of its own, and the session itself stands first.
    if (other.id == session.id || other.outcome == "failed") continue;
    auto other_view = view_of(other);
    if (!other_view) return std::unexpected{other_view.error()};
    sessions.push_back(std::move(*other_view));
  }
  std::vector<attribution::CommentView> offered;
  for (const auto& comment : *comments) offered.push_back(view_of(comment));
  const auto chosen = attribution::match_comments(sessions, offered, settings.comment_tolerance_s).front();
  if (!chosen) return std::nullopt;
  return (*comments)[*chosen];
}

base::Status attribute_one(store::Transaction& tx, std::int64_t session_id,
                           const directory::Directory& directory, const Settings& settings,
                           timing::UtcMs now) {
  const auto session = store::find_session(tx, session_id);
  if (!session) return std::unexpected{session.error()};
  if (!*session)
    return base::fail(base::ErrorCode::internal, "session " + std::to_string(session_id) + " vanished");
  const auto comment = find_comment_of(tx, **session, settings);
  if (!comment) return std::unexpected{comment.error()};
  const auto view = view_of(**session);
  if (!view) return std::unexpected{view.error()};
  const auto decisions = decisions_about(tx, session_id);
  if (!decisions) return std::unexpected{decisions.error()};
  const auto found =
      attribution::attribute(*view, *comment ? std::optional{view_of(**comment)} : std::nullopt, directory,
                             settings.attribution, now, *decisions);
  const store::AttributionRow row{.id = 0,
                                  .session_id = session_id,
                                  .session_revision = (*session)->revision,
                                  .comment_id = *comment ? std::optional{(*comment)->id} : std::nullopt,
                                  .directory_version = directory.version,
                                  .disposition = std::string{attribution::to_string(found.disposition)},
                                  .technician_id = found.technician_id,
                                  .technician_rule = found.technician_rule,
                                  .customer_id = found.customer_id,
                                  .terminal_id = found.terminal_id,
                                  .contract_id = found.contract_id,
                                  .no_charge = found.no_charge,
                                  .override_min = found.override_min,
                                  .text = found.text,
                                  .reasons = reasons_to_json(found.reasons),
                                  .steps = steps_to_json(found.steps, found.hints),
                                  .created = now,
                                  .decision_number = std::ssize(decisions->history),
                                  .stated_start = found.stated_start,
                                  .stated_end = found.stated_end,
                                  .work_type = found.work_type};
  if (auto id = store::add_attribution(tx, row); !id) return std::unexpected{id.error()};
  return {};
}

}  // namespace

store::AttributionDue attribution_due(const Settings& settings, timing::UtcMs now) {
  return {.now = now,
          .comment_wait = seconds{settings.attribution.comment_wait_s},
          .comment_tolerance = seconds{settings.comment_tolerance_s}};
}

base::Result<std::int64_t> attribute(store::Transaction& tx, const directory::Directory& directory,
                                     const Settings& settings, timing::UtcMs now) {
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
  return static_cast<std::int64_t>(ids->size());
}

}  // namespace collector::pipeline
