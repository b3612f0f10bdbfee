#include "collector/rule_text/template_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace collector::rule_text;
using collector::rating::Rule;

TEST(TemplateText, ComesBack) {
  Rule rule;
  rule.grace_s = 0;
  rule.grades = {{"senior", 1'250}};
  for (const std::optional<std::int64_t>& version :
       {std::optional<std::int64_t>{}, std::optional<std::int64_t>{3}}) {
    const auto text = template_text({.name = "Evening \"A\"", .version = version, .rule = rule});
    const auto read = read_template(text);
    ASSERT_TRUE(read) << text << read.error().message;
    EXPECT_EQ(read->name, "Evening \"A\"");
    EXPECT_EQ(read->version, version);
    EXPECT_EQ(read->rule, rule);
    EXPECT_EQ(template_text(*read), text);
  }
}

TEST(TemplateText, IsWrittenForPeople) {
  EXPECT_THAT(template_text({.name = "plain", .version = 2, .rule = {}}),
              testing::StartsWith("{\n  \"name\": \"plain\",\n  \"version\": 2,\n  \"rule\": {\n"
                                  "    \"free_s\": 30,\n    \"first_block_s\": 600,\n"));
}

TEST(TemplateText, WhatIsMissingOrUnknownIsNamed) {
  const auto refused = [](const char* text) { return read_template(text).error().message; };
  const auto* const needs = R"(a template needs a name and a rule: {"name":"Evening","rule":{"free_s":30}})";
  for (const char* text : {"1", "{}", R"({"name":"a"})", R"({"rule":{}})"}) EXPECT_EQ(refused(text), needs);
  EXPECT_EQ(refused(R"({"name":1,"rule":{}})"), "name is no text");
  EXPECT_EQ(refused(R"({"name":"a","version":"1","rule":{}})"), "version is no whole number");
  EXPECT_EQ(refused(R"({"name":"a","versoin":1,"rule":{}})"),
            "'versoin' is no field of a template; did you mean 'version'?");
  EXPECT_EQ(refused(R"({"name":"a","rule":{"free_s":-1}})"), "free_s is -1; it may be from 0 to 86400");
  EXPECT_THAT(refused("{"), testing::StartsWith("line 1"));
}

}  // namespace
