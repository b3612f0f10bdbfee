#include "collector/store/mails.h"

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

  SmallWorld world_;
};
INSTANTIATE_TEST_SUITE_P(On, MailsTest, testing::Values(Dialect::sqlite, Dialect::postgresql), dialect_name);

using Ids = std::vector<std::int64_t>;

TEST_P(MailsTest, TheWindowRunsFromTheFirstUnsentSessionAndDoesNotRestart) {
  EXPECT_EQ(queue("a", 100), at(100));
  EXPECT_EQ(queue("b", 160), at(100));
  const auto due = [&](std::int64_t now) {
    return read([&](Transaction& t) { return must(due_customers(t, at(now))); });
  };
  EXPECT_EQ(due(99), Ids{});
  EXPECT_EQ(due(100), Ids{world_.customer_id});
  const auto items = open_items();
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[1].customer_id, world_.customer_id);
  EXPECT_EQ(items[1].window_closes, at(100));
  EXPECT_EQ(items[1].mail_id, std::nullopt);
  EXPECT_EQ(items[1].created, at(50));

  const auto mail = write([&](Transaction& t) {
    return must(add_mail(t, mail_row(world_.customer_id, "<1@x>"), {items[0].id, items[1].id}));
  });
  EXPECT_EQ(due(999), Ids{});
  EXPECT_TRUE(open_items().empty());
  EXPECT_EQ(read([&](Transaction& t) { return must(items_of_mail(t, mail)); }).size(), 2u);
  EXPECT_EQ(queue("c", 300), at(300)) << "a new window";
}

TEST_P(MailsTest, EachContractHasItsOwnWindow) {
  queue("a", 100);
  const auto first = world_.contract_id;
  world_.contract_id =
      write([&](Transaction& t) { return must(upsert_contract(t, contract_of(world_, "Other"))).id; });
  EXPECT_EQ(queue("b", 500), at(500));
  world_.contract_id = first;
  EXPECT_EQ(queue("c", 700), at(100));
  const auto due = read([&](Transaction& t) { return must(due_items_of(t, world_.customer_id, at(100))); });
  ASSERT_EQ(due.size(), 2u);
  EXPECT_EQ(due[0].window_closes, at(100));
  EXPECT_EQ(write([](Transaction& t) { return must(close_windows_now(t, at(200))); }), 1);
  EXPECT_EQ(read([&](Transaction& t) { return must(due_items_of(t, world_.customer_id, at(200))); }).size(),
            3u);
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
    for (const auto& mail : read([&](Transaction& t) { return must(mails_to_send(t, at(now), 10)); }))
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
