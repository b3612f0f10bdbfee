#include "collector/store/mails.h"

#include "collector/store/mail_accounts.h"
#include "collector/store/mail_holds.h"
#include "collector/store/partners.h"
#include "collector/store/session.h"
#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::store {
namespace {

class MailsTest : public StoreTest {
 protected:
  void SetUp() override { world_ = write(make_small_world); }

  // Posts a session and queues it; returns when its window closes.
  timing::UtcMs queue(const std::string& key, std::int64_t closes_ms) {
    return write([&](Transaction& t) {
      const auto posted = post_session(t, world_, key);
      return must(queue_item(t, {.id = 0,
                                 .customer_id = world_.customer_id,
                                 .session_id = posted.session_id,
                                 .entry_id = posted.entry.id,
                                 .window_closes = at(closes_ms),
                                 .mail_id = {},
                                 .created = at(50)}));
    });
  }
  std::vector<MailItemRow> open_items() {
    return read([&](Transaction& t) { return must(items_of(t, world_.customer_id)); });
  }

  MailBatch sessions() const { return {.customer_id = world_.customer_id, .kind = "sessions"}; }

  SmallWorld world_;
};
INSTANTIATE_TEST_SUITE_P(On, MailsTest, testing::Values(Dialect::sqlite, Dialect::postgresql), dialect_name);

using Ids = std::vector<std::int64_t>;
using Batches = std::vector<MailBatch>;

TEST_P(MailsTest, TheWindowRunsFromTheFirstUnsentSessionAndDoesNotRestart) {
  EXPECT_EQ(queue("a", 100), at(100));
  EXPECT_EQ(queue("b", 160), at(100));
  const auto due = [&](std::int64_t now) {
    return read([&](Transaction& t) { return must(due_batches(t, at(now), 10)); });
  };
  EXPECT_EQ(due(99), Batches{});
  EXPECT_EQ(due(100), Batches{sessions()});
  const auto items = open_items();
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[1].customer_id, world_.customer_id);
  EXPECT_EQ(items[1].window_closes, at(100));
  EXPECT_EQ(items[1].mail_id, std::nullopt);
  EXPECT_EQ(items[1].created, at(50));

  const auto mail = write([&](Transaction& t) {
    return must(add_mail(t, mail_row(world_.customer_id, "<1@x>"), {items[0].id, items[1].id}));
  });
  EXPECT_EQ(due(999), Batches{});
  EXPECT_TRUE(open_items().empty());
  EXPECT_EQ(read([&](Transaction& t) { return must(items_of_mail(t, mail)); }).size(), 2u);
  EXPECT_EQ(queue("c", 300), at(300)) << "a new window";
}

TEST_P(MailsTest, AllContractsOfACustomerShareHisWindow) {
  EXPECT_EQ(queue("a", 100), at(100));
  world_.contract_id =
      write([&](Transaction& t) { return must(upsert_contract(t, contract_of(world_, "Other"))).id; });
  EXPECT_EQ(queue("b", 500), at(100)) << "one mail for both";
  EXPECT_EQ(queue("c", 80), at(80)) << "nobody waits longer than his contract says";
  EXPECT_EQ(read([](Transaction& t) { return must(due_batches(t, at(79), 10)); }), Batches{});
  EXPECT_EQ(read([](Transaction& t) { return must(due_batches(t, at(80), 10)); }), Batches{sessions()});
  const auto open = read([](Transaction& t) { return must(open_batches(t)); });
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0].batch, sessions());
  EXPECT_EQ(open[0].items, 3);
  EXPECT_EQ(open[0].opened, at(50));
  EXPECT_EQ(open[0].closes, at(80));
}

TEST_P(MailsTest, WindowsAreClosedOfOneCustomerOrOfAll) {
  queue("a", 100);
  const auto close = [&](std::optional<std::int64_t> customer) {
    return write([&](Transaction& t) { return must(close_windows_now(t, at(60), customer)); });
  };
  EXPECT_EQ(close(world_.customer_id + 1), 0);
  EXPECT_EQ(close(world_.customer_id), 1);
  EXPECT_EQ(close({}), 0) << "it is closed";
  EXPECT_EQ(read([](Transaction& t) { return must(due_batches(t, at(60), 10)); }), Batches{sessions()});
}

TEST_P(MailsTest, ACopyToAPartnerStandsBesideTheCustomersMail) {
  const auto partner = write([](Transaction& t) {
    return must(upsert_partner(
                    t, {.id = 0, .code = "north", .name = "North", .email = "n@x.example", .language = "el"}))
        .id;
  });
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
  EXPECT_EQ(read([](Transaction& t) { return must(due_batches(t, at(100), 10)); }), Batches{sessions()})
      << "both are told together";
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

TEST_P(MailsTest, AHeldBatchIsLookedAtLaterOrWhenTheDirectoryChanges) {
  queue("a", 100);
  const auto version = read([](Transaction& t) { return must(directory_version(t)); });
  MailHold hold{.batch = sessions(),
                .reason = "review",
                .detail = "",
                .session_id = open_items().at(0).session_id,
                .since = at(100),
                .until = at(900),
                .look = at(300),
                .directory_version = version};
  const auto due = [&](std::int64_t now) {
    return read([&](Transaction& t) { return must(due_batches(t, at(now), 10)); });
  };
  const auto put = [&] { write([&](Transaction& t) { must(put_mail_hold(t, hold)); }); };
  put();
  EXPECT_EQ(due(299), Batches{});
  EXPECT_EQ(due(300), Batches{sessions()});
  hold.reason = "error";
  hold.detail = "no address";
  hold.session_id.reset();
  hold.look = at(800);
  put();
  const auto kept = read([&](Transaction& t) { return must(find_mail_hold(t, sessions())).value(); });
  EXPECT_EQ(kept.reason, "error");
  EXPECT_EQ(kept.detail, "no address");
  EXPECT_EQ(kept.session_id, std::nullopt);
  EXPECT_EQ(kept.since, at(100));
  EXPECT_EQ(kept.until, at(900));
  EXPECT_EQ(read([](Transaction& t) { return must(list_mail_holds(t)); }).size(), 1u);
  EXPECT_EQ(due(799), Batches{});
  write([](Transaction& t) { must(bump_directory_version(t)); });
  EXPECT_EQ(due(799), Batches{sessions()}) << "perhaps it was mended";
  for (int i = 0; i < 2; ++i) write([&](Transaction& t) { must(end_mail_hold(t, sessions())); });
  EXPECT_FALSE(read([&](Transaction& t) { return must(find_mail_hold(t, sessions())); }));
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

TEST_P(MailsTest, ADroppedItemIsToldByNobody) {
  queue("a", 100);
  queue("b", 100);
  const auto items = open_items();
  ASSERT_EQ(items.size(), 2u);
  const auto of_session = [&](std::int64_t session) {
    return read([&](Transaction& t) { return must(items_of_session(t, session)); });
  };
  ASSERT_EQ(of_session(items[0].session_id).size(), 1u);
  EXPECT_EQ(of_session(items[0].session_id)[0].id, items[0].id);
  for (int i = 0; i < 2; ++i) write([&](Transaction& t) { must(drop_item(t, items[0].id, at(90))); });
  EXPECT_TRUE(of_session(items[0].session_id).empty());
  ASSERT_EQ(open_items().size(), 1u);
  EXPECT_EQ(open_items()[0].id, items[1].id);
  EXPECT_EQ(refused([&](Transaction& t) {
              return add_mail(t, mail_row(world_.customer_id, "<1@x>"), {items[0].id});
            }),
            base::ErrorCode::conflict);
  const auto mail = write([&](Transaction& t) {
    return must(add_mail(t, mail_row(world_.customer_id, "<2@x>"), {items[1].id}));
  });
  write([&](Transaction& t) { must(drop_item(t, items[1].id, at(91))); });
  EXPECT_EQ(read([&](Transaction& t) { return must(items_of_mail(t, mail)); }).size(), 1u)
      << "what was told stays told";
}

TEST_P(MailsTest, ALaterWindowBeginsBehindADroppedItem) {
  queue("a", 100);
  write([&](Transaction& t) { must(drop_item(t, must(items_of(t, world_.customer_id)).at(0).id, at(1))); });
  EXPECT_EQ(queue("b", 200), at(200));
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
