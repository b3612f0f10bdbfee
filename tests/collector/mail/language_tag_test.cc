#include "collector/mail/language_tag.h"

#include <gtest/gtest.h>

namespace collector::mail {
namespace {

TEST(LanguageTag, IsALanguage) {
  for (const char* tag : {"en", "el", "EL", "de-AT", "pt-BR", "zh-Hans-CN"})
    EXPECT_TRUE(is_language(tag)) << tag;
  for (const char* no : {"", "e", "1n", "en-", "e--n", "en us", "en\n", "-en", "en_US"})
    EXPECT_FALSE(is_language(no)) << no;
  EXPECT_FALSE(is_language(std::string(36, 'a')));
  EXPECT_EQ(primary("el-GR"), "el");
  EXPECT_EQ(primary("el"), "el");
}

TEST(LanguageTag, WhatIsTypedIsOneOrTheNearestIsNamed) {
  struct Row {
    const char *text, *typed, *nearest, *kept;
  };
  const Row rows[] = {{"en", "en", "en", "en"},
                      {"EL", "el", "el", "el"},
                      {"pt-BR", "pt-br", "pt-BR", "pt-br"},
                      {"zh-Hans-CN", "zh-hans-cn", "zh-hans-CN", "zh-hans-cn"},
                      {"el_GR", "", "el-GR", "el-gr"},
                      {"EL_gr", "", "el-GR", "el-gr"},
                      {" el ", "", "el", "el"},
                      {"en us", "", "en-US", "en-us"},
                      {"el_GR.UTF-8", "", "el-GR", "el-gr"},
                      {"de_DE@euro", "", "de-DE", "de-de"},
                      {"es_419", "", "es-419", "es-419"},
                      {"", "", "", ""},
                      {"_", "", "", ""},
                      {"Ελληνικά", "", "", ""},
                      {"en\r\nX: y", "", "", ""},
                      {".utf8", "", "", ""}};
  for (const auto& row : rows) {
    EXPECT_EQ(typed_language(row.text).value_or(""), row.typed) << row.text;
    EXPECT_EQ(nearest_language(row.text), row.nearest) << row.text;
    EXPECT_EQ(kept_language(row.text), row.kept) << row.text;
  }
  const auto refused = typed_language("el_GR");
  EXPECT_EQ(refused.error().code, base::ErrorCode::invalid_argument);
  EXPECT_EQ(refused.error().message, "'el_GR' is no language such as en, el or pt-BR; did you mean el-GR?");
  EXPECT_EQ(typed_language("?\n").error().message, "'?' is no language such as en, el or pt-BR");
}

}  // namespace
}  // namespace collector::mail
