#include "collector/mail/render.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "collector/mail/html_scan.h"
#include "common/base/utf8.h"
#include "tests/collector/mail/goldens.h"
#include "tests/collector/mail/sample.h"

namespace collector::mail {
namespace {

using testing::HasSubstr;
using testing::Not;

Rendered rendered(const MailInput& input) {
  return render(input, shipped(input.kind, input.language)).value();
}

TEST(Render, ListsEverySessionAndTheTotals) {
  const auto mail = rendered(sample_input());
  EXPECT_EQ(mail.subject, "Remote support for Acme Ltd, 20 November 2026: 20 min charged");
  EXPECT_THAT(
      mail.text,
      HasSubstr("20 Nov 2026  10:05 to 10:20  (0:15:12)\n    Charged: 20 min\n    Machine: Server\n"));
  EXPECT_THAT(mail.text, HasSubstr("20 Nov 2026  23:50 to 01:00 (+1 day)  (1:10:15)\n    No charge\n"));
  EXPECT_THAT(mail.text, HasSubstr("Sessions: 2\nTotal time: 1:25:27\nTotal charged: 20 min\n"));
  EXPECT_THAT(mail.text, HasSubstr("Support 2026: balance 9 h 40 min\n"));
  EXPECT_THAT(mail.html, HasSubstr(">Duration 0:15:12 &middot; Server &middot; Maria K.</div>"));
  EXPECT_THAT(mail.html, HasSubstr("<strong>no charge</strong>"));
  EXPECT_THAT(mail.html, HasSubstr("charged <strong>20\u00A0min</strong>"));
  EXPECT_THAT(mail.html, HasSubstr("balance <strong>9\u00A0h 40\u00A0min</strong>"));
  EXPECT_THAT(mail.html, HasSubstr("printer driver<br>and a test page"));
  EXPECT_THAT(mail.html, HasSubstr("width:100%;max-width"));
}

TEST(Render, ExhaustedTextComesOnlyWhenItIsTrue) {
  struct Row {
    bool exhausted, prepaid;
    std::int64_t balance_min;
    bool shown;
  };
  constexpr Row kRows[] = {{true, true, 0, true},   {true, true, -10, true},   {true, true, 1, false},
                           {false, true, 0, false}, {false, true, -10, false}, {true, false, 0, false}};
  for (const auto& row : kRows) {
    auto input = sample_input();
    input.contracts[0].exhausted = row.exhausted;
    input.contracts[0].prepaid = row.prepaid;
    input.contracts[0].balance_min = row.balance_min;
    const auto mail = rendered(input);
    EXPECT_EQ(mail.text.find("choose a new contract") != std::string::npos, row.shown) << row.balance_min;
    EXPECT_EQ(mail.html.find("choose a new contract") != std::string::npos, row.shown) << row.balance_min;
  }
}

TEST(Render, AContractThatHoldsMoneyShowsMoney) {
  auto input = sample_input();
  input.contracts[0].balance_min = 0;
  input.contracts[0].money_left = "67.50 EUR";
  EXPECT_THAT(rendered(input).text, HasSubstr("Support 2026: balance 67.50 EUR\n"));
  EXPECT_THAT(rendered(input).text, Not(HasSubstr("choose a new contract")));
  input.contracts[0].money_left = "-5.00 EUR";
  input.contracts[0].exhausted = true;
  EXPECT_THAT(rendered(input).text, HasSubstr("It is now -5.00 EUR. Please choose a new contract"));
}

TEST(Render, AnIndefiniteContractShowsWhatIsNotBilled) {
  auto input = sample_input();
  input.contracts = {{.name = "Open", .prepaid = false, .balance_min = 190, .exhausted = false}};
  EXPECT_THAT(rendered(input).text, HasSubstr("Open: 3 h 10 min charged, not billed yet\n"));
}

TEST(Render, ValuesAreNeverTemplate) {
  auto input = sample_input();
  input.customer = "%sender% %%";
  input.sessions[0].text = "%customer% %sessions% %nothing% 100%";
  const auto mail = rendered(input);
  EXPECT_THAT(mail.subject, HasSubstr("for %sender% %%,"));
  EXPECT_THAT(mail.text, HasSubstr("    Work: %customer% %sessions% %nothing% 100%\n"));
  EXPECT_THAT(mail.html, HasSubstr(">%customer% %sessions% %nothing% 100%<"));
}

TEST(Render, MarkupInAnyValueIsShownAndNotRun) {
  const std::string evil = "\"><script>alert('x')</script>&";
  auto input = sample_input();
  input.customer = input.sender_name = evil;
  input.sessions[0].text = input.sessions[0].terminal = input.sessions[0].technician = evil;
  input.contracts[0].name = evil;
  input.contracts[0].exhausted = true;
  input.contracts[0].balance_min = 0;
  const auto mail = rendered(input);
  EXPECT_THAT(mail.html, Not(HasSubstr("<script")));
  EXPECT_THAT(mail.html, Not(HasSubstr("alert('x')")));
  EXPECT_THAT(mail.html, HasSubstr("&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;"));
  EXPECT_THAT(mail.text, HasSubstr(evil));
}

TEST(Render, ACommentCannotPassForALineOfOurs) {
  auto input = sample_input();
  input.sessions[0].text = "done\r\nCharged: 0 min\nTotal charged: 0 min";
  const auto mail = rendered(input);
  EXPECT_THAT(mail.text, HasSubstr("    Work: done\n      Charged: 0 min\n      Total charged: 0 min\n"));
  EXPECT_THAT(mail.text, Not(HasSubstr("\n    Charged: 0 min")));
}

TEST(Render, FormulaLikeTextStaysText) {
  auto input = sample_input();
  input.sessions[0].text = "=HYPERLINK(\"http://x\",\"y\")";
  const auto mail = rendered(input);
  EXPECT_THAT(mail.text, HasSubstr("    Work: =HYPERLINK(\"http://x\",\"y\")\n"));
  EXPECT_THAT(mail.html, HasSubstr("=HYPERLINK(&quot;http://x&quot;,&quot;y&quot;)"));
}

TEST(Render, DaysFollowTheTimeZone) {
  auto input = sample_input();
  input.sessions.resize(1);
  input.sessions[0].started = at("2026-03-29", "00:30:00");  // Athens skips from 03:00 to 04:00 at 01:00 UTC.
  input.sessions[0].ended = at("2026-03-29", "01:30:00");
  EXPECT_THAT(rendered(input).text, HasSubstr("29 Mar 2026  02:30 to 04:30  ("));
  input.time_zone = "America/New_York";
  EXPECT_THAT(rendered(input).text, HasSubstr("28 Mar 2026  20:30 to 21:30  ("));
}

TEST(Render, RefusesWhatItCannotShow) {
  auto input = sample_input();
  input.time_zone = "Mars/Olympus";
  EXPECT_EQ(render(input, shipped()).error().message, "'Mars/Olympus' is no known time zone");
  input = sample_input();
  input.sessions.clear();
  EXPECT_EQ(render(input, shipped()).error().message, "a mail needs at least one session");
  input = sample_input();
  input.notices = sample_notice().notices;
  EXPECT_EQ(render(input, shipped()).error().message, "only a notice tells of notices");
  input = sample_notice();
  EXPECT_EQ(render(input, shipped()).error().message, "a template of sessions cannot tell notice");
  input.sessions = sample_input().sessions;
  EXPECT_EQ(render(input, shipped(Kind::notice)).error().message, "a notice lists no sessions");
  input = sample_notice();
  input.notices.clear();
  EXPECT_EQ(render(input, shipped(Kind::notice)).error().message, "a notice needs something to tell");
}

// Fills `text` as the text part of a mail.
std::string filled(const MailInput& input, const std::string& text) {
  const std::string body = input.kind == Kind::notice ? "%each notice%%contract%%end%"
                                                      : "%each session%%date%%end%%if exhausted%x%end%";
  const auto checked = Templates::load(input.kind, {{"s", text + "\n" + body, body}});
  EXPECT_TRUE(checked) << checked.error().message;
  const auto mail = render(input, *checked);
  EXPECT_TRUE(mail) << mail.error().message;
  return mail->text.substr(0, mail->text.find('\n'));
}

TEST(Render, EveryTokenOfTheMailHasItsValue) {
  struct Row {
    const char *token, *value;
  };
  const Row rows[] = {{"customer", "Acme Ltd"},
                      {"recipient", "Northern IT"},
                      {"sender", "Example Support"},
                      {"reference", "batch-17"},
                      {"mail_date", "21 November 2026"},
                      {"time_zone", "Europe/Athens"},
                      {"language", "en"},
                      {"first_day", "20 November 2026"},
                      {"last_day", "20 November 2026"},
                      {"period", "20 November 2026"},
                      {"session_count", "2"},
                      {"total_time", "1:25:27"},
                      {"total_charged", "20 min"},
                      {"total_charged_minutes", "20"},
                      {"date", "20 Nov 2026"},
                      {"start", "10:05"},
                      {"finish", "10:20"},
                      {"duration", "0:15:12"},
                      {"charged", "20 min"},
                      {"charged_minutes", "20"},
                      {"terminal", "Server"},
                      {"technician", "Maria K."},
                      {"comment", "antivirus update"},
                      {"work", "|"},
                      {"explanation", "first block"},
                      {"contract", "Support 2026"},
                      {"balance", "9 h 40 min"},
                      {"balance_minutes", "580"}};
  auto both = sample_partner_copy();
  both.sessions[0].steps = {{.what = "first block"}};
  for (const auto& row : rows) {
    const auto tokens = known_tokens();
    const auto known = std::ranges::find(tokens, std::string_view{row.token}, &KnownToken::name);
    auto mark = "%" + std::string{row.token} + "%";
    if (known->scopes == kInSession) mark = "%each session%" + mark + "|%end%";
    if ((known->scopes & kInContract) != 0) mark = "%each contract%" + mark + "|%end%";
    EXPECT_TRUE(filled(both, mark).starts_with(row.value)) << row.token << ": " << filled(both, mark);
  }
  both.sessions[1].started += std::chrono::days{1};
  EXPECT_EQ(filled(both, "%period%"), "20 November 2026 - 21 November 2026");
  both.language = "no\"tag";
  EXPECT_EQ(filled(both, "%language%"), "en");
}

TEST(Render, EveryConditionIsSometimesTrueAndSometimesNot) {
  const auto said = [](const MailInput& input, const std::string& name, const std::string& loop) {
    const auto mark = "%if " + name + "%yes%else%no%end%";
    return filled(input, loop.empty() ? mark : "%each " + loop + "%" + mark + " %end%");
  };
  auto input = sample_input();
  EXPECT_EQ(said(input, "exhausted", ""), "no");
  EXPECT_EQ(said(input, "low_balance", ""), "no");
  EXPECT_EQ(said(input, "no_charge", ""), "yes");
  EXPECT_EQ(said(input, "no_charge", "session"), "no yes ");
  EXPECT_EQ(said(input, "charged", ""), "yes");
  EXPECT_EQ(said(input, "charged", "session"), "yes no ");
  EXPECT_EQ(said(input, "several_sessions", ""), "yes");
  EXPECT_EQ(said(input, "several_sessions", "session"), "yes yes ");
  EXPECT_EQ(said(input, "several_contracts", ""), "no");
  EXPECT_EQ(said(input, "partner", ""), "no");
  EXPECT_EQ(said(sample_partner_copy(), "partner", ""), "yes");
  EXPECT_EQ(said(input, "logo", ""), "no");
  EXPECT_EQ(said(input, "comment", "session"), "yes yes ");
  EXPECT_EQ(said(input, "together", "session"), "no no ");
  EXPECT_EQ(said(input, "corrected", ""), "no");
  EXPECT_EQ(said(input, "work", "session"), "no no ");
  input.sessions[1].together = input.sessions[1].corrected = true;
  input.sessions[1].work = Work::on_site;
  EXPECT_EQ(said(input, "together", "session"), "no yes ");
  EXPECT_EQ(said(input, "corrected", ""), "yes");
  EXPECT_EQ(said(input, "corrected", "session"), "no yes ");
  EXPECT_EQ(said(input, "work", "session"), "no yes ");
  EXPECT_EQ(said(input, "explanation", "session"), "no no ");
  EXPECT_EQ(said(input, "prepaid", "contract"), "yes ");
  EXPECT_EQ(said(input, "money", "contract"), "no ");
  EXPECT_EQ(said(input, "overdrawn", "contract"), "no ");

  input.logo = sample_logo();
  input.sessions.resize(1);
  input.sessions[0].text = " \r\n";
  input.sessions[0].terminal = input.sessions[0].technician = "\u202E";
  input.sessions[0].no_charge = true;
  input.sessions[0].steps = {{.what = "no charge"}};
  input.contracts = {{.name = "A", .prepaid = true, .balance_min = -1, .exhausted = true, .low = true},
                     {.name = "B", .prepaid = true, .balance_min = 9, .low = true},
                     {.name = "C", .prepaid = false, .balance_min = 9, .exhausted = true, .low = true},
                     {.name = "D", .prepaid = true, .money_left = "-5.00 EUR"}};
  EXPECT_EQ(said(input, "exhausted", ""), "yes");
  EXPECT_EQ(said(input, "exhausted", "contract"), "yes no no no ");
  EXPECT_EQ(said(input, "low_balance", ""), "yes");
  EXPECT_EQ(said(input, "low_balance", "contract"), "no yes no no ");
  EXPECT_EQ(said(input, "charged", ""), "no");
  EXPECT_EQ(said(input, "several_sessions", ""), "no");
  EXPECT_EQ(said(input, "several_contracts", ""), "yes");
  EXPECT_EQ(said(input, "logo", ""), "yes");
  for (const char* name : {"comment", "terminal", "technician"})
    EXPECT_EQ(said(input, name, "session"), "no ");
  EXPECT_EQ(said(input, "explanation", "session"), "yes ");
  EXPECT_EQ(said(input, "prepaid", "contract"), "yes yes no yes ");
  EXPECT_EQ(said(input, "money", "contract"), "no no no yes ");
  EXPECT_EQ(said(input, "overdrawn", "contract"), "yes no no yes ");
}

TEST(Render, WhatIsChargedIsTimeOrMoneyOrBoth) {
  auto input = sample_input();
  auto& first = input.sessions[0];
  auto& second = input.sessions[1];
  const auto rows = [&] { return filled(input, "%each session%%charged%|%end%%total_charged%"); };
  second.no_charge = false;
  second.charged_min = 30;
  EXPECT_EQ(rows(), "20 min|30 min|50 min");
  second.charged_min = 0;
  EXPECT_EQ(rows(), "20 min|0 min|20 min");
  second.together = true;
  EXPECT_EQ(rows(), "20 min|with the one above|20 min");
  second.together = false;
  first.charged_min = 0;
  first.charged_money = {{.amount = 2'000, .currency = "EUR"}};
  second.charged_money = {{.amount = 1'050, .currency = "EUR"}};
  EXPECT_EQ(rows(), "20.00 EUR|10.50 EUR|30.50 EUR") << "all of one currency";
  EXPECT_EQ(filled(input, "%total_charged_minutes%"), "0");
  EXPECT_EQ(filled(input, "%if charged%yes%end%"), "yes");
  second.charged_money = {{.amount = 1'000, .currency = "JPY"}};
  EXPECT_EQ(rows(), "20.00 EUR|1000 JPY|20.00 EUR, 1000 JPY");
  second.charged_min = 70;
  EXPECT_EQ(rows(), "20.00 EUR|1 h 10 min, 1000 JPY|1 h 10 min, 20.00 EUR, 1000 JPY");
  input.language = "de";
  EXPECT_EQ(rows(), "20,00 EUR|1 Stunde 10 Minuten, 1000 JPY|1 Stunde 10 Minuten, 20,00 EUR, 1000 JPY");
  second.no_charge = true;
  EXPECT_EQ(rows(), "20,00 EUR|0 Minuten|20,00 EUR");
}

TEST(Render, APhoneCallIsNoMachine) {
  auto input = sample_input();
  input.sessions.resize(1);
  input.sessions[0].terminal = "";
  input.sessions[0].work = Work::phone;
  for (const auto& [language, word, machine] : {std::tuple{"en", "phone", "Machine"},
                                                {"de", "Telefon", "Gerät"},
                                                {"el", "τηλεφωνικά", "Υπολογιστής"}}) {
    input.language = language;
    const auto text = rendered(input).text;
    EXPECT_THAT(text, HasSubstr(word)) << language;
    EXPECT_THAT(text, Not(HasSubstr(machine))) << language;
  }
}

TEST(Render, ANoticeTellsEachThing) {
  auto input = sample_notice();
  EXPECT_EQ(filled(input, "%each notice%%threshold%|%end%"), "|80%|1 h|50.00 EUR|||");
  EXPECT_EQ(filled(input, "%each notice%%day%|%end%"), "||||1 December 2026|1 December 2026|");
  EXPECT_EQ(filled(input, "%each notice%%balance%|%end%"), "-10 min|2 h|55 min|47.50 EUR|2 h|30 min|");
  EXPECT_EQ(filled(input, "%each notice%%balance_minutes%|%end%"), "-10|120|55|0|120|30|");
  const std::pair<const char*, const char*> rows[] = {
      {"exhausted", "100000"}, {"used", "010000"},  {"left", "001100"},     {"ends_soon", "000011"},
      {"part", "000001"},      {"money", "000100"}, {"overdrawn", "100000"}};
  for (const auto& [name, expected] : rows)
    EXPECT_EQ(filled(input, "%each notice%%if " + std::string{name} + "%1%else%0%end%%end%"), expected)
        << name;
  EXPECT_EQ(filled(input, "%if several_notices%1%end%%if exhausted%2%end%"), "12");
  EXPECT_EQ(rendered(input).subject, "Your support contract has run out: Acme Ltd");
  input.notices = {input.notices[1]};
  EXPECT_EQ(filled(input, "%if several_notices%1%end%%if exhausted%2%end%x"), "x");
  EXPECT_EQ(rendered(input).subject, "About your support contract: Acme Ltd");
  input.notices.push_back(input.notices[0]);
  EXPECT_EQ(rendered(input).subject, "About your support contract: Acme Ltd")
      << "two notices of one contract";
  input.notices[1].contract = "Nights";
  EXPECT_EQ(rendered(input).subject, "About your support contracts: Acme Ltd");
}

TEST(Render, ThereIsAlwaysASubject) {
  const std::string body = "%each session%%date%%end%%if exhausted%x%end%";
  const auto checked = Templates::load(Kind::sessions, {{"%if exhausted%Used up%end%", body, body}});
  ASSERT_TRUE(checked) << checked.error().message;
  auto input = sample_input();
  EXPECT_EQ(render(input, *checked)->subject, "Acme Ltd batch-17");
  input.customer = "\u202E";
  EXPECT_EQ(render(input, *checked)->subject, "batch-17");
  input.contracts[0].exhausted = true;
  input.contracts[0].balance_min = 0;
  EXPECT_EQ(render(input, *checked)->subject, "Used up");
}

TEST(Render, TheLogoIsShownSmallEnough) {
  const std::string mark = "<img src=\"%logo%\" width=\"%logo_width%\" height=\"%logo_height%\">";
  const auto shown = [&](unsigned width, unsigned height) {
    auto input = sample_input();
    auto logo = std::make_shared<Logo>(*sample_logo());
    logo->width = width, logo->height = height;
    input.logo = logo;
    const std::string body = "%each session%%date%%end%%if exhausted%x%end%";
    return render(input, Templates::load(Kind::sessions, {{"s", body, mark + body}}).value()).value().html;
  };
  EXPECT_THAT(shown(176, 44),
              HasSubstr("cid:logo.batch-17.1@collector.example.org\" width=\"176\" height=\"44\""));
  EXPECT_THAT(shown(440, 60), HasSubstr("width=\"220\" height=\"30\""));
  EXPECT_THAT(shown(1200, 1200), HasSubstr("width=\"60\" height=\"60\""));
  EXPECT_THAT(shown(2000, 1), HasSubstr("width=\"220\" height=\"1\""));
  EXPECT_THAT(rendered(sample_input()).html, Not(HasSubstr("<img")));
}

TEST(Render, ALineOfMarksLeavesNoEmptyLine) {
  auto input = sample_input();
  const auto checked =
      Templates::load(input.kind, {{"s",
                                    "a\n  %each session%\n%if no_charge%\n- %charged_minutes%\n%else%\n+ "
                                    "%charged_minutes%\n%end%\n%end%\nb\n%if exhausted%\nx\n%end%\nc",
                                    "%each session%%date%%end%%if exhausted%x%end%"}});
  ASSERT_TRUE(checked) << checked.error().message;
  EXPECT_EQ(render(input, *checked)->text, "a\n+ 20\n- 0\nb\nc");
}

TEST(Render, NothingThatSomebodyWroteIsExpandedOrTurnsALineAround) {
  for (const auto& hostile : hostile_mails()) {
    const auto mail = rendered(hostile.input);
    for (const auto* part : {&mail.subject, &mail.text, &mail.html}) {
      EXPECT_TRUE(base::is_utf8(*part)) << hostile.name;
      for (const char c : *part)
        ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << hostile.name;
      for (const char* turning :
           {"\u202A", "\u202B", "\u202D", "\u202E", "\u2066", "\u2067", "\u200F", "\u061C"})
        EXPECT_EQ(part->find(turning), std::string::npos) << hostile.name;
    }
    EXPECT_LT(mail.html.size(), 200'000u) << hostile.name;
    HtmlScan scan;
    for (const char c : mail.html) ASSERT_EQ(scan.read(c), std::nullopt) << hostile.name;
    EXPECT_EQ(scan.at(), HtmlScan::At::text) << hostile.name;
    EXPECT_THAT(mail.html, Not(HasSubstr("<script")));
  }
}

}  // namespace
}  // namespace collector::mail
