#include "collector/store/mails.h"

#include "collector/store/mail_accounts.h"
#include "collector/store/session.h"
#include "tests/collector/store/mails_fixture.h"

namespace collector::store {
namespace {

INSTANTIATE_TEST_SUITE_P(On, MailsTest, testing::Values(Dialect::sqlite, Dialect::postgresql), dialect_name);

TEST_P(MailsTest, ACopyToAPartnerStandsBesideTheCustomersMail) {
  const auto partner = add_partner();
  EXPECT_EQ(read([&](Transaction& t) { return must(find_partner_of_id(t, partner)); })->email, "n@x.example");
  EXPECT_FALSE(read([&](Transaction& t) { return must(find_partner_of_id(t, partner + 1)); }));
  queue("a", 100);
  auto copy = open_items().at(0);
  copy.kind = "partner_copy";
  EXPECT_EQ(refused([&](Transaction& t) { return queue_item(t, copy); }), base::ErrorCode::conflict)
      << "to whom?";
  copy.partner_id = partner;
  copy.window_closes = at(900);
  EXPECT_EQ(write([&](Transaction& t) { return must(queue_item(t, copy)); }), at(100)) << "the same window";
  ASSERT_EQ(open_items().size(), 2u);
  const auto queued = open_items()[1];
  EXPECT_EQ(queued.kind, "partner_copy");
  EXPECT_EQ(queued.partner_id, partner);
  EXPECT_EQ(read([&](Transaction& t) { return must(items_of_session(t, copy.session_id)); }).size(), 1u);
  EXPECT_EQ(
      read([&](Transaction& t) { return must(items_of_session(t, copy.session_id, "partner_copy")); }).size(),
      1u);
  EXPECT_EQ(read([](Transaction& t) { return must(due_batches(t, at(100), 10)); }),
            (Batches{sessions(),
                     {.customer_id = world_.customer_id, .kind = "partner_copy", .partner_id = partner}}))
      << "both are told at the same time";
  auto row = mail_row(world_.customer_id, "<1@x>");
  EXPECT_EQ(refused([&](Transaction& t) { return add_mail(t, row, {queued.id}); }), base::ErrorCode::conflict)
      << "the customer's mail does not take it";
  row.kind = "partner_copy";
  row.partner_id = partner;
  const auto id = write([&](Transaction& t) { return must(add_mail(t, row, {queued.id})); });
  const auto mail = read([&](Transaction& t) { return must(find_mail(t, id)).value(); });
  EXPECT_EQ(mail.kind, "partner_copy");
  EXPECT_EQ(mail.partner_id, partner);
  EXPECT_EQ(open_items().size(), 1u);
  EXPECT_FALSE(read([&](Transaction& t) { return must(last_told(t, world_.contract_id)); }));
  EXPECT_TRUE(read([&](Transaction& t) { return must(last_told(t, world_.contract_id, "partner_copy")); }));
}

TEST_P(MailsTest, AttemptsAreKeptInOrderAndForGood) {
  const auto id =
      write([&](Transaction& t) { return must(add_mail(t, mail_row(world_.customer_id, "<1@x>"), {})); });
  for (const char* answer : {"451 later", "250 taken"}) {
    write([&](Transaction& t) {
      must(add_mail_attempt(
          t, id,
          {.account = "office", .started = at(1), .ended = at(2), .outcome = "retry", .answer = answer}));
    });
  }
  const auto all = read([&](Transaction& t) { return must(attempts_of_mail(t, id)); });
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].answer, "451 later");
  EXPECT_EQ(all[1].answer, "250 taken");
  EXPECT_EQ(all[0].account, "office");
  EXPECT_EQ(all[0].outcome, "retry");
  EXPECT_EQ(all[0].started, at(1));
  EXPECT_EQ(all[0].ended, at(2));
  for (const char* change : {"UPDATE mail_attempt SET answer = 'x'", "DELETE FROM mail_attempt"}) {
    EXPECT_FALSE(connection_.transaction([&](Transaction& t) -> base::Status {
      t.session().script(change);
      return {};
    })) << change;
  }
}

TEST_P(MailsTest, APausedAccountIsKnownUntilItsPauseEnds) {
  const auto put = [&](std::int64_t failures) {
    write([&](Transaction& t) {
      must(put_mail_pause(t, {.account = "office",
                              .since = at(1),
                              .until = at(failures),
                              .failures = failures,
                              .answer = "554 no"}));
    });
  };
  put(1);
  put(2);
  const auto all = read([](Transaction& t) { return must(list_mail_pauses(t)); });
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].failures, 2);
  EXPECT_EQ(all[0].until, at(2));
  EXPECT_EQ(all[0].answer, "554 no");
  EXPECT_TRUE(read([](Transaction& t) { return must(find_mail_pause(t, "office")); }));
  EXPECT_FALSE(read([](Transaction& t) { return must(find_mail_pause(t, "default")); }));
  write([](Transaction& t) { must(end_mail_pause(t, "office")); });
  EXPECT_TRUE(read([](Transaction& t) { return must(list_mail_pauses(t)); }).empty());
}

TEST_P(MailsTest, EachAccountHasItsOwnMails) {
  const auto add = [&](const std::string& id, const std::string& account, const std::string& state) {
    auto row = mail_row(world_.customer_id, id);
    row.account = account;
    row.state = state;
    row.sender = "desk@x.example";
    return write([&](Transaction& t) { return must(add_mail(t, row, {})); });
  };
  const auto first = add("<1@x>", "office", "composed");
  add("<2@x>", "default", "composed");
  const auto third = add("<3@x>", "office", "sending");
  add("<4@x>", "former", "sent");
  const auto due = [&](const std::string& account) {
    Ids ids;
    for (const auto& mail :
         read([&](Transaction& t) { return must(mails_to_send(t, account, at(9'999), 10)); }))
      ids.push_back(mail.id);
    return ids;
  };
  EXPECT_EQ(due("office"), Ids{first});
  const auto interrupted = read([](Transaction& t) { return must(interrupted_mails(t, "office")); });
  ASSERT_EQ(interrupted.size(), 1u);
  EXPECT_EQ(interrupted[0].id, third);
  EXPECT_EQ(interrupted[0].sender, "desk@x.example");
  EXPECT_TRUE(read([](Transaction& t) { return must(interrupted_mails(t, "default")); }).empty());
  EXPECT_EQ(read([](Transaction& t) { return must(accounts_of_waiting_mails(t)); }),
            (std::vector<std::string>{"default", "office"}));
  EXPECT_EQ(write([](Transaction& t) { return must(adopt_mails(t, "office", "default")); }), 2);
  EXPECT_EQ(due("office"), Ids{});
  EXPECT_EQ(due("default").size(), 2u);
  const auto counts = read([](Transaction& t) { return must(count_mails(t)); });
  ASSERT_EQ(counts.size(), 3u);
  EXPECT_EQ(counts[0].account + " " + counts[0].state, "default composed");
  EXPECT_EQ(counts[0].mails, 2);
}

TEST_P(MailsTest, MailsAreFoundByWhatIsKnownOfThem) {
  const auto add = [&](const std::string& id, const std::string& kind, const std::string& to,
                       std::int64_t when) {
    auto row = mail_row(world_.customer_id, id);
    row.kind = kind;
    row.recipient = to;
    row.created = at(when);
    row.state = "sent";
    return write([&](Transaction& t) { return must(add_mail(t, row, {})); });
  };
  const auto one = add("<1@x>", "sessions", "Anna.B@mill.example", 100);
  const auto two = add("<2@x>", "notice", "desk@mill.example", 200);
  const auto found = [&](const MailFilter& filter) {
    return read([&](Transaction& t) { return must(list_mail_ids(t, filter)); });
  };
  EXPECT_EQ(found({}), (Ids{two, one}));
  EXPECT_EQ(found({.kind = "notice"}), Ids{two});
  EXPECT_EQ(found({.customer = "nobody"}), Ids{});
  EXPECT_EQ(found({.recipient = "anna.b@"}), Ids{one});
  EXPECT_EQ(found({.recipient = "a%b"}), Ids{}) << "a % is a %";
  EXPECT_EQ(found({.from = at(200)}), Ids{two});
  EXPECT_EQ(found({.to = at(200)}), Ids{one});
  EXPECT_EQ(found({.before_id = two}), Ids{one});
  EXPECT_EQ(found({.limit = 1}), Ids{two});
  EXPECT_EQ(found({.state = "bounced"}), Ids{});
  write([&](Transaction& t) { must(set_mail_bounced(t, one, at(300), "550 no such user")); });
  EXPECT_EQ(found({.state = "bounced"}), Ids{one});
  EXPECT_EQ(found({.state = "sent"}), Ids{two});
  const auto mail = read([&](Transaction& t) { return must(find_mail_of_message_id(t, "<1@x>")).value(); });
  EXPECT_EQ(mail.id, one);
  EXPECT_EQ(mail.bounced, at(300));
  EXPECT_EQ(mail.bounce, "550 no such user");
  EXPECT_EQ(state_of(mail), "bounced");
  const auto to_anna =
      read([](Transaction& t) { return must(mails_of_recipient(t, "anna.B@MILL.example", at(0), 10)); });
  ASSERT_EQ(to_anna.size(), 1u);
  EXPECT_EQ(to_anna[0].id, one);
  EXPECT_EQ(refused([](Transaction& t) { return set_mail_bounced(t, 99, at(1), ""); }),
            base::ErrorCode::not_found);
}

TEST_P(MailsTest, HowFarACustomerWasTold) {
  const auto told = [&](std::int64_t contract) {
    return read([&](Transaction& t) { return must(last_told(t, contract)); });
  };
  queue("a", 100);
  EXPECT_FALSE(told(world_.contract_id));
  const auto items = open_items();
  auto row = mail_row(world_.customer_id, "<1@x>");
  write([&](Transaction& t) { must(add_mail(t, row, {items[0].id})); });
  queue("b", 100);
  ASSERT_TRUE(told(world_.contract_id));
  EXPECT_EQ(told(world_.contract_id)->entry_id, items[0].entry_id);
  EXPECT_EQ(told(world_.contract_id)->when, row.created);
  EXPECT_FALSE(told(world_.contract_id + 1));
}

TEST_P(MailsTest, NothingIsToldTwice) {
  queue("a", 100);
  const auto item = open_items().at(0);
  EXPECT_EQ(refused([&](Transaction& t) { return queue_item(t, item); }), base::ErrorCode::conflict);
  write([&](Transaction& t) { must(add_mail(t, mail_row(world_.customer_id, "<1@x>"), {item.id})); });
  EXPECT_EQ(
      refused([&](Transaction& t) { return add_mail(t, mail_row(world_.customer_id, "<2@x>"), {item.id}); }),
      base::ErrorCode::conflict);
  EXPECT_EQ(refused([&](Transaction& t) { return add_mail(t, mail_row(world_.customer_id, "<1@x>"), {}); }),
            base::ErrorCode::conflict);
  EXPECT_EQ(read([](Transaction& t) { return must(list_mails(t, 10)); }).size(), 1u)
      << "refused mails left nothing";
}

TEST_P(MailsTest, AMailGoesFromComposedToSent) {
  auto row = mail_row(world_.customer_id, "<1@x>");
  const auto id = write([&](Transaction& t) { return must(add_mail(t, row, {})); });
  const auto to_send = [&](std::int64_t now) {
    Ids ids;
    for (const auto& mail :
         read([&](Transaction& t) { return must(mails_to_send(t, "default", at(now), 10)); }))
      ids.push_back(mail.id);
    return ids;
  };
  EXPECT_EQ(to_send(999), Ids{});
  EXPECT_EQ(to_send(1'000), Ids{id});
  const auto set = [&](const MailProgress& progress) {
    write([&](Transaction& t) { must(set_mail_state(t, id, progress)); });
  };
  set({.state = "composed", .attempts = 1, .next_try = at(2'000), .last_error = "busy", .sent = {}});
  EXPECT_EQ(to_send(1'999), Ids{});
  EXPECT_EQ(to_send(2'000), Ids{id});
  set({.state = "sent", .attempts = 2, .next_try = at(2'000), .last_error = "", .sent = at(2'500)});
  EXPECT_EQ(to_send(9'999), Ids{});
  const auto mail = read([&](Transaction& t) { return must(find_mail(t, id)).value(); });
  EXPECT_EQ(mail.customer_id, world_.customer_id);
  EXPECT_EQ(mail.message_id, "<1@x>");
  EXPECT_EQ(mail.recipient, row.recipient);
  EXPECT_EQ(mail.subject, row.subject);
  EXPECT_EQ(mail.raw, row.raw);
  EXPECT_EQ(mail.state, "sent");
  EXPECT_EQ(mail.attempts, 2);
  EXPECT_EQ(mail.next_try, at(2'000));
  EXPECT_EQ(mail.last_error, "");
  EXPECT_EQ(mail.created, at(900));
  EXPECT_EQ(mail.sent, at(2'500));
  EXPECT_FALSE(read([](Transaction& t) { return must(find_mail(t, 99)); }));
  EXPECT_EQ(refused([&](Transaction& t) {
              return set_mail_state(
                  t, id, {.state = "lost", .attempts = 0, .next_try = {}, .last_error = "", .sent = {}});
            }),
            base::ErrorCode::conflict);
  EXPECT_EQ(refused([&](Transaction& t) {
              return set_mail_state(
                  t, 99, {.state = "sent", .attempts = 0, .next_try = {}, .last_error = "", .sent = {}});
            }),
            base::ErrorCode::not_found);
}

TEST_P(MailsTest, TheListIsNewestFirst) {
  const auto first =
      write([&](Transaction& t) { return must(add_mail(t, mail_row(world_.customer_id, "<1@x>"), {})); });
  auto row = mail_row(world_.customer_id, "<2@x>");
  row.state = "uncertain";
  const auto second = write([&](Transaction& t) { return must(add_mail(t, row, {})); });
  const auto all = read([](Transaction& t) { return must(list_mails(t, 10)); });
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].id, second);
  EXPECT_EQ(all[1].id, first);
  EXPECT_EQ(read([](Transaction& t) { return must(list_mails(t, 1)); }).size(), 1u);
  EXPECT_EQ(read([](Transaction& t) { return must(list_mails(t, 10, "uncertain")); }).at(0).id, second);
}

}  // namespace
}  // namespace collector::store
