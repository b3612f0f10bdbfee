// The words of a capture, there and back; what people read stands in tests/cases/doubts.case.

#include "collector/attribution/capture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace {

using namespace collector::attribution;

TEST(CaptureWords, GoThereAndBack) {
  for (const auto witness : {Witness::service, Witness::window, Witness::other}) {
    EXPECT_EQ(witness_from(to_string(witness)), witness);
  }
  for (const auto doubt : {Doubt::remote_id_typed, Doubt::pairing, Doubt::kind, Doubt::other}) {
    EXPECT_THAT(doubts_from(to_string(doubt)), testing::ElementsAre(doubt));
  }
  for (const auto cause : {AbandonCause::unknown, AbandonCause::crash, AbandonCause::kill,
                           AbandonCause::power, AbandonCause::log_off, AbandonCause::replaced}) {
    EXPECT_EQ(abandon_cause_from(to_string(cause)), cause);
  }
}

TEST(CaptureWords, OfALaterVersionAreOther) {
  EXPECT_EQ(witness_from("mirror"), Witness::other);
  EXPECT_EQ(witness_from(""), Witness::other);
  EXPECT_EQ(abandon_cause_from("meteor"), AbandonCause::unknown);
  EXPECT_THAT(doubts_from("pairing,echo,kind"),
              testing::ElementsAre(Doubt::pairing, Doubt::other, Doubt::kind));
}

TEST(CaptureWords, AListMayBeEmptyOrEndWithAComma) {
  EXPECT_TRUE(doubts_from("").empty());
  EXPECT_THAT(doubts_from("kind,"), testing::ElementsAre(Doubt::kind));
}

TEST(CaptureWords, EachHasItsOwnForPeople) {
  std::set<std::string> seen;
  for (const auto cause : {AbandonCause::crash, AbandonCause::kill, AbandonCause::power,
                           AbandonCause::log_off, AbandonCause::replaced}) {
    EXPECT_TRUE(seen.insert(in_words(cause, Witness::service, {})).second);
  }
  for (const auto doubt : {Doubt::remote_id_typed, Doubt::pairing, Doubt::kind, Doubt::other}) {
    EXPECT_TRUE(seen.insert(std::string{in_words(doubt)}).second);
  }
  EXPECT_EQ(in_words(AbandonCause::unknown, Witness::service, {}), "");
}

}  // namespace
