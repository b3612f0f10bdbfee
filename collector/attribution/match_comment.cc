#include "collector/attribution/match_comment.h"

#include <tuple>

namespace collector::attribution {

namespace {

// Milliseconds between the two starts; nothing if the comment cannot be the session's.
std::optional<std::int64_t> distance_ms(const SessionView& session, const CommentView& comment,
                                        std::int64_t tolerance_s) {
  const auto moment = own_moment(session);
  if (!moment || session.remote_id.empty() || !same_address(session.remote_id, comment.remote_id)) return {};
  if (!session.anydesk_id.empty() && !comment.anydesk_id.empty() &&
      !same_address(session.anydesk_id, comment.anydesk_id)) {
    return {};
  }
  const std::int64_t between = std::chrono::abs(comment.started - *moment).count();
  if (between > tolerance_s * 1000) return {};
  return between;
}

}  // namespace

std::optional<std::size_t> match_comment(const SessionView& session, std::span<const CommentView> comments,
                                         std::int64_t tolerance_s) {
  return match_comments(std::span{&session, 1}, comments, tolerance_s).front();
}

std::vector<std::optional<std::size_t>> match_comments(std::span<const SessionView> sessions,
                                                       std::span<const CommentView> comments,
                                                       std::int64_t tolerance_s) {
  struct Best {
    std::size_t comment = 0;
    std::int64_t distance_ms = 0;
  };
  std::vector<std::optional<Best>> best(sessions.size());
  for (std::size_t c = 0; c < comments.size(); ++c) {
    std::optional<std::size_t> nearest;
    std::int64_t nearest_ms = 0;
    for (std::size_t s = 0; s < sessions.size(); ++s) {
      const auto distance = distance_ms(sessions[s], comments[c], tolerance_s);
      if (!distance || (nearest && *distance >= nearest_ms)) continue;
      nearest = s;
      nearest_ms = *distance;
    }
    if (!nearest) continue;
    auto& held = best[*nearest];
    // Nearer first, then newer.
    const bool better = !held || std::tuple{nearest_ms, -comments[c].id} <
                                     std::tuple{held->distance_ms, -comments[held->comment].id};
    if (better) held = Best{.comment = c, .distance_ms = nearest_ms};
  }
  std::vector<std::optional<std::size_t>> chosen;
  for (const auto& held : best) chosen.push_back(held ? std::optional{held->comment} : std::nullopt);
  return chosen;
}

}  // namespace collector::attribution
