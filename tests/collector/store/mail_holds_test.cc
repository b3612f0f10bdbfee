// Windows, and what is held behind them.

#include "collector/store/mail_holds.h"

#include "collector/store/notices.h"
#include "tests/collector/store/mails_fixture.h"

namespace collector::store {
namespace {

class MailHoldsTest : public MailsTest {};
INSTANTIATE_TEST_SUITE_P(On, MailHoldsTest, testing::Values(Dialect::sqlite, Dialect::postgresql),
                         dialect_name);

TEST_P(MailHoldsTest, TheWindowRunsFromTheFirstUnsentSessionAndDoesNotRestart) {
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

TEST_P(MailHoldsTest, AllContractsOfACustomerShareHisWindow) {
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

TEST_P(MailHoldsTest, WindowsAreClosedOfOneCustomerOrOfAll) {
  queue("a", 100);
  const auto flush = [&](std::int64_t now, std::optional<std::int64_t> customer) {
    return write([&](Transaction& t) { return must(flush_batches(t, at(now), customer)); });
  };
  const auto due = [&](std::int64_t now) {
    return read([&](Transaction& t) { return must(due_batches(t, at(now), 10)); });
  };
  EXPECT_EQ(flush(60, world_.customer_id + 1), 0);
  EXPECT_EQ(due(60), Batches{});
  EXPECT_EQ(flush(60, world_.customer_id), 1);
  EXPECT_EQ(due(60), Batches{sessions()});
  EXPECT_EQ(hold_of(sessions()).reason, "flushed");
  EXPECT_EQ(hold_of(sessions()).closes, at(60));
  put(sessions(), "no_address");
  EXPECT_EQ(flush(70, {}), 0) << "no haste finds an address";
  EXPECT_EQ(due(70), Batches{});
}

// What is held for want of an address or of a mail that can be made has no window that others could inherit.
TEST_P(MailHoldsTest, WhoCannotBeToldHoldsUpNobodyElse) {
  const auto partner = add_partner();
  queue("a", 100);
  const auto copy_of = [&](std::size_t item, std::int64_t closes) {
    auto copy = open_items().at(item);
    copy.kind = "partner_copy";
    copy.partner_id = partner;
    copy.window_closes = at(closes);
    return write([&](Transaction& t) { return must(queue_item(t, copy)); });
  };
  EXPECT_EQ(copy_of(0, 150), at(100));
  const MailBatch copies{.customer_id = world_.customer_id, .kind = "partner_copy", .partner_id = partner};
  for (const auto* reason : {"error", "no_address"}) {
    put(copies, reason);
    const auto told = open_items().at(0);
    write([&](Transaction& t) {
      if (told.kind == "sessions")
        must(add_mail(t, mail_row(world_.customer_id, std::string{"<"} + reason + "@x>"), {told.id}));
    });
    EXPECT_EQ(queue(reason, 900), at(900)) << "a window of his own again";
    EXPECT_EQ(copy_of(open_items().size() - 1, 950), at(900));
    EXPECT_EQ(hold_of(copies).closes, at(100));
    EXPECT_EQ(hold_of(copies).reason, reason) << "it is still held";
    EXPECT_EQ(read([](Transaction& t) { return must(due_batches(t, at(899), 10)); }), Batches{});
    EXPECT_EQ(read([](Transaction& t) { return must(due_batches(t, at(900), 10)); }), Batches{sessions()});
    for (const auto& item : open_items()) {
      if (item.kind == "sessions") write([&](Transaction& t) { must(drop_item(t, item, at(901))); });
    }
  }
  EXPECT_EQ(write([&](Transaction& t) { return must(drop_batch(t, copies, at(950))); }), 3) << "given up";
  EXPECT_TRUE(open_items().empty());
  EXPECT_FALSE(read([&](Transaction& t) { return must(find_mail_hold(t, copies)); }));
}

TEST_P(MailHoldsTest, AnEarlierEndIsThatOfAllOfTheCustomersReaders) {
  const auto partner = add_partner();
  queue("a", 500);
  auto copy = open_items().at(0);
  copy.kind = "partner_copy";
  copy.partner_id = partner;
  write([&](Transaction& t) { must(queue_item(t, copy)); });
  EXPECT_EQ(queue("b", 80), at(80));
  EXPECT_EQ(read([](Transaction& t) { return must(due_batches(t, at(80), 10)); }).size(), 2u);
}

TEST_P(MailHoldsTest, WhatAMailToldThatWasGivenUpWaitsAgain) {
  queue("a", 100);
  auto row = mail_row(world_.customer_id, "<1@x>");
  const auto item = open_items().at(0).id;
  row.id = write([&](Transaction& t) { return must(add_mail(t, row, {item})); });
  EXPECT_TRUE(read([&](Transaction& t) { return must(last_told(t, world_.contract_id)); }));
  write([&](Transaction& t) {
    must(set_mail_cancelled(t, row.id, at(200)));
    must(release_items(t, row, at(200)));
  });
  EXPECT_FALSE(read([&](Transaction& t) { return must(last_told(t, world_.contract_id)); }));
  EXPECT_EQ(state_of(read([&](Transaction& t) { return must(find_mail(t, row.id)).value(); })), "cancelled");
  EXPECT_EQ(open_items().size(), 1u);
  EXPECT_EQ(read([](Transaction& t) { return must(due_batches(t, at(200), 10)); }), Batches{sessions()});
}

TEST_P(MailHoldsTest, ANoticeThatWasDroppedUntoldIsQueuedAgainAndNeverTwice) {
  ledger::Notice one;
  one.contract_id = world_.contract_id;
  one.unit = "min";
  const auto notice = write([&](Transaction& t) {
    return must(add_notice(t, {.id = 0, .customer_id = world_.customer_id, .notice = one, .created = at(1)}));
  });
  const MailItemRow item{.id = 0,
                         .customer_id = world_.customer_id,
                         .session_id = 0,
                         .entry_id = 0,
                         .window_closes = at(5),
                         .mail_id = {},
                         .created = at(5),
                         .kind = "notice",
                         .partner_id = {},
                         .notice_id = notice};
  const auto again = [&] { write([&](Transaction& t) { must(requeue_notice(t, item)); }); };
  for (int i = 0; i < 2; ++i) {
    again();
    EXPECT_EQ(open_items().size(), 1u) << "it never was queued";
  }
  const auto queued = open_items().at(0);
  write([&](Transaction& t) { must(drop_item(t, queued, at(6))); });
  EXPECT_EQ(read([](Transaction& t) { return must(due_batches(t, at(9), 10)); }), Batches{});
  again();
  ASSERT_EQ(open_items().size(), 1u);
  EXPECT_EQ(read([](Transaction& t) { return must(due_batches(t, at(9), 10)); }).size(), 1u);
  auto row = mail_row(world_.customer_id, "<1@x>");
  row.kind = "notice";
  write([&](Transaction& t) { must(add_mail(t, row, {queued.id})); });
  again();
  EXPECT_TRUE(open_items().empty()) << "it was told";
}

TEST_P(MailHoldsTest, AHeldBatchIsLookedAtLaterOrWhenTheDirectoryChanges) {
  queue("a", 100);
  const auto version = read([](Transaction& t) { return must(directory_version(t)); });
  MailHold hold{.batch = sessions(),
                .closes = {},
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
  EXPECT_FALSE(write([&](Transaction& t) { return must(end_batch(t, sessions())); })) << "something waits";
  const auto item = open_items().at(0);
  write([&](Transaction& t) { must(drop_item(t, item, at(900))); });
  EXPECT_TRUE(write([&](Transaction& t) { return must(end_batch(t, sessions())); }));
  EXPECT_FALSE(read([&](Transaction& t) { return must(find_mail_hold(t, sessions())); }));
}

TEST_P(MailHoldsTest, ADroppedItemIsToldByNobody) {
  queue("a", 100);
  queue("b", 100);
  const auto items = open_items();
  ASSERT_EQ(items.size(), 2u);
  const auto of_session = [&](std::int64_t session) {
    return read([&](Transaction& t) { return must(items_of_session(t, session)); });
  };
  ASSERT_EQ(of_session(items[0].session_id).size(), 1u);
  EXPECT_EQ(of_session(items[0].session_id)[0].id, items[0].id);
  for (int i = 0; i < 2; ++i) write([&](Transaction& t) { must(drop_item(t, items[0], at(90))); });
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
  write([&](Transaction& t) { must(drop_item(t, items[1], at(91))); });
  EXPECT_EQ(read([&](Transaction& t) { return must(items_of_mail(t, mail)); }).size(), 1u)
      << "what was told stays told";
}

TEST_P(MailHoldsTest, ALaterWindowBeginsBehindADroppedItem) {
  queue("a", 100);
  write([&](Transaction& t) { must(drop_item(t, must(items_of(t, world_.customer_id)).at(0), at(1))); });
  EXPECT_EQ(queue("b", 200), at(200));
}

}  // namespace
}  // namespace collector::store
