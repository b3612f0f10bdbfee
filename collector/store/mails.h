// Mails to customers: what waits to be told, what was composed, what became of
// it. What was sent is kept word for word.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/connection.h"
#include "common/timing/utc.h"

namespace collector::store {

// One entry to be told to one customer.
struct MailItemRow {
  std::int64_t id = 0;  // Given by the store.
  std::int64_t customer_id = 0;
  std::int64_t session_id = 0;
  std::int64_t entry_id = 0;
  timing::UtcMs window_closes;
  std::optional<std::int64_t> mail_id;  // Absent: not told yet.
  timing::UtcMs created;
};

struct MailRow {
  std::int64_t id = 0;  // Given by the store.
  std::int64_t customer_id = 0;
  std::string message_id;
  std::string recipient;
  std::string subject;
  std::string raw;    // The whole message as it goes over SMTP.
  std::string state;  // "composed", "sending", "sent", "uncertain" or "failed".
  std::int64_t attempts = 0;
  timing::UtcMs next_try;
  std::string last_error;
  timing::UtcMs created;
  std::optional<timing::UtcMs> sent;
};

// What sending changes about a mail.
struct MailProgress {
  std::string state;
  std::int64_t attempts = 0;
  timing::UtcMs next_try;
  std::string last_error;
  std::optional<timing::UtcMs> sent;
};

// Queues an entry for its customer; returns when its window closes. The window
// runs from the first unsent item of the same customer and contract and does
// not restart: if there is one, its closing time is taken over and
// `item.window_closes` is not used. `window`: when that is, for who knows it from queueing another item in
// the same transaction; else it is looked for among all unsent items of the customer. conflict if the entry
// is queued already.
[[nodiscard]] base::Result<timing::UtcMs> queue_item(Transaction& transaction, const MailItemRow& item,
                                                     std::optional<timing::UtcMs> window = {});

// Customers with at least one unsent item whose window has closed.
[[nodiscard]] base::Result<std::vector<std::int64_t>> due_customers(Transaction& transaction,
                                                                    timing::UtcMs now);

// The customer's unsent items whose window closed at or before `now`, in order
// of queueing.
[[nodiscard]] base::Result<std::vector<MailItemRow>> due_items_of(Transaction& transaction,
                                                                  std::int64_t customer_id,
                                                                  timing::UtcMs now);

// All unsent items of a customer, in order of queueing.
[[nodiscard]] base::Result<std::vector<MailItemRow>> items_of(Transaction& transaction,
                                                              std::int64_t customer_id);

// What was, or is to be, told of one session, in order of queueing.
[[nodiscard]] base::Result<std::vector<MailItemRow>> items_of_session(Transaction& transaction,
                                                                      std::int64_t session_id);

// Takes an unsent item out for good, because its entry was reversed before it
// was told. Harmless when it is out already.
[[nodiscard]] base::Status drop_item(Transaction& transaction, std::int64_t item_id, timing::UtcMs now);

// The items a mail tells of, in order of queueing.
[[nodiscard]] base::Result<std::vector<MailItemRow>> items_of_mail(Transaction& transaction,
                                                                   std::int64_t mail_id);

// How far the customer was told of a contract's ledger.
struct LastTold {
  std::int64_t entry_id = 0;  // The newest entry that is in a mail.
  timing::UtcMs when;         // When the newest of these mails was composed.
};
// Absent if no mail told of this contract.
[[nodiscard]] base::Result<std::optional<LastTold>> last_told(Transaction& transaction,
                                                              std::int64_t contract_id);

// Closes every open window at `now`; how many items that concerned.
[[nodiscard]] base::Result<std::int64_t> close_windows_now(Transaction& transaction, timing::UtcMs now);

// Keeps a mail and binds the items it tells of; returns its id. conflict if the
// message id exists or one of the items is bound already.
[[nodiscard]] base::Result<std::int64_t> add_mail(Transaction& transaction, const MailRow& mail,
                                                  const std::vector<std::int64_t>& item_ids);

// Up to `limit` composed mails whose next try is due, longest waiting first.
[[nodiscard]] base::Result<std::vector<MailRow>> mails_to_send(Transaction& transaction, timing::UtcMs now,
                                                               std::int64_t limit);

// not_found if there is no such mail.
[[nodiscard]] base::Status set_mail_state(Transaction& transaction, std::int64_t mail_id,
                                          const MailProgress& progress);

// Those in state "sending", oldest first: few, however many mails there are.
[[nodiscard]] base::Result<std::vector<MailRow>> interrupted_mails(Transaction& transaction);

// Newest first; of one state if given, which is looked for among all of them.
[[nodiscard]] base::Result<std::vector<MailRow>> list_mails(
    Transaction& transaction, std::int64_t limit, const std::optional<std::string>& state = std::nullopt);

[[nodiscard]] base::Result<std::optional<MailRow>> find_mail(Transaction& transaction, std::int64_t mail_id);

}  // namespace collector::store
