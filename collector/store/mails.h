// Mails: what waits to be told, what was composed, what became of it. What was sent is kept word for word.
//
// Kinds are words, so that others can come: "sessions" (what a customer is told of them), "partner_copy" (the
// same, for the partner of a contract), "notice" (what a contract comes to; ledger/notice.h).

#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/connection.h"
#include "common/timing/utc.h"

namespace collector::store {

// One thing to be told to somebody.
struct MailItemRow {
  std::int64_t id = 0;  // Given by the store.
  std::int64_t customer_id = 0;
  std::int64_t session_id = 0;  // 0 of a notice, as is `entry_id`.
  std::int64_t entry_id = 0;
  timing::UtcMs window_closes;
  std::optional<std::int64_t> mail_id;  // Absent: not told yet.
  timing::UtcMs created;
  std::string kind = "sessions";
  std::optional<std::int64_t> partner_id = {};  // Whom a partner_copy goes to.
  std::optional<std::int64_t> notice_id = {};   // Of a notice.
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
  std::string kind = "sessions";
  std::optional<std::int64_t> partner_id = {};  // Whom a partner_copy goes to.
  std::string account = "default";              // Through which of the configured ones it goes.
  std::string sender = {};                      // Of the envelope; empty: the configuration's.
  std::optional<timing::UtcMs> bounced = {};    // When we learned that it was not delivered after all.
  std::string bounce = {};                      // What was said then.
  std::optional<timing::UtcMs> cancelled = {};  // When a person gave it up.
  std::string transport = {};  // Under which it was last handed over; empty: it was not, or nobody knows.
};

// "cancelled" for what was given up, "bounced" for what came back, else the state.
std::string state_of(const MailRow& mail);

// What sending changes about a mail.
struct MailProgress {
  std::string state;
  std::int64_t attempts = 0;
  timing::UtcMs next_try;
  std::string last_error;
  std::optional<timing::UtcMs> sent;
};

// What is told together, and waits together: all of one kind to one reader about one customer.
struct MailBatch {
  std::int64_t customer_id = 0;
  std::string kind;
  std::int64_t partner_id = 0;  // Of a partner_copy: whose.

  bool operator==(const MailBatch&) const = default;
};

// What one transaction has queued for one customer: it need not be looked for again.
struct QueuedSoFar {
  std::optional<timing::UtcMs> closes = {};  // When his window does.
  std::vector<MailBatch> begun = {};
};

// Queues what is to be told; returns when its window closes. A customer has one window at a time for all his
// contracts and for copies to partners: it runs from the first thing unsent and does not restart; who cannot
// be told (MailHold "error" and "no_address") has no part in it. What wants an earlier end than the window
// has, gets it, and the mail then tells all that waits. `so_far`: for who queues several in one transaction.
// A notice has no window: `item.window_closes` is taken. conflict if the entry or the notice is queued
// already for this kind.
[[nodiscard]] base::Result<timing::UtcMs> queue_item(Transaction& transaction, const MailItemRow& item,
                                                     QueuedSoFar& so_far);
[[nodiscard]] inline base::Result<timing::UtcMs> queue_item(Transaction& transaction,
                                                            const MailItemRow& item) {
  QueuedSoFar nothing;
  return queue_item(transaction, item, nothing);
}

// Queues a notice that was dropped, or never queued, for no mail told it: it is so again. Nothing happens if
// it is queued or told.
[[nodiscard]] base::Status requeue_notice(Transaction& transaction, const MailItemRow& item);

// All unsent items of a customer, of every kind, in order of queueing.
[[nodiscard]] base::Result<std::vector<MailItemRow>> items_of(Transaction& transaction,
                                                              std::int64_t customer_id);
// Those of a batch.
[[nodiscard]] base::Result<std::vector<MailItemRow>> items_of(Transaction& transaction,
                                                              const MailBatch& batch);

// What was, or is to be, told of one session, alone or with those it was charged together with, in mails of
// `kind`, in order of queueing.
[[nodiscard]] base::Result<std::vector<MailItemRow>> items_of_session(Transaction& transaction,
                                                                      std::int64_t session_id,
                                                                      const std::string& kind = "sessions");

// Takes an unsent item out for good, because it was no longer so before it was told. Harmless when it is out
// already.
[[nodiscard]] base::Status drop_item(Transaction& transaction, const MailItemRow& item, timing::UtcMs now);

// The items a mail tells of, in order of queueing.
[[nodiscard]] base::Result<std::vector<MailItemRow>> items_of_mail(Transaction& transaction,
                                                                   std::int64_t mail_id);

// To whom one kind of mail about one customer goes.
struct MailReader {
  std::int64_t customer_id = 0;
  std::string kind = "sessions";
  std::optional<std::int64_t> partner_id = {};  // Of a partner_copy.

  auto operator<=>(const MailReader&) const = default;
};

// The entries by which the newest mail that told this reader of the session did so, with all that was charged
// as one with it, in order of their ids; none if no mail did.
[[nodiscard]] base::Result<std::vector<std::int64_t>> entries_told(Transaction& transaction,
                                                                   const MailReader& reader,
                                                                   std::int64_t session_id);

// How far the customer was told of a contract's ledger.
struct LastTold {
  std::int64_t entry_id = 0;  // The newest entry that is in a mail.
  timing::UtcMs when;         // When the newest of these mails was composed.
};
// By mails of `kind`. Absent if none told of this contract.
[[nodiscard]] base::Result<std::optional<LastTold>> last_told(Transaction& transaction,
                                                              std::int64_t contract_id,
                                                              const std::string& kind = "sessions");

// Keeps a mail and binds the items it tells of; returns its id. conflict if the message id exists, or one of
// the items is bound already or of another customer or kind.
[[nodiscard]] base::Result<std::int64_t> add_mail(Transaction& transaction, const MailRow& mail,
                                                  const std::vector<std::int64_t>& item_ids);

// Up to `limit` composed mails of an account, or of one of its senders, whose next try is due, longest
// waiting first.
[[nodiscard]] base::Result<std::vector<MailRow>> mails_to_send(
    Transaction& transaction, const std::string& account, timing::UtcMs now, std::int64_t limit,
    const std::optional<std::string>& sender = std::nullopt);

// not_found if there is no such mail.
[[nodiscard]] base::Status set_mail_state(Transaction& transaction, std::int64_t mail_id,
                                          const MailProgress& progress);

// "sending", one attempt more, under `transport`. not_found if there is no such mail.
[[nodiscard]] base::Status mark_mail(Transaction& transaction, std::int64_t mail_id,
                                     const std::string& transport);

// A person gave it up. not_found if there is no such mail.
[[nodiscard]] base::Status set_mail_cancelled(Transaction& transaction, std::int64_t mail_id,
                                              timing::UtcMs when);

// What the mail told waits again, to be told at `now`.
[[nodiscard]] base::Status release_items(Transaction& transaction, const MailRow& mail, timing::UtcMs now);

// Of the envelope; the mail itself stays word for word. not_found if there is no such mail.
[[nodiscard]] base::Status set_mail_recipient(Transaction& transaction, std::int64_t mail_id,
                                              const std::string& recipient);

// Notes when it came back, in one line of what was said; nothing: it goes out again. not_found if there is no
// such mail.
[[nodiscard]] base::Status set_mail_bounced(Transaction& transaction, std::int64_t mail_id,
                                            std::optional<timing::UtcMs> when, const std::string& bounce);

// Those of an account in state "sending", oldest first: few, however many mails there are.
[[nodiscard]] base::Result<std::vector<MailRow>> interrupted_mails(Transaction& transaction,
                                                                   const std::string& account);

// Which mails are asked for; what is empty does not matter.
struct MailFilter {
  std::optional<std::string> state = {};  // As state_of() says it.
  std::optional<std::string> kind = {};
  std::optional<std::string> customer = {};   // His code.
  std::optional<std::string> recipient = {};  // Part of the address, in whatever case.
  std::optional<timing::UtcMs> from = {};     // Composed then or later.
  std::optional<timing::UtcMs> to = {};       // Composed before.
  std::int64_t before_id = std::numeric_limits<std::int64_t>::max();  // For going on behind a page.
  std::int64_t limit = 100;
};
// Their numbers, newest first.
[[nodiscard]] base::Result<std::vector<std::int64_t>> list_mail_ids(Transaction& transaction,
                                                                    const MailFilter& filter);
// The same with all their bytes: for few.
[[nodiscard]] base::Result<std::vector<MailRow>> list_mails(
    Transaction& transaction, std::int64_t limit, const std::optional<std::string>& state = std::nullopt);

[[nodiscard]] base::Result<std::optional<MailRow>> find_mail(Transaction& transaction, std::int64_t mail_id);
[[nodiscard]] base::Result<std::optional<MailRow>> find_mail_of_message_id(Transaction& transaction,
                                                                           const std::string& message_id);
// What an address was sent since `from`, newest first.
[[nodiscard]] base::Result<std::vector<MailRow>> mails_of_recipient(Transaction& transaction,
                                                                    const std::string& recipient,
                                                                    timing::UtcMs from, std::int64_t limit);

}  // namespace collector::store
