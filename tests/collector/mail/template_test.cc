#include "collector/mail/template.h"

#include <gtest/gtest.h>

#include <set>

namespace collector::mail {
namespace {

constexpr auto kBody = "%exhausted%%sessions%";

TemplateTexts with(Part part, std::string text) {
  auto texts = default_texts();
  texts[part] = std::move(text);
  return texts;
}

TEST(Templates, TheDefaultsLoad) {
  const auto loaded = Templates::load(default_texts());
  ASSERT_TRUE(loaded) << loaded.error().message;
}

TEST(Templates, EveryTokenHasOneNameAMeaningAndAnExample) {
  std::set<std::string_view> names;
  for (const auto& known : known_tokens()) {
    EXPECT_TRUE(names.insert(known.name).second) << known.name;
    EXPECT_FALSE(known.meaning.empty()) << known.name;
    EXPECT_FALSE(known.example.empty()) << known.name;
  }
}

TEST(Templates, EveryTokenLoadsWhereItBelongsAndNowhereElse) {
  for (const auto& known : known_tokens()) {
    const auto token = "%" + std::string{known.name} + "%";
    const auto loads = [&](Part part, const std::string& text) {
      return Templates::load(with(part, text)).has_value();
    };
    EXPECT_EQ(loads(Part::subject, token), known.scope == Scope::mail) << token;
    EXPECT_EQ(loads(Part::no_charge, token), known.scope == Scope::mail) << token;
    EXPECT_EQ(loads(Part::body_html, kBody + token), known.scope == Scope::mail || known.scope == Scope::body)
        << token;
    EXPECT_EQ(loads(Part::session_text, token), known.scope == Scope::mail || known.scope == Scope::session)
        << token;
    EXPECT_EQ(loads(Part::prepaid_html, token), known.scope == Scope::mail || known.scope == Scope::contract)
        << token;
    EXPECT_EQ(loads(Part::exhausted_text, token),
              known.scope == Scope::mail || known.scope == Scope::contract)
        << token;
  }
}

TEST(Templates, WhatIsWrongIsNamed) {
  struct Row {
    Part part;
    std::string text;
    std::string message;
  };
  const Row rows[] = {
      {Part::subject, "for %custmer%",
       "subject line 1: %custmer% is no known token; did you mean %customer%?"},
      {Part::subject, "%Customer%", "subject line 1: %Customer% is no known token; did you mean %customer%?"},
      {Part::subject, "%qqqqqqqqqq%", "subject line 1: %qqqqqqqqqq% is no known token"},
      {Part::body_text, "a\nb\n%total%", "body_text line 3: %total% is no known token"},
      {Part::subject, "%duration%", "subject line 1: %duration% is known only in the session rows"},
      {Part::session_text, "\n%sessions%", "session_text line 2: %sessions% is known only in the two bodies"},
      {Part::subject, "100% sure", "subject line 1: a percent sign that begins no token is written %%"},
      {Part::subject, "100%", "subject line 1: a percent sign that begins no token is written %%"},
      {Part::subject, "%customer", "subject line 1: a percent sign that begins no token is written %%"},
      {Part::subject, "%%%", "subject line 1: a percent sign that begins no token is written %%"},
      {Part::subject, "a\nb", "subject has more than one line"},
      {Part::subject, "a\rb", "subject has a control character"},
      {Part::subject, " ", "subject is empty"},
      {Part::no_charge, "", "no_charge is empty"},
      {Part::body_text, "a\x01", "body_text has a control character"},
      {Part::body_html, "a\xFF", "body_html is not UTF-8"},
      {Part::body_html, std::string(kPartBytesMax + 1, 'a'), "body_html has more than 262144 bytes"},
      {Part::body_html, "%exhausted%", "body_html lacks %sessions%, so the customer would not be told"},
      {Part::body_text, "%sessions%", "body_text lacks %exhausted%, so the customer would not be told"},
  };
  for (const auto& row : rows) {
    const auto loaded = Templates::load(with(row.part, row.text));
    ASSERT_FALSE(loaded) << row.message;
    EXPECT_EQ(loaded.error().code, base::ErrorCode::invalid_argument);
    EXPECT_TRUE(loaded.error().message.starts_with(row.message)) << loaded.error().message;
  }
}

TEST(Templates, WhatABrowserSendsLoads) {
  EXPECT_TRUE(Templates::load(with(Part::subject, "for %customer%\r\n")));
  const auto loaded = Templates::load(with(Part::body_text, "%exhausted%\r\n%sessions%"));
  ASSERT_TRUE(loaded);
  EXPECT_EQ(std::get<std::string>(loaded->pieces(Part::body_text)[1]), "\n");
}

TEST(Templates, TwoPercentSignsAreOne) {
  const auto loaded = Templates::load(with(Part::subject, "100%% of %%customer%% and %%%customer%%%"));
  ASSERT_TRUE(loaded) << loaded.error().message;
  const std::vector<Templates::Piece> expected{"100% of %customer% and %", Token::customer, "%"};
  EXPECT_EQ(loaded->pieces(Part::subject), expected);
}

TEST(Templates, EveryCutOfTheDefaultsLoadsOrIsRefusedWithAReason) {
  const auto texts = default_texts();
  for (std::size_t i = 0; i < kParts; ++i) {
    const auto part = static_cast<Part>(i);
    for (std::size_t cut = 0; cut <= texts[part].size(); ++cut) {
      const auto loaded = Templates::load(with(part, texts[part].substr(0, cut)));
      if (loaded) continue;
      EXPECT_TRUE(loaded.error().message.starts_with(to_string(part))) << loaded.error().message;
    }
  }
}

}  // namespace
}  // namespace collector::mail
