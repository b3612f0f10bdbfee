// A customer to whom something waits to be told.

#pragma once

#include "collector/store/mail_holds.h"
#include "collector/store/mails.h"
#include "collector/store/partners.h"
#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::store {

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

  std::int64_t add_partner() {
    return write([](Transaction& t) {
      return must(upsert_partner(
                      t,
                      {.id = 0, .code = "north", .name = "North", .email = "n@x.example", .language = "el"}))
          .id;
    });
  }
  // Held from 100 on, for a long time.
  void put(const MailBatch& batch, const std::string& reason) {
    write([&](Transaction& t) {
      must(put_mail_hold(t, {.batch = batch,
                             .closes = {},
                             .reason = reason,
                             .detail = "",
                             .session_id = {},
                             .since = at(100),
                             .until = at(99'999),
                             .look = at(99'999),
                             .directory_version = must(directory_version(t))}));
    });
  }
  MailHold hold_of(const MailBatch& batch) {
    return read([&](Transaction& t) { return must(find_mail_hold(t, batch)).value(); });
  }

  MailBatch sessions() const { return {.customer_id = world_.customer_id, .kind = "sessions"}; }

  SmallWorld world_;
};

using Ids = std::vector<std::int64_t>;
using Batches = std::vector<MailBatch>;

}  // namespace collector::store
