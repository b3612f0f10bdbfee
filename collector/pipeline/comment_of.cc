#include "collector/pipeline/comment_of.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "collector/attribution/match_comment.h"
#include "collector/pipeline/explanation.h"
#include "collector/pipeline/session_view.h"
#include "collector/store/adjustments.h"

namespace collector::pipeline {

namespace {

using std::chrono::seconds;

// A session that may have the comment. The order of these is the same whichever of them is looked at: it
// decides between two that are equally near.
struct Competitor {
  timing::UtcMs moment;
  std::string key;
  std::int64_t id = 0;
  attribution::SessionView view;
};

// Adds the comments that a session was billed by, or adjusted by since.
base::Status add_billed_comments(store::Transaction& tx, std::int64_t session_id,
                                 std::set<std::int64_t>& comments) {
  const auto billed = store::is_billed(tx, session_id);
  if (!billed) return std::unexpected{billed.error()};
  if (!*billed) return {};
  const auto attribution = store::latest_attribution(tx, session_id);
  if (!attribution) return std::unexpected{attribution.error()};
  if (*attribution && (*attribution)->comment_id) comments.insert(*(*attribution)->comment_id);
  const auto adjustments = store::adjustments_of(tx, session_id);
  if (!adjustments) return std::unexpected{adjustments.error()};
  for (const auto& one : *adjustments) {
    if (one.adjustment.comment_id) comments.insert(*one.adjustment.comment_id);
  }
  return {};
}

}  // namespace

base::Result<std::optional<store::CommentRow>> comment_of(store::Transaction& tx,
                                                          const store::SessionRow& session,
                                                          const Settings& settings) {
  const auto view = view_of(session);
  if (!view) return std::unexpected{view.error()};
  const auto moment = attribution::own_moment(*view);
  if (!moment || session.remote_id.empty()) return std::nullopt;
  const seconds tolerance{settings.comment_tolerance_s};
  auto comments = store::comments_near(tx, session.remote_id, *moment - tolerance, *moment + tolerance);
  if (!comments) return std::unexpected{comments.error()};
  if (comments->empty()) return std::nullopt;
  const auto neighbours =
      store::sessions_near(tx, session.remote_id, *moment - 2 * tolerance, *moment + 2 * tolerance);
  if (!neighbours) return std::unexpected{neighbours.error()};

  std::vector<Competitor> all;
  all.push_back({.moment = *moment, .key = session.session_key, .id = session.id, .view = *view});
  std::set<std::int64_t> taken;
  for (const auto& other : *neighbours) {
    // An attempt has no comment of its own.
    if (other.id == session.id || other.outcome == "failed") continue;
    auto other_view = view_of(other);
    if (!other_view) return std::unexpected{other_view.error()};
    all.push_back({.moment = attribution::own_moment(*other_view).value_or(timing::UtcMs{}),
                   .key = other.session_key,
                   .id = other.id,
                   .view = std::move(*other_view)});
    if (auto done = add_billed_comments(tx, other.id, taken); !done) return std::unexpected{done.error()};
  }
  std::ranges::sort(all, {}, [](const Competitor& one) {
    return std::tuple{one.moment, std::string_view{one.key}, one.id};
  });
  std::vector<attribution::SessionView> sessions;
  for (const auto& one : all) sessions.push_back(one.view);
  const auto own = std::ranges::find(all, session.id, &Competitor::id) - all.begin();
  std::erase_if(*comments, [&](const store::CommentRow& one) { return taken.contains(one.id); });
  std::vector<attribution::CommentView> offered;
  for (const auto& comment : *comments) offered.push_back(view_of(comment));
  const auto chosen = attribution::match_comments(sessions, offered, settings.comment_tolerance_s)
                          .at(static_cast<std::size_t>(own));
  if (!chosen) return std::nullopt;
  return (*comments)[*chosen];
}

base::Result<Attributed> attribution_of(store::Transaction& tx, const store::SessionRow& session,
                                        const std::optional<store::CommentRow>& comment,
                                        const directory::Directory& directory, const Settings& settings,
                                        timing::UtcMs now) {
  const auto view = view_of(session);
  if (!view) return std::unexpected{view.error()};
  const auto decisions = decisions_about(tx, session.id);
  if (!decisions) return std::unexpected{decisions.error()};
  auto found = attribution::attribute(*view, comment ? std::optional{view_of(*comment)} : std::nullopt,
                                      directory, settings.attribution, now, *decisions);
  store::AttributionRow row{.id = 0,
                            .session_id = session.id,
                            .session_revision = session.revision,
                            .comment_id = comment ? std::optional{comment->id} : std::nullopt,
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
  return Attributed{.row = std::move(row), .found = std::move(found)};
}

}  // namespace collector::pipeline
