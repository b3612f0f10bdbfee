#include "collector/pipeline/send_mails.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>

#include "collector/mail/retry.h"
#include "collector/store/mail_accounts.h"
#include "common/logging/log.h"

namespace collector::pipeline {

namespace {

using mail::Outcome;

constexpr std::chrono::seconds kConnectionKept{10};

// What makes the account pause.
bool turns_us_away(Outcome outcome) {
  return outcome == Outcome::unavailable || outcome == Outcome::unwelcome;
}

store::MailProgress progress_of(const store::MailRow& mail) {
  return {.state = mail.state,
          .attempts = mail.attempts,
          .next_try = mail.next_try,
          .last_error = mail.last_error,
          .sent = mail.sent};
}

// `mail` as it was before it was marked. Whatever was answered, the mail goes behind those that are due by
// then, so that none can be the first for ever.
store::MailProgress progress_after(const store::MailRow& mail, const mail::Delivery& delivery, bool stopped,
                                   timing::UtcMs now) {
  auto progress = progress_of(mail);
  if (stopped) return progress;
  progress.last_error = delivery.outcome == Outcome::delivered ? "" : delivery.detail;
  if (delivery.outcome == Outcome::unavailable) {
    progress.next_try = std::max(progress.next_try, now + std::chrono::milliseconds{1});
    return progress;
  }
  ++progress.attempts;
  switch (delivery.outcome) {
    case Outcome::delivered:
      progress.state = "sent";
      progress.sent = now;
      break;
    case Outcome::refused: progress.state = "failed"; break;
    case Outcome::uncertain: progress.state = "uncertain"; break;
    case Outcome::unavailable: break;
    case Outcome::unwelcome:
    case Outcome::retry:
      const auto chance = static_cast<std::uint64_t>(mail.id * 64 + progress.attempts);
      if (const auto next = mail::next_try(progress.attempts, now, chance)) {
        progress.next_try = *next;
      } else {
        progress.state = "failed";
      }
      break;
  }
  return progress;
}

}  // namespace

base::Status adopt_strays(store::Connection& connection, const std::vector<std::string>& accounts) {
  std::vector<std::string> strays;
  const auto read = connection.read([&](store::Transaction& tx) -> base::Status {
    auto all = store::accounts_of_waiting_mails(tx);
    if (!all) return std::unexpected{all.error()};
    strays = std::move(*all);
    return {};
  });
  if (!read) return read;
  std::erase_if(strays, [&](const auto& one) { return std::ranges::find(accounts, one) != accounts.end(); });
  if (strays.empty()) return {};
  return connection.transaction([&](store::Transaction& tx) -> base::Status {
    for (const auto& one : strays) {
      const auto mails = store::adopt_mails(tx, one, accounts.front());
      if (!mails) return std::unexpected{mails.error()};
      logging::warning("a mail account is no more; its mails go through another one",
                       {{"account", one}, {"instead", accounts.front()}, {"mails", std::to_string(*mails)}});
    }
    return {};
  });
}

Sender::Sender(store::Connection connection, SenderOptions options,
               std::unique_ptr<mail::Transport> transport, const timing::Clock& clock)
    : connection_{std::move(connection)},
      options_{std::move(options)},
      transport_{std::move(transport)},
      clock_{clock} {}

base::Result<std::int64_t> Sender::run(const std::stop_token& stop) {
  if (auto done = settle(); !done) return std::unexpected{done.error()};
  transport_->stop_with(stop);
  next_.reset();
  std::int64_t tried = 0;
  while (true) {
    const auto now = clock_.utc();
    bool one_more = !stop.stop_requested() && !(tried_ && turns_us_away(tried_->delivery.outcome));
    if (one_more && options_.mails_per_min > 0 && last_start_ && *last_start_ <= now) {
      const auto from = *last_start_ + std::chrono::milliseconds{60'000 / options_.mails_per_min};
      if (from > now) {
        next_ = from;
        one_more = false;
      }
    }
    if (!tried_ && unheard_.empty()) {
      const auto due = one_more ? something_due(now) : base::Result<bool>{false};
      if (!due) return std::unexpected{due.error()};
      if (!*due) break;
    }
    auto mail = take(one_more, now);
    if (!mail) return std::unexpected{mail.error()};
    if (!*mail) break;
    tried_ = hand_over(std::move(**mail), stop);
    last_start_ = tried_->started;
    ++tried;
  }
  // Where their number is limited the connection is kept for the next one that may go.
  if (!next_ || *next_ > clock_.utc() + kConnectionKept) transport_->rest();
  return tried;
}

base::Status Sender::settle() {
  if (settled_) return {};
  const auto now = clock_.utc();
  std::vector<store::MailRow> interrupted;
  bool pauses = false;
  // Looked for first without the writer's lock: nearly always there is nothing.
  const auto read = connection_.read([&](store::Transaction& tx) -> base::Status {
    auto all = store::interrupted_mails(tx, options_.account);
    if (!all) return std::unexpected{all.error()};
    interrupted = std::move(*all);
    const auto pause = store::find_mail_pause(tx, options_.account);
    if (!pause) return std::unexpected{pause.error()};
    pauses = pause->has_value();
    return {};
  });
  if (!read) return read;
  if (!interrupted.empty() || pauses) {
    const auto done = connection_.transaction([&](store::Transaction& tx) -> base::Status {
      for (const auto& mail : interrupted) {
        auto progress = progress_of(mail);
        // What it was handed over by then counts, not what is configured now.
        const bool again = options_.repeatable && mail.transport == options_.transport;
        progress.state = again ? "composed" : "uncertain";
        progress.next_try = now;
        progress.last_error = "the collector was stopped while sending";
        if (auto stored = store::set_mail_state(tx, mail.id, progress); !stored) return stored;
        const store::MailAttempt attempt{.account = options_.account,
                                         .started = now,
                                         .ended = now,
                                         .outcome = "interrupted",
                                         .answer = progress.last_error};
        if (auto stored = store::add_mail_attempt(tx, mail.id, attempt); !stored) return stored;
      }
      // Whoever starts it anew has perhaps mended what was wrong.
      return store::end_mail_pause(tx, options_.account);
    });
    if (!done) return done;
  }
  if (!interrupted.empty()) {
    logging::warning("mails were interrupted while they were being sent",
                     {{"account", options_.account}, {"mails", std::to_string(interrupted.size())}});
  }
  settled_ = true;
  return {};
}

base::Result<bool> Sender::something_due(timing::UtcMs now) {
  bool due = false;
  const auto read = connection_.read([&](store::Transaction& tx) -> base::Status {
    const auto pause = store::find_mail_pause(tx, options_.account);
    if (!pause) return std::unexpected{pause.error()};
    paused_ = pause->has_value();
    if (*pause && (*pause)->until > now) {
      next_ = (*pause)->until;
      return {};
    }
    const auto mail = next_mail(tx, now);
    if (!mail) return std::unexpected{mail.error()};
    due = mail->has_value();
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  return due;
}

base::Result<std::optional<store::MailRow>> Sender::next_mail(store::Transaction& tx,
                                                              timing::UtcMs now) const {
  std::optional<std::string> of;
  if (!unwelcome_.empty()) {
    const auto senders = store::senders_to_send(tx, options_.account, now);
    if (!senders) return std::unexpected{senders.error()};
    const auto other =
        std::ranges::find_if(*senders, [&](const auto& one) { return !unwelcome_.contains(one); });
    if (other != senders->end()) of = *other;
  }
  auto mails = store::mails_to_send(tx, options_.account, now, 1, of);
  if (!mails) return std::unexpected{mails.error()};
  if (mails->empty()) return std::nullopt;
  return std::move(mails->front());
}

base::Result<std::optional<store::MailRow>> Sender::take(bool one_more, timing::UtcMs now) {
  std::optional<store::MailRow> next;
  const auto done = connection_.transaction([&](store::Transaction& tx) -> base::Status {
    next.reset();
    if (auto back = put_back(tx); !back) return back;
    if (auto noted = note_tried(tx); !noted || !one_more) return noted;
    auto mail = next_mail(tx, now);
    if (!mail) return std::unexpected{mail.error()};
    if (!*mail) return {};
    next = *std::move(*mail);
    return store::mark_mail(tx, next->id, options_.transport);
  });
  if (!done) {
    // Where the connection was lost at the commit, nobody knows whether it happened.
    in_doubt_ = true;
    if (next) unheard_.push_back(*std::move(next));
    return std::unexpected{done.error()};
  }
  in_doubt_ = false;
  unheard_.clear();
  tried_.reset();
  return next;
}

base::Status Sender::put_back(store::Transaction& tx) {
  for (const auto& mail : unheard_) {
    const auto now = store::find_mail(tx, mail.id);
    if (!now) return std::unexpected{now.error()};
    if (!*now || (*now)->state != "sending") continue;
    if (auto done = store::set_mail_state(tx, mail.id, progress_of(mail)); !done) return done;
  }
  return {};
}

base::Status Sender::note_tried(store::Transaction& tx) {
  if (!tried_) return {};
  const auto& [mail, delivery, started, ended, stopped] = *tried_;
  if (in_doubt_) {
    const auto row = store::find_mail(tx, mail.id);
    if (!row) return std::unexpected{row.error()};
    if (!*row || (*row)->state != "sending") return {};  // It is noted.
  }
  if (auto done = store::set_mail_state(tx, mail.id, progress_after(mail, delivery, stopped, ended)); !done)
    return done;
  const store::MailAttempt attempt{.account = options_.account,
                                   .started = started,
                                   .ended = ended,
                                   .outcome = stopped ? "stopped" : std::string{to_string(delivery.outcome)},
                                   .answer = delivery.detail};
  if (auto done = store::add_mail_attempt(tx, mail.id, attempt); !done) return done;
  return stopped ? base::Status{} : note_pause(tx, *tried_);
}

base::Status Sender::note_pause(store::Transaction& tx, const Tried& tried) {
  if (tried.delivery.outcome == Outcome::unwelcome) unwelcome_.insert(tried.mail.sender);
  if (!turns_us_away(tried.delivery.outcome)) {
    unwelcome_.erase(tried.mail.sender);
    if (!paused_) return {};
    paused_ = false;
    return store::end_mail_pause(tx, options_.account);
  }
  const auto before = store::find_mail_pause(tx, options_.account);
  if (!before) return std::unexpected{before.error()};
  store::MailPause pause{.account = options_.account,
                         .since = *before ? (*before)->since : tried.ended,
                         .until = {},
                         .failures = *before ? (*before)->failures + 1 : 1,
                         .answer = tried.delivery.detail};
  pause.until = mail::pause_until(pause.failures, tried.ended, static_cast<std::uint64_t>(tried.mail.id));
  next_ = pause.until;
  paused_ = true;
  return store::put_mail_pause(tx, pause);
}

Sender::Tried Sender::hand_over(store::MailRow mail, const std::stop_token& stop) {
  const auto started = clock_.utc();
  auto delivery = transport_->deliver({.message_id = mail.message_id,
                                       .from = mail.sender.empty() ? options_.sender_address : mail.sender,
                                       .to = {mail.recipient}},
                                      mail.raw);
  const bool not_taken = delivery.outcome == Outcome::retry || turns_us_away(delivery.outcome);
  if (delivery.outcome != Outcome::delivered) {
    logging::warning("mail not delivered", {{"mail", std::to_string(mail.id)},
                                            {"account", options_.account},
                                            {"outcome", std::string{mail::to_string(delivery.outcome)}},
                                            {"detail", delivery.detail}});
  }
  return {.mail = std::move(mail),
          .delivery = std::move(delivery),
          .started = started,
          .ended = clock_.utc(),
          .stopped = not_taken && stop.stop_requested()};
}

SendRunner::SendRunner(Sender sender, const timing::Clock& clock, std::string account)
    : sender_{std::move(sender)},
      clock_{clock},
      account_{std::move(account)},
      thread_{[this](const std::stop_token& stop) { loop(stop); }} {}

void SendRunner::loop(const std::stop_token& stop) {
  ::pthread_setname_np(::pthread_self(), ("mail " + account_).substr(0, 15).c_str());
  std::string trouble;
  while (!stop.stop_requested()) {
    const auto done = sender_.run(stop);
    const std::string now = done ? "" : done.error().message;
    if (now != trouble && done) logging::info("mails go out again", {{"account", account_}});
    if (now != trouble && !done) {
      logging::error("mails cannot be sent; it is tried again every second",
                     {{"account", account_}, {"reason", now}});
    }
    trouble = now;
    auto wait = std::chrono::milliseconds{1'000};
    if (const auto next = sender_.next(); done && next)
      wait = std::clamp(*next - clock_.utc(), std::chrono::milliseconds{1}, wait);
    std::unique_lock lock{mutex_};
    stopped_.wait_for(lock, stop, wait, [] { return false; });
  }
}

}  // namespace collector::pipeline
