// Why what is due for a customer is not composed yet: a session of his is in review, or no mail can be made.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/connection.h"
#include "collector/store/mails.h"
#include "common/timing/utc.h"

namespace collector::store {

struct MailHold {
  MailBatch batch;
  // "review", "error", or "flushed": a person said that nothing is waited for.
  std::string reason;
  std::string detail = {};                      // What went wrong, in a line.
  std::optional<std::int64_t> session_id = {};  // That is in review.
  timing::UtcMs since;
  timing::UtcMs until;  // When nothing is waited for any more.
  timing::UtcMs look;   // When it is looked at again; and whenever the directory has changed.
  std::int64_t directory_version = 0;
};

// In place of the batch's, if there is one.
[[nodiscard]] base::Status put_mail_hold(Transaction& transaction, const MailHold& hold);
[[nodiscard]] base::Result<std::optional<MailHold>> find_mail_hold(Transaction& transaction,
                                                                   const MailBatch& batch);
// In order of customers.
[[nodiscard]] base::Result<std::vector<MailHold>> list_mail_holds(Transaction& transaction);
// Harmless where there is none.
[[nodiscard]] base::Status end_mail_hold(Transaction& transaction, const MailBatch& batch);

// A session of the customer that began at `from` or later and is in review. Looks at what is unsettled only.
[[nodiscard]] base::Result<std::optional<std::int64_t>> session_in_review(Transaction& transaction,
                                                                          std::int64_t customer_id,
                                                                          timing::UtcMs from);

}  // namespace collector::store
