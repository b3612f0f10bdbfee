#include "collector/store/mail_templates.h"

#include "tests/collector/store/store_fixture.h"

namespace collector::store {
namespace {

STORE_SUITE(MailTemplatesTest);

timing::UtcMs at(std::int64_t ms) {
  return timing::UtcMs{std::chrono::milliseconds{ms}};
}

MailTemplateRow row(const std::string& kind, const std::string& language, std::int64_t version) {
  return {.id = 0,
          .kind = kind,
          .language = language,
          .version = version,
          .subject = "Für %customer%",
          .text = "text " + std::to_string(version),
          .html = "<b>%%</b>",
          .who = "mary",
          .why = "the new logo",
          .created = at(1'000 + version)};
}

TEST_P(MailTemplatesTest, AVersionComesBackWhole) {
  write([](Transaction& t) {
    must(add_mail_template(t, row("sessions", "el", 1)));
    const auto found = must(find_mail_template(t, "sessions", "el", 1));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->kind, "sessions");
    EXPECT_EQ(found->language, "el");
    EXPECT_EQ(found->version, 1);
    EXPECT_EQ(found->subject, "Für %customer%");
    EXPECT_EQ(found->text, "text 1");
    EXPECT_EQ(found->html, "<b>%%</b>");
    EXPECT_EQ(found->who, "mary");
    EXPECT_EQ(found->why, "the new logo");
    EXPECT_EQ(found->created, at(1'001));
    EXPECT_FALSE(must(find_mail_template(t, "sessions", "el", 2)));
    EXPECT_FALSE(must(find_mail_template(t, "notice", "el", 1)));
  });
}

TEST_P(MailTemplatesTest, TheNewestOfEachHolds) {
  write([](Transaction& t) {
    for (const std::int64_t version : {1, 2, 3}) must(add_mail_template(t, row("sessions", "el", version)));
    must(add_mail_template(t, row("sessions", "en", 1)));
    must(add_mail_template(t, row("notice", "el", 1)));
    EXPECT_EQ(must(newest_mail_template(t, "sessions", "el"))->version, 3);
    EXPECT_FALSE(must(newest_mail_template(t, "sessions", "de")));
    std::string all;
    for (const auto& one : must(list_mail_templates(t)))
      all += one.kind + "." + one.language + "." + std::to_string(one.version) + " ";
    EXPECT_EQ(all, "notice.el.1 sessions.el.3 sessions.en.1 ");
    std::string versions;
    for (const auto& one : must(mail_template_versions(t, "sessions", "el"))) versions += one.text + " ";
    EXPECT_EQ(versions, "text 3 text 2 text 1 ");
  });
}

TEST_P(MailTemplatesTest, AVersionIsNeverGivenTwiceNorAnotherKind) {
  const auto refused = [&](const MailTemplateRow& one) {
    const auto status = connection_.transaction([&](Transaction& t) -> base::Status {
      const auto id = add_mail_template(t, one);
      if (!id) return std::unexpected{id.error()};
      return {};
    });
    return status ? "" : std::string{base::to_string(status.error().code)};
  };
  EXPECT_EQ(refused(row("sessions", "en", 1)), "");
  EXPECT_EQ(refused(row("sessions", "en", 1)), "conflict");
  EXPECT_NE(refused(row("letter", "en", 1)), "");
  EXPECT_NE(refused(row("sessions", "en", 0)), "");
}

}  // namespace
}  // namespace collector::store
