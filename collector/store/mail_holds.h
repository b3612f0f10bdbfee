// What waits to be told, by reader: until when, and why it is not composed though its time has come.
//
// There is a row for each reader for whom something waits, made by queue_item() and ended by what binds or
// drops the last item (mails.h). So what is held for long costs nothing, however much it is.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/connection.h"
#include "collector/store/mails.h"
#include "common/timing/utc.h"

namespace collector::store {

// Batches of which something is to be told at `now`: a window has closed, and no hold says to look later; or
// the directory has changed since a hold was put. In order of customers, up to `limit`.
[[nodiscard]] base::Result<std::vector<MailBatch>> due_batches(Transaction& transaction, timing::UtcMs now,
                                                               std::int64_t limit);

// A batch that waits.
struct OpenBatch {
  MailBatch batch;
  std::int64_t items = 0;
  timing::UtcMs opened;
  timing::UtcMs closes;
};
// All, or those of one customer, the one that closes first first. Reads all that waits.
[[nodiscard]] base::Result<std::vector<OpenBatch>> open_batches(
    Transaction& transaction, std::optional<std::int64_t> customer_id = std::nullopt);

struct MailHold {
  MailBatch batch;
  timing::UtcMs closes;  // The window; put_mail_hold() leaves it as it is.
  // "review", "error" (no mail can be made), "no_address" (nobody knows where to send it), or "flushed": a
  // person said that nothing is waited for. Empty: its window.
  std::string reason;
  std::string detail = {};                      // What went wrong, in a line.
  std::optional<std::int64_t> session_id = {};  // That is in review.
  timing::UtcMs since;
  timing::UtcMs until;  // When nothing is waited for any more.
  timing::UtcMs look;   // When it is looked at again; and whenever the directory has changed.
  std::int64_t directory_version = 0;
};

// not_found if nothing waits there.
[[nodiscard]] base::Status put_mail_hold(Transaction& transaction, const MailHold& hold);
// Nothing if nothing waits there.
[[nodiscard]] base::Result<std::optional<MailHold>> find_mail_hold(Transaction& transaction,
                                                                   const MailBatch& batch);
// Those that wait for something else than their window, in order of customers.
[[nodiscard]] base::Result<std::vector<MailHold>> list_mail_holds(Transaction& transaction);

// Nothing of a customer, or of anybody, waits for its window, a review or to be composed again: everything is
// due at `now`, but for what has no address. How many batches that concerned.
[[nodiscard]] base::Result<std::int64_t> flush_batches(
    Transaction& transaction, timing::UtcMs now, std::optional<std::int64_t> customer_id = std::nullopt);

// Drops all that waits in a batch; how many items.
[[nodiscard]] base::Result<std::int64_t> drop_batch(Transaction& transaction, const MailBatch& batch,
                                                    timing::UtcMs now);

// Nothing waits there any more. False, and nothing is done, if something does. Harmless where there is none.
[[nodiscard]] base::Result<bool> end_batch(Transaction& transaction, const MailBatch& batch);

// A session of the customer that ended at `from` or later and is in review. Looks at what is unsettled only.
[[nodiscard]] base::Result<std::optional<std::int64_t>> session_in_review(Transaction& transaction,
                                                                          std::int64_t customer_id,
                                                                          timing::UtcMs from);

}  // namespace collector::store
