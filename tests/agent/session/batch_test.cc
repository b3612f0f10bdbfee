#include "agent/session/batch.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/agent/session/lines.h"
#include "tests/support/trace/scripts.h"

namespace {

using agent::session::merge_files;
using agent::session::Outcome;
using agent::session::Snapshot;
using session_tests::sessions_of;
using session_tests::without_offsets;

std::int64_t ms(const std::optional<timing::UtcMs>& time) {
  return time ? timing::to_ms(*time) : -1;
}

TEST(Batch, ReadsWhatTheGeneratorMeant) {
  for (const auto& script : support::trace::scripts()) {
    const auto made = support::trace::make(script.name);
    if (made.expected.empty()) continue;
    const auto found = sessions_of(made.trace);
    ASSERT_EQ(found.size(), made.expected.size()) << script.name;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto& want = made.expected[i];
      EXPECT_EQ(found[i].remote_id, want.remote_id);
      EXPECT_EQ(static_cast<int>(found[i].kind), static_cast<int>(want.type));
      EXPECT_EQ(to_string(found[i].outcome), want.outcome);
      EXPECT_EQ(found[i].requested, want.requested);
      EXPECT_EQ(ms(found[i].started), want.started_ms);
      EXPECT_EQ(ms(found[i].ended), want.ended_ms);
      EXPECT_EQ(found[i].end_reason, want.reason);
    }
  }
}

// The head is cut at every byte: what is left is never more than before, and nothing is told that did not
// happen.
TEST(Batch, HeadCutAtEveryByteInventsNothing) {
  for (const std::string_view name : {"linux-7.1-service", "macos-5.4-mixed"}) {
    const std::string text = support::trace::make(name).trace;
    const auto whole = sessions_of(text);
    for (std::size_t at = 0; at < text.size(); at += at % 97 == 0 ? 1 : 8) {
      const auto cut = sessions_of(std::string_view{text}.substr(at));
      ASSERT_LE(cut.size(), whole.size()) << name << " " << at;
      for (std::size_t i = 0; i < cut.size(); ++i) {
        const Snapshot& want = whole[whole.size() - 1 - i];
        const Snapshot& got = cut[cut.size() - 1 - i];
        ASSERT_EQ(got.fiber, want.fiber) << name << " " << at;
        // Up to 3 blanks stand in front of a line's first word; without them it is still whole.
        const bool request_is_cut = at > *want.requested_offset + 3;
        ASSERT_EQ(got.outcome, request_is_cut ? Outcome::partial : want.outcome) << name << " " << at;
      }
    }
  }
}

// Taken as soon as they are settled, after any number of lines, they are the same sessions in the same order.
// Also behind a cut head, where a first line may prove late to belong to a session.
TEST(Batch, WhatIsSettledEarlyIsWhatWouldComeAtTheEnd) {
  for (const auto& script : support::trace::scripts()) {
    const std::string made = support::trace::make(script.name).trace;
    for (const std::size_t cut : {std::size_t{0}, made.size() / 3, made.size() / 2}) {
      const std::string text = made.substr(cut);
      for (const std::size_t every : {1, 7, 100}) {
        agent::session::Batch batch{"s"};
        std::vector<Snapshot> taken;
        std::size_t lines = 0;
        for (const auto& line : session_tests::Lines{text}.all) {
          batch.line(line.text, line.offset);
          if (++lines % every != 0) continue;
          for (auto& snapshot : batch.take_settled()) taken.push_back(std::move(snapshot));
        }
        for (auto& snapshot : std::move(batch).sessions()) taken.push_back(std::move(snapshot));
        ASSERT_EQ(taken, sessions_of(text)) << script.name << " cut " << cut << " every " << every;
      }
    }
  }
}

// The file grows: a session never loses what was known of it.
TEST(Batch, TailCutAtEveryLineShowsAPrefix) {
  const std::string text = support::trace::make("linux-6.3-service").trace;
  const auto whole = sessions_of(text);
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    const auto cut = sessions_of(std::string_view{text}.substr(0, at));
    ASSERT_LE(cut.size(), whole.size());
    for (std::size_t i = 0; i < cut.size(); ++i) {
      ASSERT_EQ(cut[i].key, whole[i].key);
      if (cut[i].started) {
        ASSERT_EQ(cut[i].started, whole[i].started);
      }
      if (cut[i].ended) {
        ASSERT_EQ(cut[i].outcome, whole[i].outcome);
      }
    }
  }
}

TEST(MergeFiles, OrdersByRequest) {
  const auto one = sessions_of(support::trace::make("windows-9.0-service").trace, "a");
  const auto two = sessions_of(support::trace::make("linux-6.3-service").trace, "b");
  const auto merged = merge_files({two, one});
  ASSERT_EQ(merged.size(), one.size() + two.size());
  EXPECT_TRUE(std::ranges::is_sorted(merged, {}, &Snapshot::requested));
}

TEST(MergeFiles, TakesACopyOnce) {
  const std::string text = support::trace::make("support-day").trace;
  const auto whole = sessions_of(text, "now");
  const auto earlier = sessions_of(std::string_view{text}.substr(0, text.size() / 2), "copy");
  const auto later = sessions_of(std::string_view{text}.substr(text.size() / 3), "cut");
  for (const auto& files : {std::vector{whole, earlier}, std::vector{earlier, whole},
                            std::vector{later, whole}, std::vector{earlier, later}}) {
    const auto merged = merge_files(files);
    ASSERT_EQ(merged.size(), whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
      EXPECT_EQ(merged[i].requested, whole[i].requested);
      EXPECT_EQ(merged[i].outcome, whole[i].outcome);
      EXPECT_EQ(merged[i].ended, whole[i].ended);
    }
  }
}

// The file was renamed between any two lines, and the session went on in the next one. Where nothing but the
// exit of the fiber is left for the next one, no end is known.
TEST(MergeFiles, JoinsASessionThatTwoFilesShare) {
  const std::string text = support::trace::make("linux-6.3-service").trace;
  const auto whole = sessions_of(text);
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    const auto merged = merge_files({sessions_of(std::string_view{text}.substr(0, at), "old"),
                                     sessions_of(std::string_view{text}.substr(at), "new")});
    ASSERT_EQ(merged.size(), whole.size()) << at;
    for (std::size_t i = 0; i < whole.size(); ++i) {
      EXPECT_EQ(merged[i].started, whole[i].started) << at;
      if (whole[i].outcome == Outcome::failed && merged[i].outcome == Outcome::active) continue;
      EXPECT_EQ(merged[i].outcome, whole[i].outcome) << at;
      EXPECT_EQ(merged[i].ended, whole[i].ended) << at;
    }
  }
}

}  // namespace
