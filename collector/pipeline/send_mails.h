// Composed mails go out, one at a time for each account, at most once without a person's word
// (docs/decisions/0005).

#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "collector/mail/transport.h"
#include "collector/store/connection.h"
#include "collector/store/mails.h"
#include "common/base/result.h"
#include "common/timing/clock.h"

namespace collector::pipeline {

struct SenderOptions {
  std::string account = "default";
  std::string transport = {};  // Its name in the configuration.
  // True if the transport may be given a mail again without harm.
  bool repeatable = false;
  // Of the envelope of mails that were composed before each had its own.
  std::string sender_address = {};
  std::int64_t mails_per_min = 0;  // At most; 0: as fast as it goes.
};

// Gives the waiting mails of accounts that are none of `accounts` to the first of these. Before any Sender of
// the database runs.
[[nodiscard]] base::Status adopt_strays(store::Connection& connection,
                                        const std::vector<std::string>& accounts);

// Sends the mails of one account. One thread at a time, one Sender to an account of a database.
//
// Each mail is marked `sending`, durably, before its first byte goes out, and what became of it is noted in
// the transaction that marks the next one. A server that does not take mails at all makes the account pause,
// for longer each time (mail/retry.h), and costs no mail one of its tries. One that does not take the sender
// makes it pause as well, and costs the mail a try, for it may be that mail's sender alone: behind the pause
// mails of other senders ask first.
class Sender {
 public:
  // `clock` must outlive it.
  Sender(store::Connection connection, SenderOptions options, std::unique_ptr<mail::Transport> transport,
         const timing::Clock& clock);

  // Sends what is due, the longest waiting first, until `stop` is asked for; how many were tried. At the
  // first run mails that a killed collector left in the middle of being sent become `uncertain`, or are
  // composed again where they were handed over by this transport and sending twice changes nothing. An error
  // is the database's; the next run goes on, notes what could not be noted, and takes back what was marked
  // without our hearing of it.
  [[nodiscard]] base::Result<std::int64_t> run(const std::stop_token& stop = {});

  // When the next run has something to do, as far as that is known; nothing: when a mail is composed.
  std::optional<timing::UtcMs> next() const { return next_; }

 private:
  // A mail that was handed over, and what became of it.
  struct Tried {
    store::MailRow mail;
    mail::Delivery delivery;
    timing::UtcMs started;
    timing::UtcMs ended;
    bool stopped = false;  // Before its last byte, because we were asked to.
  };

  [[nodiscard]] base::Status settle();
  [[nodiscard]] base::Result<bool> something_due(timing::UtcMs now);
  // The one that asks next.
  [[nodiscard]] base::Result<std::optional<store::MailRow>> next_mail(store::Transaction& tx,
                                                                      timing::UtcMs now) const;
  [[nodiscard]] base::Status note_tried(store::Transaction& tx);
  [[nodiscard]] base::Status note_pause(store::Transaction& tx, const Tried& tried);
  // Notes `tried_` and marks the next mail, if there is one and `one_more`.
  [[nodiscard]] base::Result<std::optional<store::MailRow>> take(bool one_more, timing::UtcMs now);
  // Of mails that were marked in a transaction that failed, or perhaps did not.
  [[nodiscard]] base::Status put_back(store::Transaction& tx);
  Tried hand_over(store::MailRow mail, const std::stop_token& stop);

  store::Connection connection_;
  SenderOptions options_;
  std::unique_ptr<mail::Transport> transport_;
  const timing::Clock& clock_;
  bool settled_ = false;
  bool paused_ = false;
  std::set<std::string> unwelcome_;  // Senders that were not taken the last time.
  std::optional<Tried> tried_;       // And not noted yet.
  bool in_doubt_ = false;            // The last transaction that was to note it failed, or perhaps did not.
  std::vector<store::MailRow> unheard_;  // As they were before that one marked them.
  std::optional<timing::UtcMs> last_start_;
  std::optional<timing::UtcMs> next_;
};

// A thread that runs a sender once a second, and whenever its next mail may go.
class SendRunner {
 public:
  explicit SendRunner(Sender sender, const timing::Clock& clock, std::string account);
  // Ends the delivery at hand as Transport::stop_with() says, then the thread.
  ~SendRunner() = default;
  // The same without waiting for it.
  void stop() { thread_.request_stop(); }
  SendRunner(const SendRunner&) = delete;
  SendRunner& operator=(const SendRunner&) = delete;

 private:
  void loop(const std::stop_token& stop);

  Sender sender_;
  const timing::Clock& clock_;
  std::string account_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;  // Last: it uses all of the above.
};

}  // namespace collector::pipeline
