#include "collector/mail/texts.h"

#include <gtest/gtest.h>

namespace collector::mail {
namespace {

TEST(Texts, AreOneFileAndThreePartsAgain) {
  const TemplateTexts texts{{"For %customer%", "one\n\ntwo\n", "<b>%%</b>\n"}};
  const std::string file =
      "=== subject ===\nFor %customer%\n=== text ===\none\n\ntwo\n=== html ===\n<b>%%</b>\n";
  EXPECT_EQ(write_texts(texts), file);
  EXPECT_EQ(read_texts(file), texts);
  EXPECT_EQ(read_texts("# sessions, en, version 3\n\n" + file), texts);
  std::string from_windows = "\xEF\xBB\xBF";
  for (const char c : file) from_windows += c == '\n' ? "\r\n" : std::string(1, c);
  EXPECT_EQ(read_texts(from_windows), texts);
  for (const auto kind : {Kind::sessions, Kind::partner_copy, Kind::notice}) {
    for (const auto language : shipped_languages()) {
      const auto shipped = shipped_texts(kind, language).value();
      EXPECT_EQ(read_texts(write_texts(shipped)), shipped);
    }
  }
  EXPECT_FALSE(shipped_texts(Kind::sessions, "fr"));
  EXPECT_FALSE(shipped_texts(Kind::sessions, "el-GR"));
}

TEST(Texts, WhatIsNoSuchFileIsRefused) {
  struct Row {
    const char *file, *message;
  };
  const Row rows[] = {
      {"", "the line === subject === is missing"},
      {"Hello\n", "line 1: a template begins with the line === subject ==="},
      {"# one\nHello\n", "line 2: a template begins with the line === subject ==="},
      {"=== text ===\n", "line 1: === text === comes before === subject ==="},
      {"=== subject ===\na\n=== html ===\n", "line 3: === html === comes before === text ==="},
      {"=== subject ===\na\n=== subject ===\n", "line 3: === subject === is there twice"},
      {"=== subject ===\na\n=== text ===\nb\n", "the line === html === is missing"},
  };
  for (const auto& row : rows) {
    const auto read = read_texts(row.file);
    ASSERT_FALSE(read) << row.message;
    EXPECT_EQ(read.error().code, base::ErrorCode::invalid_argument);
    EXPECT_EQ(read.error().message, row.message);
  }
}

std::string tags_of(std::string_view html) {
  std::string tags;
  bool inside = false;
  for (const char c : html) {
    inside = inside || c == '<';
    if (inside) tags += c;
    if (c == '>') inside = false;
  }
  return tags;
}

// Who changes the look in one language changes it in all.
TEST(Texts, TheHtmlOfAllLanguagesHasTheSameTags) {
  for (const auto kind : {Kind::sessions, Kind::partner_copy, Kind::notice}) {
    const auto english = tags_of(shipped_texts(kind, "en").value()[Part::html]);
    EXPECT_GT(english.size(), 1000u);
    for (const auto language : shipped_languages())
      EXPECT_EQ(tags_of(shipped_texts(kind, language).value()[Part::html]), english) << language;
  }
}

}  // namespace
}  // namespace collector::mail
