// What people read about sessions, contracts and mails; exit codes.

#include <boost/json.hpp>

#include "collector/commands/explain.h"
#include "collector/commands/mail.h"
#include "collector/commands/mail_list.h"
#include "collector/commands/sessions.h"
#include "collector/store/mails.h"
#include "collector/store/session.h"
#include "tests/collector/commands/desk.h"

namespace collector::commands {
namespace {

namespace json = boost::json;
using store::must;

class ListingTest : public DeskTest {
 protected:
  ListingTest() { tell_story(); }
  SessionsOptions sessions() {
    SessionsOptions options;
    options.config = config();
    return options;
  }
  static Ran list(const SessionsOptions& options) {
    return ran([&](auto& out, auto& err) { return run_sessions(options, out, err); });
  }
  Ran explain(std::int64_t session, bool as_json = false) {
    return ran([&](auto& out, auto& err) {
      return run_explain({.config = config(), .subject = std::to_string(session), .json = as_json}, out, err);
    });
  }
  Ran resend(std::int64_t mail) {
    return ran(
        [&](auto& out, auto& err) { return run_mail_resend({.config = config(), .mail = mail}, out, err); });
  }
  void set_state(std::int64_t mail, const std::string& state) {
    auto place = workspace();
    must(place.database.transaction([&](store::Transaction& t) {
      return store::set_mail_state(
          t, mail, {.state = state, .attempts = 3, .next_try = store::at(1), .last_error = "x", .sent = {}});
    }));
  }
};
INSTANTIATE_TEST_SUITE_P(On, ListingTest, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(ListingTest, SessionsAsATable) {
  const auto listed = list(sessions());
  EXPECT_EQ(listed.code, 0);
  EXPECT_EQ(listed.out,
            "SESSION  STARTED (UTC)         LENGTH  BOOT CLOCK  TECHNICIAN  BY          "
            "   CUSTOMER  TERMINAL   MIN  STATE      MAIL    REASON OR COMMENT  NOTES\n"
            "      4  2026-11-16T11:00:00  0:05:00              Anna        support_poin"
            "t            410100999       review     none    unknown_terminal\n"
            "      3  2026-11-16T10:00:00  0:05:00              Anna        support_poin"
            "t  bakery    Till         0  no_charge  sent    Looked in\n"
            "      2  2026-11-16T09:00:00  0:05:00              Anna        support_poin"
            "t  law       Desk        25  posted     queued  Mail\n"
            "      1  2026-11-16T08:00:00  0:05:00              Anna        support_poin"
            "t  bakery    Till        10  posted     sent    Printer\n");
}

TEST_P(ListingTest, TheLimitCountsWhatIsShown) {
  auto options = sessions();
  options.limit = 1;
  options.state = "posted";
  const auto listed = list(options);
  EXPECT_NE(listed.out.find("Mail"), std::string::npos) << listed.out;
  EXPECT_EQ(listed.out.find("Printer"), std::string::npos);
  options.state = "active";
  EXPECT_EQ(list(options).out, "No sessions.\n");
}

TEST_P(ListingTest, ATableSaysHowMuchMoreThereIs) {
  auto options = sessions();
  options.limit = 3;
  const auto page = list(options).out;
  EXPECT_TRUE(page.ends_with("1 more; see them with --limit 4\n")) << page;
  options.limit = 4;
  EXPECT_EQ(list(options).out.find("more;"), std::string::npos);
  options.limit = 2;
  options.json = true;
  EXPECT_EQ(json::parse(list(options).out).as_array().size(), 2u);
}

TEST_P(ListingTest, SessionsForSpreadsheets) {
  auto options = sessions();
  options.csv = true;
  options.customer = "bakery";
  EXPECT_EQ(list(options).out,
            "session,technician_number,technician,customer,customer_name,terminal,remote_id,started_utc,"
            "ended_utc,seconds,duration,contract,charged_min,charged_with,amount,currency,document,"
            "comment_raw,comment,series,series_sessions,series_seconds,series_charged_min,state,"
            "capture_state,edit_state,money_state,mail_state,no_charge_by,no_charge_utc,no_charge_why\n"
            "3,1,\"Anna\",\"bakery\",\"Old Mill\",\"Till\",\"410100201\",2026-11-16T10:00:00.000Z,"
            "2026-11-16T10:05:00.000Z,300,0:05:00,\"Ten hours\",0,,0.00,\"EUR\",,\"Looked in #\","
            "\"Looked in\",,,,,no_charge,ended,clean,unbilled,sent,comment,,\n"
            "1,1,\"Anna\",\"bakery\",\"Old Mill\",\"Till\",\"410100201\",2026-11-16T08:00:00.000Z,"
            "2026-11-16T08:05:00.000Z,300,0:05:00,\"Ten hours\",10,,0.00,\"EUR\",,\"Printer\",\"Printer\","
            ",,,,posted,ended,clean,unbilled,sent,,,\n");
}

TEST_P(ListingTest, SessionsForPrograms) {
  auto options = sessions();
  options.json = options.all = true;
  const auto value = json::parse(list(options).out).as_array();
  ASSERT_EQ(value.size(), 5u);
  EXPECT_EQ(value[0].at("state"), "attempt");
  EXPECT_EQ(value[1].at("state"), "review");
  EXPECT_EQ(value[1].at("review_reasons").at(0), "unknown_terminal");
  EXPECT_EQ(value[3].at("charged_min"), 25);
  EXPECT_EQ(value[3].at("seconds"), 300);
  EXPECT_FALSE(value[3].as_object().contains("real_min")) << "nothing is rounded a second time";
  EXPECT_EQ(value[4].at("technician").at("rule"), "support_point");
  EXPECT_EQ(value[4].at("customer"), "bakery");
  options.customer = "law";
  EXPECT_EQ(json::parse(list(options).out).as_array().size(), 1u);
}

TEST_P(ListingTest, ASessionIsExplainedFromRecordToMail) {
  const auto told = explain(1);
  EXPECT_EQ(told.code, 0);
  for (const char* part :
       {"Session 1: desktop to 410100201 from workstation anna-pc, completed", "record 1 of agent 0000",
        "\"Printer\"", "= ready: technician Anna by support_point, customer Old Mill, contract Ten hours",
        "= 10 min", "consumption on Ten hours: left -10 min, work 10 min",
        "mail 1 to office@mill.example: sent", "session 1: not billed"}) {
    EXPECT_NE(told.out.find(part), std::string::npos) << part << "\n" << told.out;
  }
  const auto value = json::parse(explain(1, true).out);
  EXPECT_EQ(value.at("entries").at(0).at("minutes"), -10);
  EXPECT_EQ(value.at("sessions").at(0).at("attributions").at(0).at("disposition"), "ready");
  EXPECT_TRUE(value.at("charges").at(0).at("steps").is_array());
  EXPECT_EQ(explain(99).code, 1);
  EXPECT_NE(explain(99).err.find("there is no session 99"), std::string::npos);
}

TEST_P(ListingTest, BadStoredTextIsShownNotThrown) {
  auto place = workspace();
  must(place.database.transaction([](store::Transaction& t) -> base::Status {
    t.session().script(
        "INSERT INTO attribution (session_id, session_revision, comment_id, directory_version, "
        "comments_seen_id, "
        "disposition, technician_rule, no_charge, text, reasons, steps, created_ms) "
        "VALUES (1, 1, NULL, 0, 0, 'review', 'none', 0, '', 'not JSON', '{', 1)");
    return {};
  }));
  auto options = sessions();
  EXPECT_NE(list(options).out.find("not JSON"), std::string::npos);
  options.json = true;
  EXPECT_EQ(list(options).code, 0);
  EXPECT_EQ(explain(1).code, 0);
  EXPECT_EQ(explain(1, true).code, 0);
}

TEST_P(ListingTest, WhatIsInDoubtIsShownInEveryView) {
  auto place = workspace();
  must(place.database.transaction([](store::Transaction& t) -> base::Status {
    t.session().script(
        "UPDATE session SET witness = 'window', doubts = 'pairing', duration_boot_ms = 310000, "
        "duration_boot_uncertainty_ms = 250, overnight = 1, reconnects = 1, remote_id = '', "
        "remote_id_withheld = 1 WHERE session_id = 4");
    return {};
  }));
  const auto table = list(sessions()).out;
  const auto told = explain(4).out;
  auto options = sessions();
  options.json = true;
  const auto value = json::parse(list(options).out).at(0).at("capture");
  const auto explained = json::parse(explain(4, true).out).at("sessions").at(0).at("capture");
  for (const char* part :
       {"0:05:10 +-250ms", "unregistered terminal, ID withheld",
        "only AnyDesk's window could be read; in doubt: several tabs were open; ran overnight; "
        "reconnected once"}) {
    EXPECT_NE(table.find(part), std::string::npos) << part << "\n" << table;
  }
  for (const char* part :
       {"Session 4: desktop to unregistered terminal, ID withheld from workstation anna-pc",
        "  durations  AnyDesk 5:00.000, boot-time clock 5:10.000 +- 250 ms\n",
        "  witness    AnyDesk's window\n", "  note       in doubt: several tabs were open\n",
        "  note       ran overnight\n", "  note       reconnected once\n"}) {
    EXPECT_NE(told.find(part), std::string::npos) << part << "\n" << told;
  }
  EXPECT_EQ(value.at("witness"), "window");
  EXPECT_EQ(value.at("doubts").at(0), "pairing");
  EXPECT_EQ(value.at("duration_anydesk_ms"), 300'000);
  EXPECT_EQ(value.at("duration_boot_ms"), 310'000);
  EXPECT_EQ(value.at("flags"), (json::array{"overnight", "remote_id_withheld"}));
  EXPECT_EQ(value, explained);
}

TEST_P(ListingTest, MailsAreListedShownFlushedAndSentAgain) {
  const auto listed =
      ran([&](auto& out, auto& err) { return run_mail_list({.config = config(), .json = true}, out, err); });
  const auto value = json::parse(listed.out);
  ASSERT_EQ(value.as_array().size(), 1u);
  EXPECT_EQ(value.at(0).at("sessions"), 2);
  EXPECT_EQ(value.at(0).at("state"), "sent");
  const auto shown =
      ran([&](auto& out, auto& err) { return run_mail_show({.config = config(), .mail = 1}, out, err); });
  EXPECT_NE(shown.out.find("To: "), std::string::npos);
  EXPECT_EQ(ran([&](auto& out, auto& err) {
              return run_mail_show({.config = config(), .mail = 9}, out, err);
            }).code,
            1);
  auto place = workspace();
  must(place.database.transaction([](store::Transaction& t) -> base::Status {
    t.session().script("UPDATE mail_batch SET closes_ms = 99999999999999, look_ms = 99999999999999");
    return {};
  }));
  const auto flushed =
      ran([&](auto& out, auto& err) { return run_mail_flush({.config = config()}, out, err); });
  EXPECT_EQ(flushed.out, "1 waiting session will be mailed now\n");

  for (const char* state : {"sent", "sending"}) {
    set_state(1, state);
    EXPECT_EQ(resend(1).code, 1) << state;
    EXPECT_NE(resend(1).err.find(std::string{"mail 1 is "} + state), std::string::npos);
  }
  for (const char* state : {"failed", "uncertain"}) {
    set_state(1, state);
    EXPECT_EQ(resend(1).code, 0) << state;
    EXPECT_EQ(resend(1).code, 0) << "it waits, and may go at once";
  }
  EXPECT_EQ(resend(9).code, 1);
}

TEST_P(ListingTest, WithoutAConfigurationEveryCommandSaysSo) {
  SessionsOptions options;
  options.config = folder_ / "none.toml";
  const auto done = list(options);
  EXPECT_EQ(done.code, 1);
  EXPECT_EQ(done.out, "");
  EXPECT_NE(done.err.find("deskledger-collector init"), std::string::npos);
}

}  // namespace
}  // namespace collector::commands
