#include "collector/attribution/match_comment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace {

using namespace collector::attribution;
using testing::ElementsAre;
using testing::Optional;

constexpr auto kNone = std::nullopt;

SessionView session(std::int64_t at_s, std::string remote = "111", std::string own = "900") {
  SessionView view;
  view.remote_id = std::move(remote);
  view.anydesk_id = std::move(own);
  view.started = timing::from_ms(at_s * 1000);
  return view;
}

CommentView comment(std::int64_t id, std::int64_t at_s, std::string remote = "111", std::string own = "900") {
  return {.id = id,
          .remote_id = std::move(remote),
          .anydesk_id = std::move(own),
          .started = timing::from_ms(at_s * 1000),
          .text = "printer"};
}

std::optional<std::size_t> match(const SessionView& view, const std::vector<CommentView>& comments) {
  return match_comment(view, comments);
}

TEST(MatchComment, WithinTheToleranceOnEitherSide) {
  EXPECT_EQ(match(session(1000), {}), kNone);
  EXPECT_EQ(match(session(1000), {comment(1, 1120)}), 0U);
  EXPECT_EQ(match(session(1000), {comment(1, 880)}), 0U);
  EXPECT_EQ(match(session(1000), {comment(1, 1121)}), kNone);
  EXPECT_EQ(match(session(1000), {comment(1, 879)}), kNone);
  EXPECT_EQ(match_comment(session(1000), std::vector{comment(1, 1001)}, 0), kNone);
}

TEST(MatchComment, SameRemoteAndOwnAddress) {
  EXPECT_EQ(match(session(1000), {comment(1, 1000, "112")}), kNone);
  EXPECT_EQ(match(session(1000), {comment(1, 1000, "111", "901")}), kNone);
  EXPECT_EQ(match(session(1000), {comment(1, 1000, "111", "")}), 0U);
  EXPECT_EQ(match(session(1000, "111", ""), {comment(1, 1000)}), 0U);
  EXPECT_EQ(match(session(1000, "111 222", "9 0"), {comment(1, 1000, "111222", "90")}), 0U);
  EXPECT_EQ(match(session(1000, "", ""), {comment(1, 1000, "", "")}), kNone);
}

TEST(MatchComment, NearestThenNewest) {
  EXPECT_EQ(match(session(1000), {comment(1, 1002), comment(2, 1001), comment(3, 1050)}), 1U);
  EXPECT_EQ(match(session(1000), {comment(1, 1001), comment(3, 999), comment(2, 1001)}), 1U);
  EXPECT_EQ(match(session(1000), {comment(3, 1001), comment(1, 1001)}), 0U);
}

TEST(MatchComment, ARequestStandsInForAMissingStart) {
  auto view = session(1000);
  view.requested = view.started;
  view.started.reset();
  EXPECT_EQ(match(view, {comment(1, 1000)}), 0U);
  view.requested.reset();
  EXPECT_EQ(match(view, {comment(1, 1000)}), kNone);
}

TEST(MatchComments, AReconnectionDoesNotTakeTheCommentOfTheSessionBefore) {
  const std::vector sessions{session(1000), session(1090)};
  EXPECT_THAT(match_comments(sessions, std::vector{comment(1, 1000)}), ElementsAre(Optional(0U), kNone));
  EXPECT_THAT(match_comments(sessions, std::vector{comment(1, 1091)}), ElementsAre(kNone, Optional(0U)));
  // Two versions of the first comment: the second session still gets neither.
  EXPECT_THAT(match_comments(sessions, std::vector{comment(1, 1000), comment(2, 1000)}),
              ElementsAre(Optional(1U), kNone));
  EXPECT_THAT(match_comments(sessions, std::vector{comment(1, 1000), comment(2, 1090)}),
              ElementsAre(Optional(0U), Optional(1U)));
  // Exactly between the two: the first of the list.
  EXPECT_THAT(match_comments(sessions, std::vector{comment(1, 1045)}), ElementsAre(Optional(0U), kNone));
}

TEST(MatchComments, TheOrderOfCommentsDoesNotMatter) {
  const std::vector sessions{session(1000), session(1060), session(1100, "112")};
  std::vector comments{comment(1, 990), comment(2, 1010), comment(3, 1059), comment(4, 1100, "112")};
  do {
    std::vector<std::int64_t> ids;
    for (const auto& at : match_comments(sessions, comments)) ids.push_back(at ? comments[*at].id : 0);
    ASSERT_THAT(ids, ElementsAre(2, 3, 4));
  } while (std::ranges::next_permutation(comments, {}, &CommentView::id).found);
}

}  // namespace
