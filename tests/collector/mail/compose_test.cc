#include "collector/mail/compose.h"

#include <gmime/gmime.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "collector/mail/render.h"
#include "tests/collector/mail/goldens.h"
#include "tests/collector/mail/sample.h"
#include "tests/source_root.h"

namespace collector::mail {
namespace {

using testing::HasSubstr;

// A composed mail read back with GMime's parser.
class Parsed {
 public:
  explicit Parsed(const std::string& raw) {
    g_mime_init();
    GMimeStream* stream = g_mime_stream_mem_new_with_buffer(raw.data(), raw.size());
    GMimeParser* parser = g_mime_parser_new_with_stream(stream);
    message_ = g_mime_parser_construct_message(parser, nullptr);
    g_object_unref(parser);
    g_object_unref(stream);
  }
  ~Parsed() { g_object_unref(message_); }
  Parsed(const Parsed&) = delete;
  Parsed& operator=(const Parsed&) = delete;

  std::string header(const char* name) const {
    const char* value = g_mime_object_get_header(GMIME_OBJECT(message_), name);
    return value == nullptr ? "(none)" : value;
  }
  std::string language() const {
    const char* value = g_mime_object_get_header(GMIME_OBJECT(alternatives()), "Content-Language");
    return value == nullptr ? "(none)" : value;
  }
  int headers() const {
    return g_mime_header_list_get_count(g_mime_object_get_header_list(GMIME_OBJECT(message_)));
  }

  int parts() const { return g_mime_multipart_get_count(alternatives()); }
  std::string type(int i) const {
    char* type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(part(i)));
    std::string out{type};
    g_free(type);
    return out;
  }
  std::string charset(int i) const { return g_mime_object_get_content_type_parameter(part(i), "charset"); }

  // Decoded, with LF line ends.
  std::string text(int i) const {
    char* decoded = g_mime_text_part_get_text(GMIME_TEXT_PART(part(i)));
    std::string out;
    for (const char* c = decoded; *c != '\0'; ++c) {
      if (*c != '\r') out += *c;
    }
    g_free(decoded);
    return out;
  }

 private:
  GMimeMultipart* alternatives() const { return GMIME_MULTIPART(g_mime_message_get_mime_part(message_)); }
  GMimeObject* part(int i) const { return g_mime_multipart_get_part(alternatives(), i); }
  GMimeMessage* message_;
};

const std::filesystem::path kGoldens = std::filesystem::path{SOURCE_ROOT} / "tests/collector/mail/golden";

// DESKLEDGER_UPDATE_GOLDEN=1 in the environment writes the files anew; read the difference before committing
// it.
TEST(Compose, GivesTheGoldenMails) {
  for (const auto& golden : goldens()) {
    const auto path = kGoldens / (golden.name + ".eml");
    const auto raw = composed(golden.input);
    if (std::getenv("DESKLEDGER_UPDATE_GOLDEN") != nullptr) std::ofstream{path, std::ios::binary} << raw;
    std::ifstream in{path, std::ios::binary};
    const std::string expected{std::istreambuf_iterator<char>{in}, {}};
    EXPECT_TRUE(raw == expected) << golden.name << ".eml differs; composed:\n" << raw;
  }
}

TEST(Compose, ReadsBackAsItWasMeant) {
  for (const auto& golden : goldens()) {
    const Parsed mail{composed(golden.input)};
    const auto expected = render(golden.input, shipped(golden.input.kind, golden.input.language)).value();
    EXPECT_EQ(mail.header("Message-Id"), "<batch-17.1@collector.example.org>");
    EXPECT_EQ(mail.header("Date"), "Sat, 21 Nov 2026 09:05:07 +0000");
    EXPECT_EQ(mail.header("Auto-Submitted"), "auto-generated");
    EXPECT_EQ(mail.header("X-Deskledger-Batch"), "batch-17");
    EXPECT_EQ(mail.language(), golden.input.language);
    EXPECT_EQ(mail.header("Bcc"), "(none)");
    EXPECT_EQ(mail.headers(), 8) << golden.name << " has a header more or less";
    ASSERT_EQ(mail.parts(), 2);
    EXPECT_EQ(mail.type(0), "text/plain");
    EXPECT_EQ(mail.charset(0), "utf-8");
    EXPECT_EQ(mail.text(0), expected.text) << golden.name;
    if (golden.input.logo) {
      EXPECT_EQ(mail.type(1), "multipart/related");
      continue;
    }
    EXPECT_EQ(mail.type(1), "text/html");
    EXPECT_EQ(mail.charset(1), "utf-8");
    EXPECT_EQ(mail.text(1), expected.html) << golden.name;
  }
}

TEST(Compose, TheLogoStandsBesideTheHtmlThatShowsIt) {
  auto input = sample_input();
  input.logo = sample_logo();
  const auto raw = composed(input);
  EXPECT_THAT(raw, HasSubstr("Content-Type: image/png"));
  EXPECT_THAT(raw, HasSubstr("Content-Id: <logo.batch-17.1@collector.example.org>"));
  EXPECT_THAT(raw, HasSubstr("cid:logo.batch-17.1@collector.example.org"));
  const TemplateTexts plain{{"s", "%each session%%date%%end%%if exhausted%x%end%",
                             "%each session%%date%%end%%if exhausted%x%end%"}};
  const auto without = compose(input, Templates::load(Kind::sessions, plain).value());
  ASSERT_TRUE(without);
  EXPECT_EQ(without->find("image/png"), std::string::npos) << "a logo that nothing shows";
}

TEST(Compose, OnlyTheRecipientIsAddressed) {
  for (const auto& hostile : hostile_mails()) {
    const Parsed mail{composed(hostile.input)};
    EXPECT_THAT(mail.header("To"), HasSubstr(hostile.input.recipient)) << hostile.name;
    EXPECT_THAT(mail.header("From"), HasSubstr("support@example.org")) << hostile.name;
    EXPECT_EQ(mail.header("Bcc"), "(none)") << hostile.name;
    EXPECT_EQ(mail.headers(), 8) << hostile.name;
    InternetAddressList* to = internet_address_list_parse(nullptr, mail.header("To").c_str());
    EXPECT_EQ(internet_address_list_length(to), 1) << hostile.name;
    g_object_unref(to);
  }
  auto input = sample_partner_copy();
  EXPECT_EQ(Parsed{composed(input)}.header("To"), "Northern IT <desk@northern.example>");
  input.recipient_name = "";
  EXPECT_EQ(Parsed{composed(input)}.header("To"), "Acme Ltd <desk@northern.example>");
}

TEST(Compose, EveryLineIsShortAsciiAndEndsWithCrlf) {
  auto all = goldens();
  for (auto& hostile : hostile_mails()) all.push_back(std::move(hostile));
  for (const auto& golden : all) {
    const auto raw = composed(golden.input);
    ASSERT_TRUE(raw.ends_with("\r\n"));
    std::size_t column = 0;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      const auto c = static_cast<unsigned char>(raw[i]);
      ASSERT_TRUE(c < 0x7F && (c >= 0x20 || c == '\r' || c == '\n' || c == '\t')) << "byte " << i;
      ASSERT_EQ(c == '\n', i > 0 && raw[i - 1] == '\r') << "byte " << i;
      column = c == '\n' ? 0 : column + 1;
      ASSERT_LE(column, 999u) << golden.name;
    }
  }
}

TEST(Compose, TheSameInputGivesTheSameBytesAndAnotherIdAnotherBoundary) {
  auto input = sample_input();
  const auto first = composed(input);
  EXPECT_EQ(first, composed(input));
  input.message_id = "batch-18.1@collector.example.org";
  const auto boundary = [](const std::string& raw) { return raw.substr(raw.find("=_dl-"), 21); };
  EXPECT_NE(boundary(first), boundary(composed(input)));
}

TEST(Compose, WhatIsNoLanguageIsLeftOut) {
  for (const char* language : {"", "el_GR", "en\r\nX: y", "\"><script>"}) {
    auto input = sample_input();
    input.language = language;
    const auto raw = compose(input, shipped());
    ASSERT_TRUE(raw) << raw.error().message;
    const Parsed mail{*raw};
    EXPECT_EQ(mail.language(), "(none)") << language;
    EXPECT_EQ(mail.headers(), 8) << language;
    EXPECT_THAT(mail.text(1), HasSubstr("<html lang=\"en\">")) << language;
  }
}

TEST(Compose, RefusesWhatCannotStandInAHeader) {
  const auto refused = [](auto change) {
    auto input = sample_input();
    change(input);
    const auto raw = compose(input, shipped());
    return !raw && raw.error().code == base::ErrorCode::invalid_argument;
  };
  EXPECT_TRUE(refused([](MailInput& i) { i.recipient = "a@b\r\nBcc: x@y"; }));
  EXPECT_TRUE(refused([](MailInput& i) { i.recipient = ""; }));
  EXPECT_TRUE(refused([](MailInput& i) { i.recipient = "a@b, c@d"; }));
  EXPECT_TRUE(refused([](MailInput& i) { i.sender_address = "nobody"; }));
  EXPECT_TRUE(refused([](MailInput& i) { i.message_id = "no-at-sign"; }));
  EXPECT_TRUE(refused([](MailInput& i) { i.reference = "a\r\nb"; }));
  EXPECT_TRUE(refused([](MailInput& i) { i.reference = ""; }));
  EXPECT_TRUE(refused([](MailInput& i) { i.time_zone = "Nowhere"; }));
}

}  // namespace
}  // namespace collector::mail
