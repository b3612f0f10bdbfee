#include "collector/commands/comment_tags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <sstream>

namespace {

using collector::commands::CommentTagsOptions;
using collector::commands::run_comment_tags;

boost::json::value read(CommentTagsOptions options) {
  options.json = true;
  std::ostringstream out, err;
  EXPECT_EQ(run_comment_tags(options, out, err), 0);
  EXPECT_EQ(err.str(), "");
  return boost::json::parse(out.str());
}

CommentTagsOptions comment(std::string text) {
  return {.text = std::move(text), .tag_match = "token", .lead_number = "strict", .json = false};
}

TEST(CommentTagsCommand, Json) {
  const auto tags = read(comment("1, antivirus installation {25}"));
  EXPECT_EQ(boost::json::serialize(tags),
            R"({"technician":1,"flags":{"hold":false,"no_charge":false},"override":25,)"
            R"("text":"antivirus installation","review":[],"hints":[]})");
}

TEST(CommentTagsCommand, JsonNamesReasonsAndHints) {
  const auto tags = read(comment("1 worked on C# ~"));
  EXPECT_TRUE(tags.at("technician").is_null());
  EXPECT_TRUE(tags.at("override").is_null());
  EXPECT_EQ(tags.at("flags").at("hold"), true);
  EXPECT_EQ(tags.at("review").at(0).at("code"), "ambiguous_number");
  EXPECT_EQ(tags.at("review").at(1).at("code"), "hold");
  EXPECT_EQ(tags.at("review").at(1).at("sentence"), "The technician (~), or a person, asked for a review.");
  EXPECT_EQ(tags.at("hints").as_array().size(), 1U);
}

TEST(CommentTagsCommand, SettingsCount) {
  auto options = comment("1 worked on C#");
  options.tag_match = "anywhere";
  options.lead_number = "seed";
  const auto tags = read(options);
  EXPECT_EQ(tags.at("technician"), 1);
  EXPECT_EQ(tags.at("flags").at("no_charge"), true);
}

TEST(CommentTagsCommand, BytesThatAreNoTextGiveValidJson) {
  EXPECT_EQ(read(comment("a\xff")).at("text"), "a\xEF\xBF\xBD");
}

TEST(CommentTagsCommand, Text) {
  std::ostringstream out, err;
  EXPECT_EQ(run_comment_tags(comment("3, printer # ~ {0}"), out, err), 0);
  EXPECT_EQ(out.str(),
            "text:        printer\n"
            "technician:  3\n"
            "hold:        yes (~)\n"
            "no charge:   yes (#)\n"
            "charge:      0 min\n"
            "review:      The technician (~), or a person, asked for a review.\n");
}

TEST(CommentTagsCommand, UnknownSettingsAreRefused) {
  for (const bool first : {true, false}) {
    auto options = comment("x");
    (first ? options.tag_match : options.lead_number) = "loose";
    std::ostringstream out, err;
    EXPECT_EQ(run_comment_tags(options, out, err), 2);
    EXPECT_EQ(out.str(), "");
    EXPECT_THAT(err.str(), testing::HasSubstr("loose"));
  }
}

}  // namespace
