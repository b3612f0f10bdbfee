// What customers are told, and what becomes of a mail.

#include "collector/pipeline/send_mails.h"
#include "collector/store/customers.h"
#include "collector/store/terminals.h"
#include "tests/collector/pipeline/office.h"

namespace collector::pipeline {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

class OneSession : public OfficeTest {
 protected:
  // A session of five minutes, commented and posted six minutes after `start`.
  void work(const std::string& key, const std::string& remote_id, timing::UtcMs start,
            const std::string& text) {
    receive({completed(key, remote_id, start, 5min)});
    comment(remote_id, start, text);
    clock_.now = start + 6min;
    run();
  }
};
class PipelineTellTest : public OneSession {};
INSTANTIATE_TEST_SUITE_P(On, PipelineTellTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(PipelineTellTest, SessionsOfOneWindowShareOneMail) {
  work("a", kBakery, at_min(5), "First work");
  work("b", kBakery, at_min(20), "Second work");
  work("c", kBakery, at_min(40), "Third work");
  work("d", kLawyer, at_min(41), "Fourth work");
  clock_.now = at_min(11) + 59min;
  run();
  EXPECT_TRUE(mails().empty());
  clock_.now = at_min(11) + 60min;
  run();
  ASSERT_EQ(mails().size(), 1u);
  ASSERT_EQ(inbox_->mails.size(), 1u);
  const auto first = mails()[0];
  EXPECT_EQ(first.recipient, "mail@bakery.example");
  EXPECT_EQ(first.state, "sent");
  EXPECT_EQ(first.raw, inbox_->mails[0]);
  for (const char* text : {"First work", "Second work", "Third work"})
    EXPECT_EQ(count(first.raw, text), 2u) << text << ", as text and as HTML";
  EXPECT_EQ(count(first.raw, "Fourth work"), 0u);

  work("e", kBakery, at_min(80), "Fifth work");
  clock_.now = at_min(500);
  run();
  ASSERT_EQ(mails().size(), 3u);
  EXPECT_EQ(count(mails()[1].raw + mails()[2].raw, "Fifth work"), 2u);
  EXPECT_EQ(count(mails()[1].raw + mails()[2].raw, "First work"), 0u);
  run();
  EXPECT_EQ(inbox_->mails.size(), 3u);
}

TEST_P(PipelineTellTest, ABadAddressStopsNobodyElse) {
  work("a", kBakery, at_min(0), "Work");
  work("b", kLawyer, at_min(0), "Work");
  write([](store::Transaction& t) {
    must(store::upsert_customer(
        t, {.id = 0, .code = "bakery", .name = "bakery", .email = "mail@@bakery", .language = "en"}));
    must(store::bump_directory_version(t));
  });
  clock_.now = at_min(500);
  run();
  ASSERT_EQ(inbox_->mails.size(), 1u);
  EXPECT_EQ(mails()[0].recipient, "mail@lawyer.example");
  write([](store::Transaction& t) {
    must(store::upsert_customer(
        t, {.id = 0, .code = "bakery", .name = "bakery", .email = "mail@bakery.example", .language = "en"}));
    must(store::bump_directory_version(t));
  });
  run();
  EXPECT_EQ(inbox_->mails.size(), 2u);
}

TEST_P(PipelineTellTest, WordsAndFiguresAreOfOneLanguage) {
  settings_.mail_language = "de";
  const struct {
    const char* language;
    std::vector<const char*> said;
  } table[] = {
      {"fr", {"Content-Language: de\r\n", "<html lang=3D\"de\">", "Berechnet: 10 Minuten", "16.11.2026"}},
      {"el-GR", {"Content-Language: el-gr\r\n", "<html lang=3D\"el-gr\">", "16/11/2026"}},
      {"el_GR", {"Content-Language: el-gr\r\n", "<html lang=3D\"el-gr\">", "16/11/2026"}},
      {"EN", {"Content-Language: en\r\n", "<html lang=3D\"en\">", "Charged: 10 min", "16 Nov 2026"}},
      {"\"> \r\nBcc: x@y", {"Content-Language: de\r\n", "<html lang=3D\"de\">", "16.11.2026"}}};
  int day = 0;
  for (const auto& row : table) {
    write([&](store::Transaction& t) {
      must(store::upsert_customer(t, {.id = 0,
                                      .code = "bakery",
                                      .name = "bakery",
                                      .email = "mail@bakery.example",
                                      .language = row.language}));
      must(store::bump_directory_version(t));
    });
    work("s" + std::to_string(day), kBakery, at_min(100 * day), "Work");
    clock_.now = at_min(100 * day + 90);
    run();
    ASSERT_EQ(std::ssize(mails()), ++day) << row.language;
    for (const char* text : row.said) EXPECT_GE(count(mails().back().raw, text), 1u) << mails().back().raw;
  }
}

TEST_P(PipelineTellTest, SessionsWithoutChargeAreToldOnlyToThoseWhoWantIt) {
  work("a", kQuiet, at_min(0), "Work #");
  work("b", kBakery, at_min(0), "Work #");
  clock_.now = at_min(500);
  run();
  ASSERT_EQ(mails().size(), 1u);
  EXPECT_EQ(mails()[0].recipient, "mail@bakery.example");
  EXPECT_EQ(row("a").entry_id.has_value(), true);
}

TEST_P(PipelineTellTest, ThatAToldSessionCostsNothingAfterAllIsToldToEverybody) {
  work("a", kQuiet, at_min(0), "Work");
  clock_.now = at_min(500);
  run();
  ASSERT_EQ(mails().size(), 1u);
  comment(kQuiet, at_min(0), "Work #");
  run();
  clock_.now = at_min(600);
  run();
  ASSERT_EQ(mails().size(), 2u);
  EXPECT_EQ(balance("quiet"), 60);
}

TEST_P(PipelineTellTest, ACorrectionBeforeTheMailIsToldOnce) {
  work("a", kBakery, at_min(0), "Work {20}");
  comment(kBakery, at_min(0), "Work {30}");
  run();
  clock_.now = at_min(500);
  run();
  ASSERT_EQ(mails().size(), 1u);
  EXPECT_EQ(count(mails()[0].raw, "Charged: 30 min"), 1u) << mails()[0].raw;
  EXPECT_EQ(count(mails()[0].raw, "Charged: 20 min"), 0u);
}

TEST_P(PipelineTellTest, ASessionThatWentBackToReviewIsNotTold) {
  work("a", kBakery, at_min(0), "Work");
  comment(kBakery, at_min(0), "Work ~");
  clock_.now = at_min(500);
  run();
  EXPECT_TRUE(mails().empty());
  EXPECT_EQ(balance("bakery"), 60);
}

TEST_P(PipelineTellTest, ACommentThatChangesNothingMakesNoSecondMail) {
  work("a", kBakery, at_min(0), "Work");
  clock_.now = at_min(500);
  run();
  comment(kBakery, at_min(0), "Work, in other words");
  clock_.now = at_min(1'000);
  run();
  EXPECT_EQ(mails().size(), 1u);
}

TEST_P(PipelineTellTest, ACorrectionAfterTheMailIsToldInTheNext) {
  work("a", kBakery, at_min(0), "Work");
  clock_.now = at_min(500);
  run();
  comment(kBakery, at_min(0), "Work {30}");
  clock_.now = at_min(501);
  run();
  clock_.now = at_min(600);
  run();
  ASSERT_EQ(mails().size(), 2u);
  EXPECT_EQ(count(mails()[1].raw, "Charged: 30 min"), 1u);
  EXPECT_EQ(count(mails()[1].raw, "balance 30 min"), 1u) << mails()[1].raw;
}

// Each mail: how often it says that the time has run out.
TEST_P(PipelineTellTest, ThatTheTimeHasRunOutIsSaidOnce) {
  const auto mail = [&](const std::string& key, std::int64_t start, const std::string& text) {
    work(key, kBakery, at_min(start), text);
    clock_.now = at_min(start + 100);
    run();
    return count(mails().back().raw, "*** The balance of");
  };
  EXPECT_EQ(mail("a", 0, "Work {50}"), 0u);
  EXPECT_EQ(mail("b", 200, "Work {10}"), 1u) << "nothing left is run out";
  EXPECT_EQ(mail("c", 400, "Work {10}"), 0u) << "it was said";
  comment(kBakery, at_min(400), "Work {20}");
  clock_.now = at_min(600);
  run();
  clock_.now = at_min(700);
  run();
  EXPECT_EQ(mails().size(), 4u);
  EXPECT_EQ(count(mails().back().raw, "*** The balance of"), 0u) << "a correction is no new end";
  grant("bakery", 100);
  EXPECT_EQ(mail("d", 800, "Work {10}"), 0u);
  EXPECT_EQ(mail("e", 1'000, "Work {500}"), 1u) << "the new time ran out, too";
}

TEST_P(PipelineTellTest, AGrantAndItsEndBetweenTwoMails) {
  work("a", kBakery, at_min(0), "Work {60}");
  clock_.now = at_min(100);
  run();
  EXPECT_EQ(count(mails().back().raw, "*** The balance of"), 1u);
  grant("bakery", 10);
  work("b", kBakery, at_min(200), "Work {20}");
  clock_.now = at_min(300);
  run();
  EXPECT_EQ(count(mails().back().raw, "*** The balance of"), 1u);
}

TEST_P(PipelineTellTest, WhatBecomesOfAMail) {
  using mail::Outcome;
  const struct {
    Outcome outcome;
    std::string state;
    bool again_after_a_minute;
  } table[] = {{Outcome::delivered, "sent", false},
               {Outcome::refused, "failed", false},
               {Outcome::uncertain, "uncertain", false},
               {Outcome::retry, "composed", true}};
  std::int64_t minute = 0;
  for (const auto& one : table) {
    inbox_->next = {one.outcome};
    const auto delivered = inbox_->mails.size();
    work("s" + std::to_string(minute), kLawyer, at_min(minute), "Work");
    clock_.now = at_min(minute + 70);
    run();
    const auto mail = mails().back();
    EXPECT_EQ(mail.state, one.state);
    EXPECT_EQ(mail.attempts, 1);
    EXPECT_EQ(mail.last_error, one.state == "sent" ? "" : "the server said so");
    EXPECT_EQ(mail.sent.has_value(), one.state == "sent");
    clock_.now += 59s;
    run();
    EXPECT_EQ(mails().back().state, one.state) << "not before its next try";
    clock_.now += 16s;
    run();
    EXPECT_EQ(mails().back().state, one.again_after_a_minute ? "sent" : one.state);
    const bool arrived = one.state == "sent" || one.again_after_a_minute;
    EXPECT_EQ(inbox_->mails.size(), delivered + (arrived ? 1 : 0));
    minute += 200;
  }
}

TEST_P(PipelineTellTest, TwentyTriesAreEnough) {
  work("a", kBakery, at_min(0), "Work");
  clock_.now = at_min(100);
  for (int i = 0; i < 30; ++i) {
    inbox_->next = {mail::Outcome::retry};
    run();
    clock_.now += 75min;
  }
  EXPECT_EQ(mails()[0].state, "failed");
  EXPECT_EQ(mails()[0].attempts, 20);
}

// Not what is configured now decides, but by what it was handed over: a server may have it, a folder has it
// once.
TEST_P(PipelineTellTest, AMailInTheMiddleOfBeingSentIsUncertainUnlessRepeatable) {
  const struct {
    std::string marked_under;
    bool repeatable;
    std::string state;
  } table[] = {{"smtp", false, "uncertain"}, {"memory", true, "sent"}, {"smtp", true, "uncertain"}};
  std::int64_t minute = 0;
  for (const auto& one : table) {
    SCOPED_TRACE(one.marked_under + " " + one.state);
    mail_repeatable_ = one.repeatable;
    has_transport_ = false;
    work("s" + std::to_string(minute), kBakery, at_min(minute), "Work {5}");
    clock_.now += 100min;
    run();
    auto mail = mails().back();
    EXPECT_EQ(mail.state, "composed") << "without a transport it waits";
    write([&](store::Transaction& t) { must(store::mark_mail(t, mail.id, one.marked_under)); });
    has_transport_ = true;
    const auto before = inbox_->mails.size();
    run();
    mail = mails().back();
    EXPECT_EQ(mail.state, one.state);
    EXPECT_EQ(inbox_->mails.size() - before, one.state == "sent" ? 1u : 0u);
    clock_.now += 10h;
    run();
    EXPECT_EQ(mails().back().state, mail.state);
    minute += 1'000;
  }
}

}  // namespace
}  // namespace collector::pipeline
