#include "collector/mail/render.h"

#include <gmock/gmock.h>

#include "tests/collector/mail/sample.h"

namespace collector::mail {
namespace {

using testing::HasSubstr;
using testing::Not;

Rendered rendered(const MailInput& input) {
  return render(input, default_templates_loaded()).value();
}

TEST(Render, ListsEverySessionAndTheTotals) {
  const auto mail = rendered(sample_input());
  EXPECT_EQ(mail.subject, "Remote support for Acme Ltd, 2026-11-20: 20 min charged");
  EXPECT_THAT(mail.text,
              HasSubstr("2026-11-20  10:05 to 10:20  (0:15:12)\n    Charged: 20 min\n    Machine: Server\n"));
  EXPECT_THAT(mail.text, HasSubstr("2026-11-20  23:50 to 01:00 (+1)  (1:10:15)\n    Charged: no charge\n"));
  EXPECT_THAT(mail.text, HasSubstr("Sessions: 2\nTotal time: 1:25:27\nTotal charged: 20 min\n"));
  EXPECT_THAT(mail.text, HasSubstr("Support 2026: balance 9 h 40 min\n"));
  EXPECT_THAT(mail.html, HasSubstr(">0:15:12</td>"));
  EXPECT_THAT(mail.html, HasSubstr(">no charge</td>"));
  EXPECT_THAT(mail.html, HasSubstr("printer driver<br>and a test page"));
  EXPECT_THAT(mail.html, HasSubstr("width:100%;"));
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
  EXPECT_THAT(mail.text, HasSubstr("    %customer% %sessions% %nothing% 100%\n"));
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
  input.sessions[0].text = "done\r\nTotal charged: 0 min";
  const auto mail = rendered(input);
  EXPECT_THAT(mail.text, HasSubstr("    done\n    Total charged: 0 min\n"));
}

TEST(Render, FormulaLikeTextStaysText) {
  auto input = sample_input();
  input.sessions[0].text = "=HYPERLINK(\"http://x\",\"y\")";
  const auto mail = rendered(input);
  EXPECT_THAT(mail.text, HasSubstr("    =HYPERLINK(\"http://x\",\"y\")\n"));
  EXPECT_THAT(mail.html, HasSubstr("=HYPERLINK(&quot;http://x&quot;,&quot;y&quot;)"));
}

TEST(Render, DaysFollowTheTimeZone) {
  auto input = sample_input();
  input.sessions.resize(1);
  input.sessions[0].started = at("2026-03-29", "00:30:00");  // Athens skips from 03:00 to 04:00 at 01:00 UTC.
  input.sessions[0].ended = at("2026-03-29", "01:30:00");
  EXPECT_THAT(rendered(input).text, HasSubstr("2026-03-29  02:30 to 04:30  ("));
  input.time_zone = "America/New_York";
  EXPECT_THAT(rendered(input).text, HasSubstr("2026-03-28  20:30 to 21:30  ("));
}

TEST(Render, RefusesWhatItCannotShow) {
  auto input = sample_input();
  input.time_zone = "Mars/Olympus";
  EXPECT_EQ(render(input, default_templates_loaded()).error().message,
            "'Mars/Olympus' is no known time zone");
  input = sample_input();
  input.sessions.clear();
  EXPECT_FALSE(render(input, default_templates_loaded()));
}

}  // namespace
}  // namespace collector::mail
