#include "collector/commands/capture_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace {

using namespace collector;
using commands::capture_json;
using commands::capture_notes;
using testing::ElementsAre;

store::SessionRow session() {
  store::SessionRow row;
  row.outcome = "completed";
  row.remote_id = "410100201";
  row.started = timing::from_rfc3339("2026-11-16T14:00:00Z").value();
  row.ended = timing::from_rfc3339("2026-11-16T14:34:12.045Z").value();
  return row;
}

TEST(CaptureText, OfAnOrdinarySessionThereIsNothingToNote) {
  EXPECT_THAT(capture_notes(session()), testing::IsEmpty());
  EXPECT_EQ(commands::abandoned_text(session()), "");
  EXPECT_EQ(commands::durations_text(session()), "AnyDesk 34:12.045, boot-time clock not measured");
  const auto json = capture_json(session());
  EXPECT_EQ(json.at("witness"), "service");
  EXPECT_TRUE(json.at("doubts").as_array().empty());
  EXPECT_TRUE(json.at("flags").as_array().empty());
  EXPECT_EQ(json.at("duration_anydesk_ms"), 2'052'045);
  for (const char* unknown : {"abandon_cause", "abandon_text", "last_seen_utc", "duration_boot_ms",
                              "duration_boot_uncertainty_ms", "window_pid", "boot_id"}) {
    EXPECT_TRUE(json.at(unknown).is_null()) << unknown;
  }
}

TEST(CaptureText, EverythingInDoubtIsSaidInWords) {
  auto row = session();
  row.outcome = "abandoned";
  row.ended = {};
  row.last_seen = timing::from_rfc3339("2026-11-16T14:03:22.500Z").value();
  row.abandon_cause = "kill";
  row.witness = "window";
  row.doubts = "remote_id_typed,pairing";
  row.clock_backwards = row.clock_jumped = row.over_length = row.overnight = true;
  row.reconnects = 2;
  row.window_pid = 77;
  row.boot_id = "run";
  EXPECT_THAT(capture_notes(row),
              ElementsAre("AnyDesk's window was killed; last proof of life 2026-11-16 14:03:22 UTC",
                          "only AnyDesk's window could be read", "in doubt: the remote ID is what was typed",
                          "in doubt: several tabs were open", "the clock went backwards",
                          "the clock was set meanwhile", "longer than its workstation allows",
                          "ran overnight", "reconnected 2 times"));
  EXPECT_EQ(commands::durations_text(row), "AnyDesk unknown, boot-time clock not measured");
  const auto json = capture_json(row);
  EXPECT_EQ(json.at("doubts"), (boost::json::array{"remote_id_typed", "pairing"}));
  EXPECT_EQ(json.at("doubts_text").at(1), "several tabs were open");
  EXPECT_EQ(json.at("abandon_cause"), "kill");
  EXPECT_EQ(json.at("abandon_text"),
            "AnyDesk's window was killed; last proof of life 2026-11-16 14:03:22 UTC");
  EXPECT_EQ(json.at("flags"),
            (boost::json::array{"clock_went_backwards", "clock_jumped", "over_length", "overnight"}));
  EXPECT_EQ(json.at("reconnects"), 2);
  EXPECT_EQ(json.at("window_pid"), 77);
  EXPECT_EQ(json.at("boot_id"), "run");
}

TEST(CaptureText, BothDurationsStandSideBySide) {
  auto row = session();
  row.duration_boot_ms = 2'050'000;
  row.duration_boot_uncertainty_ms = 500;
  EXPECT_EQ(commands::durations_text(row), "AnyDesk 34:12.045, boot-time clock 34:10.000 +- 500 ms");
  EXPECT_EQ(capture_json(row).at("duration_boot_uncertainty_ms"), 500);
}

TEST(CaptureText, TheRemoteEndIsItsIdUnlessItMayNotBeTold) {
  auto row = session();
  EXPECT_EQ(commands::remote_text(row), "410100201");
  row.remote_id = "";
  EXPECT_EQ(commands::remote_text(row), "unknown");
  row.remote_id_withheld = true;
  EXPECT_EQ(commands::remote_text(row), "unregistered terminal, ID withheld");
}

}  // namespace
