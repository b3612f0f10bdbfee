#include "agent/trace/unknown_stems.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace {

using agent::trace::kStemBytesMax;
using agent::trace::kStemsMax;
using agent::trace::stem_of;
using agent::trace::UnknownStems;

struct Row {
  std::string message, stem;
};

TEST(Stem, KeepsTheFixedWordsOnly) {
  const std::vector<Row> rows{
      {"6: Entering quantum loop.", "#: Entering quantum loop"},
      {"Session moved to relay 12.", "Session moved to * #"},
      {"Waiting 30 seconds.", "Waiting # seconds"},
      {"Retry 3 of 12 failed.", "Retry # of # failed"},
      // Whatever may be somebody's: quoted, bracketed, behind a colon, behind a word that names.
      {"Opening \"C:\\Users\\bob\\tax.pdf\" now.", "Opening * now"},
      {"Opening 'bobs secret", "Opening *"},
      {"Greeting (Bob Smith) done.", "Greeting * done"},
      {"Remote user: bob", "Remote user"},
      {"Chat message: hello there", "Chat message"},
      {"Connecting for bob.", "Connecting for *"},
      {"Moved by the remote side.", "Moved by the remote side"},
      {"Sent to 192.168.1.7:7070.", "Sent to *"},
      {"Sent fe80::1 away", "Sent * away"},
      {"Fingerprint deadbeefcafe seen", "Fingerprint deadbeefcafe seen"},
      {"Fingerprint 75ef99c7 seen", "Fingerprint * seen"},
      {"Fingerprint deadbeefcafedeadbeefcafe seen", "Fingerprint * seen"},
      {"Alias bob@ad set", "Alias * set"},
      {"Copied /home/bob/x.txt, done", "Copied * done"},
      {"Hello there Bob Smith you", "Hello there * you"},
      {"\xD0\x98\xD0\xB2\xD0\xB0\xD0\xBD joined", "* joined"},
      {"\xFF\xFE\x01", "*"},
      {"1001025310", "#"},
      {"", "*"},
      {"   ", "*"},
      {"desk_rt_something", "*"},
  };
  for (const Row& row : rows) EXPECT_EQ(stem_of(row.message), row.stem) << row.message;
}

TEST(Stem, IsShortAsciiWhateverComes) {
  std::string every;
  for (int round = 0; round < 3; ++round) {
    for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
  }
  std::string many;
  for (int i = 0; i < 100; ++i) many += "word ";
  for (const std::string& text : {every, many, std::string(65536, 'a'), std::string(65536, '\'')}) {
    for (std::size_t cut = 0; cut < std::min<std::size_t>(text.size(), 800); ++cut) {
      const std::string stem = stem_of(std::string_view{text}.substr(cut));
      ASSERT_LE(stem.size(), kStemBytesMax);
      ASSERT_FALSE(stem.empty());
      ASSERT_TRUE(std::ranges::all_of(stem, [](char c) { return c >= ' ' && c <= '~'; })) << stem;
    }
  }
}

TEST(UnknownStems, CountsEachAndBoundsTheirNumber) {
  UnknownStems stems;
  for (int i = 0; i < 3; ++i) stems.add("Session warped to " + std::to_string(i));
  EXPECT_EQ(stems.counts().at("Session warped to #"), 3u);
  const auto letter = [](std::size_t i) { return static_cast<char>('a' + i % 26); };
  for (std::size_t i = 0; i < 676; ++i) stems.add(std::string{letter(i), letter(i / 26)});
  stems.add("Session warped to 9");
  EXPECT_EQ(stems.counts().size(), kStemsMax + 1);
  EXPECT_EQ(stems.counts().at("Session warped to #"), 4u);
  EXPECT_EQ(stems.counts().at(std::string{UnknownStems::kOther}), 676u - (kStemsMax - 1));
}

}  // namespace
