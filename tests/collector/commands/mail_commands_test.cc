// `mail`: what is shown of mails, and what a person does about them.

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "collector/commands/mail.h"
#include "collector/commands/mail_list.h"
#include "collector/commands/mail_status.h"
#include "collector/store/mail_accounts.h"
#include "collector/store/mail_holds.h"
#include "collector/store/mails.h"
#include "collector/store/session.h"
#include "tests/collector/commands/desk.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::commands {
namespace {

namespace json = boost::json;
using store::must;
using testing::HasSubstr;
using testing::Not;

class MailCommandsTest : public DeskTest {
 protected:
  MailCommandsTest() { tell_story(); }

  MailListOptions asked() const { return {.config = config()}; }
  static Ran list(const MailListOptions& options) {
    return ran([&](auto& out, auto& err) { return run_mail_list(options, out, err); });
  }
  static std::size_t found(MailListOptions options) {
    options.json = true;
    return json::parse(list(options).out).as_array().size();
  }
  Ran show(bool log, bool as_json) const {
    return ran([&](auto& out, auto& err) {
      return run_mail_show({.config = config(), .mail = 1, .log = log, .json = as_json}, out, err);
    });
  }
  json::value shown() const { return json::parse(show(false, true).out); }
  Ran status(bool as_json) const {
    return ran([&](auto& out, auto& err) {
      return run_mail_status({.config = config(), .json = as_json}, out, err);
    });
  }
  Ran waiting(bool as_json) const {
    return ran([&](auto& out, auto& err) {
      return run_mail_waiting({.config = config(), .json = as_json}, out, err);
    });
  }
  using Command = int (*)(const MailChangeOptions&, std::ostream&, std::ostream&);
  Ran change(Command command, std::int64_t mail = 1, const std::string& reason = "") const {
    return ran([&](auto& out, auto& err) {
      return command({.config = config(), .mail = mail, .reason = reason}, out, err);
    });
  }
  Ran report(const std::string& text) const {
    return ran([&](auto& out, auto& err) {
      return run_mail_bounced({.config = config(), .file = file("report.eml", text)}, out, err);
    });
  }
  void in_store(const std::function<base::Status(store::Transaction&)>& act) {
    auto place = workspace();
    must(place.database.transaction(act));
  }
  void set_state(const std::string& state) {
    in_store([&](store::Transaction& t) {
      return store::set_mail_state(
          t, 1, {.state = state, .attempts = 3, .next_try = store::at(1), .last_error = "x", .sent = {}});
    });
  }
};
INSTANTIATE_TEST_SUITE_P(On, MailCommandsTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

std::string contents(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::string about(const std::string& message_id, const std::string& action) {
  return "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
         "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
         "Final-Recipient: rfc822; office@mill.example\nAction: " +
         action +
         "\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user\n\n"
         "--b\nContent-Type: text/rfc822-headers\n\n" +
         (message_id.empty() ? "Subject: x" : "Message-Id: <" + message_id + ">") + "\n\n--b--\n";
}

TEST_P(MailCommandsTest, MailsAreFoundByWhatIsKnown) {
  ASSERT_EQ(found(asked()), 1u);
  const auto with = [&](auto set) {
    auto options = asked();
    set(options);
    return found(options);
  };
  EXPECT_EQ(with([](auto& o) { o.customer = "bakery"; }), 1u);
  EXPECT_EQ(with([](auto& o) { o.customer = "law"; }), 0u);
  EXPECT_EQ(with([](auto& o) { o.recipient = "OFFICE@"; }), 1u);
  EXPECT_EQ(with([](auto& o) { o.recipient = "law"; }), 0u);
  EXPECT_EQ(with([](auto& o) { o.text = "printer"; }), 1u) << "in the decoded text";
  EXPECT_EQ(with([](auto& o) { o.text = "scanner"; }), 0u);
  EXPECT_EQ(with([](auto& o) { o.kind = "sessions"; }), 1u);
  EXPECT_EQ(with([](auto& o) { o.kind = "notice"; }), 0u);
  EXPECT_EQ(with([](auto& o) { o.state = "sent"; }), 1u);
  EXPECT_EQ(with([](auto& o) { o.state = "failed"; }), 0u);
  EXPECT_EQ(with([](auto& o) { o.from = "2026-11-16"; }), 1u);
  EXPECT_EQ(with([](auto& o) { o.from = "2026-11-17"; }), 0u);
  EXPECT_EQ(with([](auto& o) { o.until = "2026-11-16"; }), 0u);
  auto options = asked();
  options.from = "yesterday";
  EXPECT_EQ(list(options).code, 1);
  const auto table = list(asked());
  EXPECT_THAT(table.out, HasSubstr("office@mill.example"));
  EXPECT_THAT(table.out, HasSubstr("sent"));
}

TEST_P(MailCommandsTest, EverythingAboutAMailIsShown) {
  const auto value = shown();
  EXPECT_EQ(value.at("raw").as_string(), show(false, false).out);
  EXPECT_EQ(value.at("kind"), "sessions");
  EXPECT_EQ(value.at("account"), "default");
  ASSERT_EQ(value.at("log").as_array().size(), 1u);
  EXPECT_EQ(value.at("log").at(0).at("outcome"), "delivered");
  EXPECT_THAT(show(true, false).out, HasSubstr("delivered"));
}

TEST_P(MailCommandsTest, AnUncertainMailArrivedAfterAll) {
  EXPECT_EQ(change(run_mail_arrived).code, 1) << "it is sent";
  set_state("uncertain");
  const auto done = change(run_mail_arrived, 1, "they have it");
  EXPECT_EQ(done.out, "mail 1 to office@mill.example counts as sent\n");
  EXPECT_EQ(shown().at("state"), "sent");
  EXPECT_EQ(change(run_mail_arrived, 9).code, 1);
}

TEST_P(MailCommandsTest, AMailThatCameBackIsBouncedAndCanBeSentAgain) {
  EXPECT_EQ(change(run_mail_bounced, 9).code, 1);
  EXPECT_EQ(change(run_mail_bounced, 1, "no such mailbox").out,
            "mail 1 to office@mill.example counts as bounced\n");
  EXPECT_EQ(shown().at("state"), "bounced");
  EXPECT_EQ(shown().at("bounce"), "no such mailbox");
  EXPECT_EQ(change(run_mail_bounced).code, 1) << "it did already";
  EXPECT_EQ(change(run_mail_resend).code, 0);
  EXPECT_EQ(shown().at("state"), "composed");
  EXPECT_EQ(shown().at("bounced_utc"), nullptr);
  EXPECT_EQ(change(run_mail_bounced).code, 1) << "it waits";
}

TEST_P(MailCommandsTest, AMailIsSentAgainToAnotherAddressWordForWord) {
  const auto raw = show(false, false).out;
  set_state("failed");
  const auto resend = [&](const std::string& to) {
    return ran([&](auto& out, auto& err) {
      return run_mail_resend({.config = config(), .mail = 1, .to = to}, out, err);
    });
  };
  EXPECT_THAT(resend("boss@mill.example").err, HasSubstr("a mail is a file"));
  auto text = contents(config());
  const std::string eml = "transport = \"eml\"";
  text.replace(text.find(eml), eml.size(), "transport = \"none\"");
  std::ofstream{config()} << text;
  EXPECT_THAT(resend("nobody").err, HasSubstr("'nobody' is no address"));
  EXPECT_EQ(shown().at("state"), "failed");
  EXPECT_EQ(resend("boss@mill.example").out,
            "mail 1 to boss@mill.example will be sent again, with the same Message-ID\n");
  EXPECT_EQ(shown().at("to"), "boss@mill.example");
  EXPECT_EQ(show(false, false).out, raw);
}

TEST_P(MailCommandsTest, AReportOfAMailServerSaysWhichMailCameBack) {
  const std::string id{shown().at("message_id").as_string()};
  EXPECT_THAT(report("hello").err, HasSubstr("no report of a mail server"));
  EXPECT_THAT(report(about("other@x", "failed")).err, HasSubstr("none of ours"));
  EXPECT_EQ(report(about(id, "delayed")).out,
            "mail 1 to office@mill.example stays as it is: delayed 5.1.1: 550 no such user\n");
  EXPECT_EQ(shown().at("state"), "sent");
  EXPECT_EQ(report(about(id, "failed")).out,
            "mail 1 to office@mill.example counts as bounced: failed 5.1.1: 550 no such user\n");
  EXPECT_EQ(shown().at("state"), "bounced");
}

TEST_P(MailCommandsTest, AReportWithoutTheMailIsAboutTheOnlyOneToThatAddress) {
  // It was composed long before this machine's day.
  in_store([](store::Transaction& t) -> base::Status {
    t.session().script("UPDATE mail SET created_ms = 99999999999999");
    return {};
  });
  EXPECT_THAT(report(about("", "failed")).out, HasSubstr("mail 1 to office@mill.example counts as bounced"));
  in_store([](store::Transaction& t) -> base::Status {
    auto mail = must(store::find_mail(t, 1)).value();
    mail.message_id = "second@x";
    must(store::add_mail(t, mail, {}));
    return {};
  });
  EXPECT_THAT(report(about("", "failed")).err, HasSubstr("several mails"));
  in_store([](store::Transaction& t) -> base::Status {
    t.session().script("UPDATE mail SET created_ms = 1");
    return {};
  });
  EXPECT_THAT(report(about("", "failed")).err, HasSubstr("no mail was sent to office@mill.example"));
}

TEST_P(MailCommandsTest, WhatWaitsIsShownWithItsReason) {
  const auto rows = json::parse(waiting(true).out);
  ASSERT_EQ(rows.as_array().size(), 1u);
  EXPECT_EQ(rows.at(0).at("customer"), "law");
  EXPECT_EQ(rows.at(0).at("kind"), "sessions");
  EXPECT_EQ(rows.at(0).at("items"), 1);
  EXPECT_EQ(rows.at(0).at("closes_utc"), "2026-11-16T22:00:00.000Z");
  EXPECT_EQ(rows.at(0).at("held_by"), nullptr);
  EXPECT_THAT(waiting(false).out, HasSubstr("its window"));
  const auto hold = [&](const std::string& reason) {
    in_store([&](store::Transaction& t) -> base::Status {
      return store::put_mail_hold(t, {.batch = must(store::open_batches(t)).at(0).batch,
                                      .closes = {},
                                      .reason = reason,
                                      .detail = "the address 'x' cannot be used",
                                      .session_id = 4,
                                      .since = store::at(1),
                                      .until = store::at(60'000),
                                      .look = store::at(3),
                                      .directory_version = 1});
    });
  };
  hold("review");
  EXPECT_THAT(waiting(false).out, HasSubstr("session 4 in review, at most until 1970-01-01 00:01"));
  EXPECT_EQ(json::parse(waiting(true).out).at(0).at("held_by").at("session"), 4);
  hold("error");
  EXPECT_THAT(waiting(false).out, HasSubstr("no mail can be made: the address 'x' cannot be used"));
  EXPECT_EQ(json::parse(status(true).out).at("cannot_be_composed"), 1);
  EXPECT_THAT(status(false).out, HasSubstr("Customer law: no mail can be made"));
  hold("no_address");
  EXPECT_THAT(waiting(false).out, HasSubstr("an address of the customer"));
  EXPECT_EQ(json::parse(waiting(true).out).at(0).at("held_by").at("reason"), "no_address");
  EXPECT_EQ(json::parse(status(true).out).at("without_address"), 1);
  EXPECT_EQ(json::parse(status(true).out).at("windows_open"), 0);
  EXPECT_THAT(status(false).out, HasSubstr("1 customer or partner is to be told and has no address"));
  // And given up, after a look at it.
  const auto give_up = [&](bool preview, const std::string& reason) {
    return ran([&](auto& out, auto& err) {
      return run_mail_give_up({.config = config(), .reason = reason, .customer = "law", .preview = preview},
                              out, err);
    });
  };
  EXPECT_THAT(give_up(true, "").out, HasSubstr("1 waiting session would be told to nobody"));
  EXPECT_THAT(give_up(true, "").out, HasSubstr("no_address"));
  EXPECT_THAT(give_up(false, "").err, HasSubstr("needs a reason"));
  EXPECT_EQ(json::parse(waiting(true).out).as_array().size(), 1u);
  EXPECT_EQ(give_up(false, "wants no mails").out, "1 waiting session will be told to nobody\n");
  EXPECT_EQ(waiting(false).out, "Nothing waits.\n");
  EXPECT_EQ(give_up(false, "again").code, 1);
}

TEST_P(MailCommandsTest, AMailIsGivenUpWithAReason) {
  EXPECT_THAT(change(run_mail_cancel, 1, "x").err, HasSubstr("mail 1 is sent"));
  set_state("composed");
  EXPECT_THAT(change(run_mail_cancel).err, HasSubstr("needs a reason"));
  const auto anew = ran([&](auto& out, auto& err) {
    return run_mail_cancel({.config = config(), .mail = 1, .reason = "x", .anew = true}, out, err);
  });
  EXPECT_THAT(anew.err, HasSubstr("may have arrived")) << "it was delivered once";
  EXPECT_EQ(change(run_mail_cancel, 1, "told by telephone").out,
            "mail 1 to office@mill.example is given up\n");
  EXPECT_EQ(shown().at("state"), "cancelled");
  EXPECT_NE(shown().at("cancelled_utc"), nullptr);
  auto cancelled = asked();
  cancelled.state = "cancelled";
  EXPECT_EQ(found(cancelled), 1u);
  EXPECT_EQ(json::parse(status(true).out).at("accounts").at(0).at("cancelled"), 1);
  EXPECT_EQ(change(run_mail_resend).code, 1);
}

TEST_P(MailCommandsTest, FlushIsForOneCustomerOrAll) {
  const auto flush = [&](const std::optional<std::string>& customer) {
    return ran([&](auto& out, auto& err) {
      return run_mail_flush({.config = config(), .customer = customer}, out, err);
    });
  };
  EXPECT_EQ(flush("bakery").out, "0 waiting sessions will be mailed now\n");
  EXPECT_THAT(flush("nobody").err, HasSubstr("no customer 'nobody'"));
  EXPECT_EQ(flush("law").out, "1 waiting session will be mailed now\n");
  carry_on(timing::from_rfc3339("2026-11-16T14:00:00Z").value());
  EXPECT_EQ(found(asked()), 1u) << "flushed now, which is later than the story";
}

TEST_P(MailCommandsTest, TheStateOfEachAccountIsShown) {
  auto value = json::parse(status(true).out);
  ASSERT_EQ(value.at("accounts").as_array().size(), 1u);
  EXPECT_EQ(value.at("accounts").at(0).at("account"), "default");
  EXPECT_EQ(value.at("accounts").at(0).at("sent"), 1);
  EXPECT_EQ(value.at("accounts").at(0).at("unavailable"), nullptr);
  EXPECT_EQ(value.at("windows_open"), 1);
  in_store([](store::Transaction& t) {
    return store::put_mail_pause(t, {.account = "default",
                                     .since = store::at(0),
                                     .until = store::at(60'000),
                                     .failures = 3,
                                     .answer = "535 wrong password"});
  });
  value = json::parse(status(true).out);
  EXPECT_EQ(value.at("accounts").at(0).at("unavailable").at("answer"), "535 wrong password");
  EXPECT_THAT(status(false).out, HasSubstr("Account default is unavailable since 1970-01-01 00:00 UTC (3 "
                                           "tries, the next at 1970-01-01 00:01): 535 wrong password"));
}

TEST_P(MailCommandsTest, MailsAreHandedOutAsFilesWithATable) {
  const auto folder = folder_ / "handed out";
  const auto out_to = [&](const MailListOptions& options) {
    return ran([&](auto& out, auto& err) { return run_mail_export(options, folder, out, err); });
  };
  EXPECT_EQ(out_to(asked()).out, "1 mail in " + folder.string() + "\n");
  const std::string id{shown().at("message_id").as_string()};
  EXPECT_EQ(contents(folder / (id + ".eml")), show(false, false).out);
  const auto table = contents(folder / "mails.csv");
  EXPECT_THAT(table, HasSubstr("\"1\",\"" + id + ".eml\",\"sessions\",\"office@mill.example\""));
  EXPECT_THAT(table, HasSubstr("\"sent\",\"default\",\"1\""));
  EXPECT_THAT(out_to(asked()).err, HasSubstr("is there already")) << "nothing is replaced";
}

}  // namespace
}  // namespace collector::commands
