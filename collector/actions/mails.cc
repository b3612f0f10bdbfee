#include "collector/actions/mails.h"

#include <algorithm>
#include <boost/json.hpp>

#include "collector/mail/address.h"
#include "collector/mail/read_back.h"
#include "collector/mail/text.h"
#include "collector/store/customers.h"
#include "collector/store/mail_accounts.h"
#include "collector/store/mail_holds.h"
#include "collector/store/notices.h"
#include "collector/store/partners.h"

namespace collector::actions {

namespace json = boost::json;
using base::ErrorCode;
using base::fail;

namespace {

constexpr std::chrono::hours kReportsAreAbout{7 * 24};

std::string name_of(std::int64_t mail_id) {
  return "mail " + std::to_string(mail_id);
}

base::Result<store::MailRow> find(store::Transaction& tx, std::int64_t mail_id) {
  auto mail = store::find_mail(tx, mail_id);
  if (!mail) return std::unexpected{mail.error()};
  if (!*mail) return fail(ErrorCode::not_found, "there is no " + name_of(mail_id));
  return std::move(**mail);
}

base::Status note_state(store::Transaction& tx, const Actor& actor, const char* action,
                        const store::MailRow& mail, const std::string& after,
                        const std::optional<std::string>& recipient = std::nullopt) {
  json::object from{{"state", store::state_of(mail)}}, to{{"state", after}};
  if (recipient) {
    from["to"] = mail.recipient;
    to["to"] = *recipient;
  }
  return note(tx, actor, action, "mail", std::to_string(mail.id), json::serialize(from), json::serialize(to));
}

base::Result<std::int64_t> id_of(store::Transaction& tx, const std::string& customer) {
  const auto row = store::find_customer(tx, customer);
  if (!row) return std::unexpected{row.error()};
  if (!*row) return fail(ErrorCode::not_found, "there is no customer '" + customer + "'");
  return (*row)->id;
}

// The other side certainly has no copy of it.
base::Result<bool> never_left(store::Transaction& tx, const store::MailRow& mail) {
  const auto attempts = store::attempts_of_mail(tx, mail.id);
  if (!attempts) return std::unexpected{attempts.error()};
  return std::ranges::none_of(*attempts, [](const store::MailAttempt& one) {
    return one.outcome == "delivered" || one.outcome == "uncertain" || one.outcome == "interrupted";
  });
}

// The one mail that a report without a Message-ID is about.
base::Result<store::MailRow> find_of(store::Transaction& tx, const std::string& recipient,
                                     timing::UtcMs now) {
  auto mails = store::mails_of_recipient(tx, recipient, now - kReportsAreAbout, 2);
  if (!mails) return std::unexpected{mails.error()};
  if (mails->empty())
    return fail(ErrorCode::not_found, "no mail was sent to " + recipient + " in the last seven days");
  if (mails->size() > 1) {
    return fail(ErrorCode::conflict, "several mails were sent to " + recipient +
                                         " in the last seven days, and the report does not say which one "
                                         "came back; see: deskledger-collector mail list --to " +
                                         recipient);
  }
  return std::move(mails->front());
}

}  // namespace

base::Result<std::int64_t> flush_mails(store::Transaction& tx, const Actor& actor,
                                       const std::optional<std::string>& customer) {
  std::optional<std::int64_t> customer_id;
  if (customer) {
    const auto id = id_of(tx, *customer);
    if (!id) return std::unexpected{id.error()};
    customer_id = *id;
  }
  const auto open = store::open_batches(tx, customer_id);
  if (!open) return std::unexpected{open.error()};
  std::int64_t items = 0;
  for (const auto& one : *open) {
    const auto waits = store::find_mail_hold(tx, one.batch);
    if (!waits) return std::unexpected{waits.error()};
    if (*waits && (*waits)->reason != "no_address") items += one.items;
  }
  if (items == 0) return 0;
  if (auto done = store::flush_batches(tx, actor.now, customer_id); !done)
    return std::unexpected{done.error()};
  const auto after = json::serialize(json::object{{"sessions", items}});
  if (auto noted = note(tx, actor, "flush", "mail", customer.value_or(""), "", after); !noted) {
    return std::unexpected{noted.error()};
  }
  return items;
}

base::Result<std::vector<HeldMails>> held_mails(store::Transaction& tx, const std::string& customer,
                                                const std::optional<std::string>& partner) {
  const auto customer_id = id_of(tx, customer);
  if (!customer_id) return std::unexpected{customer_id.error()};
  std::optional<std::int64_t> partner_id;
  if (partner) {
    const auto row = store::find_partner(tx, *partner);
    if (!row) return std::unexpected{row.error()};
    if (!*row) return fail(ErrorCode::not_found, "there is no partner '" + *partner + "'");
    partner_id = (*row)->id;
  }
  const auto open = store::open_batches(tx, *customer_id);
  if (!open) return std::unexpected{open.error()};
  std::vector<HeldMails> all;
  for (const auto& one : *open) {
    if (partner_id && one.batch.partner_id != *partner_id) continue;
    auto waits = store::find_mail_hold(tx, one.batch);
    if (!waits) return std::unexpected{waits.error()};
    if (!*waits || ((*waits)->reason != "no_address" && (*waits)->reason != "error")) continue;
    auto items = store::items_of(tx, one.batch);
    if (!items) return std::unexpected{items.error()};
    all.push_back({.hold = std::move(**waits), .items = std::move(*items)});
  }
  return all;
}

base::Result<std::int64_t> give_up_mails(store::Transaction& tx, const Actor& actor,
                                         const std::string& customer,
                                         const std::optional<std::string>& partner) {
  if (actor.why.empty()) return fail(ErrorCode::invalid_argument, "giving up needs a reason");
  const auto held = held_mails(tx, customer, partner);
  if (!held) return std::unexpected{held.error()};
  if (held->empty()) {
    return fail(ErrorCode::conflict, "nothing of customer '" + customer +
                                         "' is held for want of an address or a mail that can be made; see: "
                                         "deskledger-collector mail waiting");
  }
  std::int64_t items = 0;
  json::array readers;
  for (const auto& one : *held) {
    const auto dropped = store::drop_batch(tx, one.hold.batch, actor.now);
    if (!dropped) return std::unexpected{dropped.error()};
    items += *dropped;
    json::object reader{{"kind", one.hold.batch.kind}, {"items", *dropped}};
    if (one.hold.batch.partner_id != 0) reader["partner"] = one.hold.batch.partner_id;
    readers.push_back(std::move(reader));
  }
  const auto before = json::serialize(json::object{{"waits", std::move(readers)}});
  if (auto noted = note(tx, actor, "give_up", "mail", customer, before, ""); !noted)
    return std::unexpected{noted.error()};
  return items;
}

base::Result<std::string> cancel_mail(store::Transaction& tx, const Actor& actor, std::int64_t mail_id,
                                      bool anew) {
  if (actor.why.empty()) return fail(ErrorCode::invalid_argument, "giving a mail up needs a reason");
  const auto mail = find(tx, mail_id);
  if (!mail) return std::unexpected{mail.error()};
  const auto before = store::state_of(*mail);
  if (before != "composed" && before != "failed") {
    return fail(ErrorCode::conflict, name_of(mail_id) + " is " + before +
                                         "; only what is composed and waits, or failed, can be given up");
  }
  if (anew) {
    const auto here = never_left(tx, *mail);
    if (!here) return std::unexpected{here.error()};
    if (!*here) {
      return fail(ErrorCode::conflict, name_of(mail_id) +
                                           " may have arrived when it was sent before, and would come twice; "
                                           "see: deskledger-collector mail show " +
                                           std::to_string(mail_id) + " --log");
    }
    const auto items = store::items_of_mail(tx, mail_id);
    if (!items) return std::unexpected{items.error()};
    for (const auto& item : *items) {
      if (!item.notice_id) continue;
      if (auto done = store::set_notice_mailed(tx, *item.notice_id, std::nullopt); !done)
        return std::unexpected{done.error()};
    }
    if (auto done = store::release_items(tx, *mail, actor.now); !done) return std::unexpected{done.error()};
  }
  const store::MailProgress progress{.state = "failed",
                                     .attempts = mail->attempts,
                                     .next_try = mail->next_try,
                                     .last_error = "given up by " + actor.who,
                                     .sent = std::nullopt};
  if (auto done = store::set_mail_state(tx, mail_id, progress); !done) return std::unexpected{done.error()};
  if (auto done = store::set_mail_cancelled(tx, mail_id, actor.now); !done)
    return std::unexpected{done.error()};
  if (auto noted = note_state(tx, actor, anew ? "compose_anew" : "cancel", *mail, "cancelled"); !noted)
    return std::unexpected{noted.error()};
  return mail->recipient;
}

base::Result<std::string> resend_mail(store::Transaction& tx, const Actor& actor, std::int64_t mail_id,
                                      const std::vector<std::string>& accounts,
                                      const std::optional<std::string>& other) {
  const auto mail = find(tx, mail_id);
  if (!mail) return std::unexpected{mail.error()};
  if (other && !mail::is_address(*other))
    return fail(ErrorCode::invalid_argument, "'" + mail::one_line(*other) + "' is no address");
  const auto before = store::state_of(*mail);
  if (before != "composed" && before != "failed" && before != "uncertain" && before != "bounced") {
    return fail(ErrorCode::conflict,
                name_of(mail_id) + " is " + before +
                    "; only mails that wait, failed, are uncertain or bounced are sent again");
  }
  const store::MailProgress progress{.state = "composed",
                                     .attempts = 0,
                                     .next_try = actor.now,
                                     .last_error = "sent again by " + actor.who,
                                     .sent = std::nullopt};
  if (auto done = store::set_mail_state(tx, mail_id, progress); !done) return std::unexpected{done.error()};
  if (mail->bounced) {
    if (auto done = store::set_mail_bounced(tx, mail_id, std::nullopt, ""); !done)
      return std::unexpected{done.error()};
  }
  if (!accounts.empty() && std::ranges::find(accounts, mail->account) == accounts.end()) {
    if (auto done = store::set_mail_account(tx, mail_id, accounts.front()); !done)
      return std::unexpected{done.error()};
  }
  if (other) {
    if (auto done = store::set_mail_recipient(tx, mail_id, *other); !done)
      return std::unexpected{done.error()};
  }
  if (auto noted = note_state(tx, actor, "resend", *mail, progress.state, other); !noted)
    return std::unexpected{noted.error()};
  return other.value_or(mail->recipient);
}

base::Result<std::string> mail_arrived(store::Transaction& tx, const Actor& actor, std::int64_t mail_id) {
  const auto mail = find(tx, mail_id);
  if (!mail) return std::unexpected{mail.error()};
  if (mail->state != "uncertain") {
    return fail(ErrorCode::conflict, name_of(mail_id) + " is " + store::state_of(*mail) +
                                         "; only of an uncertain one it is asked");
  }
  const store::MailProgress progress{.state = "sent",
                                     .attempts = mail->attempts,
                                     .next_try = mail->next_try,
                                     .last_error = "arrived, says " + actor.who,
                                     .sent = actor.now};
  if (auto done = store::set_mail_state(tx, mail_id, progress); !done) return std::unexpected{done.error()};
  if (auto noted = note_state(tx, actor, "arrived", *mail, progress.state); !noted)
    return std::unexpected{noted.error()};
  return mail->recipient;
}

base::Result<std::string> mail_bounced(store::Transaction& tx, const Actor& actor, std::int64_t mail_id,
                                       const std::string& said) {
  const auto mail = find(tx, mail_id);
  if (!mail) return std::unexpected{mail.error()};
  if (mail->bounced || (mail->state != "sent" && mail->state != "uncertain")) {
    return fail(ErrorCode::conflict,
                name_of(mail_id) + " is " + store::state_of(*mail) + "; only what was sent comes back");
  }
  if (auto done = store::set_mail_bounced(tx, mail_id, actor.now, mail::one_line(said, 500)); !done)
    return std::unexpected{done.error()};
  if (auto noted = note_state(tx, actor, "bounced", *mail, "bounced"); !noted)
    return std::unexpected{noted.error()};
  return mail->recipient;
}

base::Result<BounceReport> read_bounce(store::Transaction& tx, const Actor& actor, std::string_view raw) {
  const auto dsn = mail::dsn_of(raw);
  if (!dsn) return std::unexpected{dsn.error()};
  const auto failed = std::ranges::find(dsn->recipients, "failed", &mail::DsnRecipient::action);
  const auto& about = failed == dsn->recipients.end() ? dsn->recipients.front() : *failed;
  auto found = base::Result<store::MailRow>{store::MailRow{}};
  if (dsn->message_id.empty()) {
    found = find_of(tx, about.address, actor.now);
  } else {
    auto mail = store::find_mail_of_message_id(tx, dsn->message_id);
    if (!mail) return std::unexpected{mail.error()};
    if (!*mail)
      return fail(ErrorCode::not_found,
                  "the report is about <" + dsn->message_id + ">, which is none of ours");
    found = std::move(**mail);
  }
  if (!found) return std::unexpected{found.error()};
  BounceReport report{.mail_id = found->id,
                      .recipient = found->recipient,
                      .bounced = about.action == "failed",
                      .said = about.action + (about.status.empty() ? "" : " " + about.status) +
                              (about.diagnostic.empty() ? "" : ": " + about.diagnostic)};
  if (!report.bounced) return report;
  if (auto done = mail_bounced(tx, actor, report.mail_id, report.said); !done)
    return std::unexpected{done.error()};
  return report;
}

}  // namespace collector::actions
