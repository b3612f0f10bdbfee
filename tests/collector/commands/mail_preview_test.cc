// `mail template preview`: what is shown, and that nothing comes of it.

#include <fstream>

#include "collector/commands/config.h"
#include "collector/commands/mail_logo.h"
#include "collector/commands/mail_template_preview.h"
#include "collector/mail/texts.h"
#include "collector/store/mails.h"
#include "tests/collector/commands/desk.h"
#include "tests/source_root.h"
#include "tests/support/process/process.h"

namespace collector::commands {
namespace {

class MailPreviewTest : public DeskTest {
 protected:
  Ran preview(MailPreviewOptions options) const {
    options.config = config();
    return ran([&](auto& out, auto& err) { return run_mail_template_preview(options, out, err); });
  }
  static MailPreviewOptions of(const std::string& kind, const std::string& language = "en") {
    MailPreviewOptions options;
    options.kind = kind;
    options.language = language;
    return options;
  }
  void configure(const std::string& line) const {
    auto text = support::read_file(config());
    const auto at = text.find("[mail]");
    ASSERT_NE(at, std::string::npos) << text;
    text.insert(at + 7, line + "\n");
    std::ofstream{config(), std::ios::binary} << text;
  }
};
INSTANTIATE_TEST_SUITE_P(On, MailPreviewTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

bool has(const Ran& ran, const std::string& text) {
  return ran.out.find(text) != std::string::npos;
}

TEST_P(MailPreviewTest, WithoutASessionItIsAnExampleWithEverything) {
  for (const auto language : mail::shipped_languages()) {
    for (const char* kind : {"sessions", "partner_copy", "notice"}) {
      const auto shown = preview(of(kind, std::string{language}));
      EXPECT_EQ(shown.code, 0) << shown.err;
      EXPECT_TRUE(has(shown, "Acme Ltd")) << shown.out;
      EXPECT_TRUE(has(shown, "Support A")) << shown.out;
    }
  }
  EXPECT_TRUE(has(preview(of("sessions")), "has run out ***"));
}

TEST_P(MailPreviewTest, ARealSessionIsShownInTheWordsThatAreGiven) {
  tell_story();
  auto options = of("sessions");
  options.session = 1;
  const auto shown = preview(options);
  ASSERT_EQ(shown.code, 0) << shown.err;
  EXPECT_TRUE(shown.out.starts_with("Remote support for Old Mill, 16 November 2026: ")) << shown.out;
  EXPECT_TRUE(has(shown, "Printer"));
  EXPECT_TRUE(has(shown, "Machine: Till"));
  EXPECT_TRUE(has(shown, "Ten hours: balance "));
  EXPECT_FALSE(has(shown, "    Why: "));
  options.language = "de";
  EXPECT_TRUE(has(preview(options), "Bearbeitet von: Anna"));
  options.language = "en";
  options.kind = "partner_copy";
  EXPECT_TRUE(has(preview(options), "what we did for your client Old Mill"));
  options.kind = "sessions";
  options.file = file("mine.txt",
                      "=== subject ===\nMine\n=== text ===\n%each session%%comment%%end%"
                      "%if exhausted%!%end%\n=== html ===\n%each session%%comment%%end%"
                      "%if exhausted%!%end%\n");
  EXPECT_EQ(preview(options).out, "Mine\n\nPrinter\n");
  configure("explain_charges = true");
  options.file.reset();
  EXPECT_TRUE(has(preview(options), "    Why: first block 10 min")) << preview(options).out;
}

TEST_P(MailPreviewTest, ACountryIsServedByItsLanguage) {
  const auto shown = preview(of("sessions", "el-GR"));
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_TRUE(shown.out.starts_with("Απομακρυσμένη υποστήριξη")) << shown.out;
  auto mail = of("sessions", "EL-gr");
  mail.as = "eml";
  EXPECT_TRUE(has(preview(mail), "Content-Language: el-gr")) << preview(mail).out;
  EXPECT_NE(preview(of("sessions", "el_GR")).err.find("did you mean el-GR?"), std::string::npos);
  auto first = of("sessions", "el-GR");
  first.version = 1;
  EXPECT_NE(preview(first).err.find("there is no version 1 of sessions el-gr"), std::string::npos);
}

TEST_P(MailPreviewTest, WhatWaitsForACustomerIsShownAndStillWaits) {
  tell_story();
  auto options = of("sessions");
  options.customer = "law";
  const auto shown = preview(options);
  ASSERT_EQ(shown.code, 0) << shown.err;
  EXPECT_TRUE(has(shown, "Open: 25 min charged, not billed yet")) << shown.out;
  auto database = std::move(workspace().database);
  EXPECT_TRUE(database.read([](store::Transaction& tx) -> base::Status {
    EXPECT_EQ(store::must(store::items_of(tx, 2)).size(), 1u);
    return {};
  }));
}

TEST_P(MailPreviewTest, WhatCannotBeShownIsSaid) {
  tell_story();
  const auto refused = [&](const MailPreviewOptions& options, const std::string& message) {
    const auto shown = preview(options);
    EXPECT_EQ(shown.code, 1) << message;
    EXPECT_NE(shown.err.find(message), std::string::npos) << shown.err;
  };
  auto options = of("sessions");
  options.session = 4;
  refused(options, "session 4 stands in no ledger: it is not charged yet, or there is none");
  options.session = 99;
  refused(options, "session 99 stands in no ledger");
  options.kind = "notice";
  refused(options, "a notice tells of no session; give a customer");
  options.session.reset();
  options.customer = "law";
  refused(options, "there is no notice about a contract of law now");
  options.kind = "partner_copy";
  refused(options, "nothing waits to be told to law");
  options.customer = "nobody";
  refused(options, "there is no customer 'nobody'");
  refused(of("letter"), "is no kind of mail");
  refused(of("sessions", "fr"), "there is no template of sessions in 'fr'");
  auto bad = of("sessions");
  bad.file = file("bad.txt", "=== subject ===\n%x\n=== text ===\nx\n=== html ===\nx\n");
  refused(bad, "bad.txt: subject line 1: a percent sign that begins no token is written %%");
}

TEST_P(MailPreviewTest, APageAndAMailAreWrittenIntoANewFile) {
  const auto png = support::read_file(SOURCE_ROOT "/tests/collector/mail/golden/logo.png");
  ASSERT_FALSE(png.empty());
  std::ofstream{config().parent_path() / "logo.png", std::ios::binary} << png;
  configure("logo = \"logo.png\"");
  auto options = of("sessions");
  options.as = "html";
  const auto page = preview(options);
  EXPECT_TRUE(has(page, "src=\"data:image/png;base64,iVBOR")) << page.err;
  EXPECT_FALSE(has(page, "cid:"));
  options.as = "eml";
  options.out = folder_ / "mail.eml";
  const auto written = preview(options);
  EXPECT_EQ(written.code, 0) << written.err;
  EXPECT_NE(support::read_file(folder_ / "mail.eml").find("Content-Type: multipart/related"),
            std::string::npos);
  const auto again = preview(options);
  EXPECT_EQ(again.code, 1);
  EXPECT_NE(again.err.find("cannot be written"), std::string::npos);
}

TEST_P(MailPreviewTest, ALogoThatIsNoneIsSaid) {
  configure("logo = \"logo.png\"");
  EXPECT_NE(preview(of("sessions")).err.find("logo.png cannot be read"), std::string::npos);
  std::ofstream{config().parent_path() / "logo.png"} << "<svg/>";
  EXPECT_NE(preview(of("sessions")).err.find("logo.png: is neither a PNG nor a JPEG picture"),
            std::string::npos);
}

}  // namespace
}  // namespace collector::commands
