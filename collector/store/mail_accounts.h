// What is known of the accounts through which mails go: each attempt, which of them pause, and how many mails
// are where.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/connection.h"
#include "common/timing/utc.h"

namespace collector::store {

// One time a mail was handed to a server, or was about to be.
struct MailAttempt {
  std::string account;
  timing::UtcMs started;
  timing::UtcMs ended;
  std::string outcome;  // As mail::to_string() says it, or "interrupted": the collector ended meanwhile.
  std::string answer;   // The server's, or what failed.
};
[[nodiscard]] base::Status add_mail_attempt(Transaction& transaction, std::int64_t mail_id,
                                            const MailAttempt& attempt);
// In order.
[[nodiscard]] base::Result<std::vector<MailAttempt>> attempts_of_mail(Transaction& transaction,
                                                                      std::int64_t mail_id);

// An account whose server does not take mails at present.
struct MailPause {
  std::string account;
  timing::UtcMs since;
  timing::UtcMs until;        // When it is tried again.
  std::int64_t failures = 0;  // In a row.
  std::string answer;         // What it said last.
};
// In place of the account's, if there is one.
[[nodiscard]] base::Status put_mail_pause(Transaction& transaction, const MailPause& pause);
[[nodiscard]] base::Result<std::optional<MailPause>> find_mail_pause(Transaction& transaction,
                                                                     const std::string& account);
[[nodiscard]] base::Result<std::vector<MailPause>> list_mail_pauses(Transaction& transaction);
// Harmless where there is none.
[[nodiscard]] base::Status end_mail_pause(Transaction& transaction, const std::string& account);

// The senders of an account's composed mails whose next try is due, the one whose mail waits longest first.
// Reads all of these mails.
[[nodiscard]] base::Result<std::vector<std::string>> senders_to_send(Transaction& transaction,
                                                                     const std::string& account,
                                                                     timing::UtcMs now);

// The accounts of mails that are composed and not sent, or in the middle of being sent.
[[nodiscard]] base::Result<std::vector<std::string>> accounts_of_waiting_mails(Transaction& transaction);
// Gives those of `former` to `account`; how many.
[[nodiscard]] base::Result<std::int64_t> adopt_mails(Transaction& transaction, const std::string& former,
                                                     const std::string& account);

// One mail's. not_found if there is no such mail.
[[nodiscard]] base::Status set_mail_account(Transaction& transaction, std::int64_t mail_id,
                                            const std::string& account);

// How many mails there are of one account, kind and state (as state_of() says it).
struct MailCount {
  std::string account, kind, state;
  std::int64_t mails = 0;
  timing::UtcMs oldest, newest;  // When they were composed.
};
// Reads through all mails.
[[nodiscard]] base::Result<std::vector<MailCount>> count_mails(Transaction& transaction);

}  // namespace collector::store
