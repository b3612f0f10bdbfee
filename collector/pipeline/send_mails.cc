#include "collector/pipeline/send_mails.h"

#include "collector/mail/retry.h"
#include "collector/store/mails.h"
#include "common/logging/log.h"

namespace collector::pipeline {

namespace {

store::MailProgress progress_of(const store::MailRow& mail) {
  return {.state = mail.state,
          .attempts = mail.attempts,
          .next_try = mail.next_try,
          .last_error = mail.last_error,
          .sent = mail.sent};
}

base::Status store_progress(store::Connection& connection, std::int64_t mail_id,
                            const store::MailProgress& progress) {
  return connection.transaction(
      [&](store::Transaction& tx) { return store::set_mail_state(tx, mail_id, progress); });
}

store::MailProgress after(const mail::Delivery& delivery, store::MailProgress progress, timing::UtcMs now) {
  progress.last_error = delivery.outcome == mail::Outcome::delivered ? "" : delivery.detail;
  switch (delivery.outcome) {
    case mail::Outcome::delivered:
      progress.state = "sent";
      progress.sent = now;
      break;
    case mail::Outcome::refused: progress.state = "failed"; break;
    case mail::Outcome::uncertain: progress.state = "uncertain"; break;
    case mail::Outcome::retry:
      if (const auto next = mail::next_try(progress.attempts, now)) {
        progress.state = "composed";
        progress.next_try = *next;
      } else {
        progress.state = "failed";
      }
      break;
  }
  return progress;
}

base::Status send_one(store::Connection& connection, const store::MailRow& mail, mail::Transport& transport,
                      const std::string& sender_address, const timing::Clock& clock) {
  auto progress = progress_of(mail);
  progress.state = "sending";
  ++progress.attempts;
  if (auto done = store_progress(connection, mail.id, progress); !done) return done;
  const auto delivery = transport.deliver(
      {.message_id = mail.message_id, .from = sender_address, .to = {mail.recipient}}, mail.raw);
  if (delivery.outcome != mail::Outcome::delivered) {
    logging::warning("mail not delivered", {{"mail", std::to_string(mail.id)},
                                            {"outcome", std::string{mail::to_string(delivery.outcome)}},
                                            {"detail", delivery.detail}});
  }
  return store_progress(connection, mail.id, after(delivery, progress, clock.utc()));
}

}  // namespace

base::Result<std::int64_t> settle_interrupted(store::Connection& connection, bool repeatable,
                                              timing::UtcMs now) {
  std::int64_t settled = 0;
  // Looked for first without the writer's lock: nearly always there is none.
  const auto read = connection.read([&](store::Transaction& tx) -> base::Status {
    const auto interrupted = store::interrupted_mails(tx);
    if (!interrupted) return std::unexpected{interrupted.error()};
    settled = static_cast<std::int64_t>(interrupted->size());
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  if (settled == 0) return 0;
  const auto done = connection.transaction([&](store::Transaction& tx) -> base::Status {
    const auto interrupted = store::interrupted_mails(tx);
    if (!interrupted) return std::unexpected{interrupted.error()};
    for (const auto& mail : *interrupted) {
      auto progress = progress_of(mail);
      progress.state = repeatable ? "composed" : "uncertain";
      progress.next_try = now;
      progress.last_error = "the collector was stopped while sending";
      if (auto stored = store::set_mail_state(tx, mail.id, progress); !stored) return stored;
    }
    settled = static_cast<std::int64_t>(interrupted->size());
    return {};
  });
  if (!done) return std::unexpected{done.error()};
  return settled;
}

base::Result<std::int64_t> send_mails(store::Connection& connection, mail::Transport& transport,
                                      const std::string& sender_address, const timing::Clock& clock) {
  std::vector<store::MailRow> due;
  const auto read = connection.read([&](store::Transaction& tx) -> base::Status {
    auto mails = store::mails_to_send(tx, clock.utc(), 1);
    if (!mails) return std::unexpected{mails.error()};
    due = std::move(*mails);
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  for (const auto& mail : due) {
    if (auto done = send_one(connection, mail, transport, sender_address, clock); !done) {
      return std::unexpected{done.error()};
    }
  }
  return static_cast<std::int64_t>(due.size());
}

}  // namespace collector::pipeline
