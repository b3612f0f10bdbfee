#include <algorithm>
#include <iterator>

#include "collector/mail/compose.h"
#include "collector/mail/render.h"
#include "collector/pipeline/mail_sender.h"
#include "collector/pipeline/mail_words.h"
#include "collector/pipeline/steps.h"
#include "collector/pipeline/told.h"
#include "collector/pipeline/told_notices.h"
#include "collector/store/mail_holds.h"
#include "collector/store/partners.h"
#include "common/logging/log.h"

namespace collector::pipeline {

using base::ErrorCode;
using base::fail;

namespace {

// How long until somebody looks again whether a review has ended, and at what could not be composed.
constexpr std::chrono::seconds kLookAtReview{10};
constexpr std::chrono::minutes kLookAtError{60};

// Whom a mail goes to.
struct Reader {
  mail::Kind kind = mail::Kind::sessions;
  std::optional<std::int64_t> partner_id = {};
  std::string name;
  std::string address;
  std::string language;
  MailSender sender;
};

// What is told together to one reader about one customer (store/mails.h).
class Batch {
 public:
  Batch(store::Transaction& tx, store::MailHold waits, const directory::Directory& directory,
        const directory::Customer& customer, const Settings& settings, timing::UtcMs now)
      : tx_{tx},
        waits_{std::move(waits)},
        batch_{waits_.batch},
        directory_{directory},
        customer_{customer},
        settings_{settings},
        now_{now} {}

  base::Status tell() {
    const auto reader = reader_of();
    if (!reader) return std::unexpected{reader.error()};
    // Without reading what waits, which may be the sessions of years.
    if (reader->address.empty() && is_anybody_told()) return hold_without_address();
    const auto items = store::items_of(tx_, batch_);
    if (!items) return std::unexpected{items.error()};
    if (batch_.kind == "notice") return finish(tell_notices(*reader, *items));
    std::vector<Told> sessions;
    for (const auto& item : *items) {
      auto told = load_told(tx_, item);
      if (!told) return std::unexpected{told.error()};
      std::erase_if(*told, [&](const Told& one) {
        return !is_told(row_of(directory_.contracts, one.entry.contract_id));
      });
      if (told->empty()) {
        if (auto done = store::drop_item(tx_, item, now_); !done) return done;
      }
      std::ranges::move(*told, std::back_inserter(sessions));
    }
    if (sessions.empty()) return finish({});
    const auto waits = waits_for_review(sessions);
    if (!waits) return std::unexpected{waits.error()};
    if (*waits) return {};
    return finish(tell_sessions(*reader, sessions));
  }

 private:
  // Whether this reader is to be told of the contract.
  bool is_told(const directory::Contract* contract) const {
    return pipeline::is_told(contract, batch_.kind, batch_.partner_id);
  }

  bool is_anybody_told() const {
    return std::ranges::any_of(directory_.contracts, [&](const directory::Contract& one) {
      return one.customer_id == customer_.id && is_told(&one);
    });
  }

  // True if it is to wait; a hold says so then.
  base::Result<bool> waits_for_review(const std::vector<Told>& sessions) {
    if (!settings_.mail_waits_for_review || waits_.reason == "flushed") return false;
    const auto until = waits_.closes + settings_.mail_waits_at_most;
    if (now_ >= until) return false;
    // What ended in the window before the first one may have begun the same piece of work.
    const auto& first = *std::ranges::min_element(sessions, {}, start_of);
    const auto* contract = row_of(directory_.contracts, first.entry.contract_id);
    const std::chrono::minutes window{contract == nullptr ? 0 : contract->mail_window_min};
    const auto session = store::session_in_review(tx_, customer_.id, start_of(first) - window);
    if (!session) return std::unexpected{session.error()};
    if (!*session) return false;
    auto done = hold({.batch = {},
                      .closes = {},
                      .reason = "review",
                      .detail = "",
                      .session_id = *session,
                      .since = {},
                      .until = until,
                      .look = std::min(until, now_ + kLookAtReview)});
    if (!done) return std::unexpected{done.error()};
    return true;
  }

  base::Status hold_without_address() {
    return hold({.batch = {},
                 .closes = {},
                 .reason = "no_address",
                 .detail = "",
                 .session_id = std::nullopt,
                 .since = {},
                 .until = timing::UtcMs::max(),
                 .look = timing::UtcMs::max()});
  }

  base::Status hold(store::MailHold why) {
    why.batch = batch_;
    why.since = waits_.reason == why.reason ? waits_.since : now_;
    why.directory_version = directory_.version;
    return store::put_mail_hold(tx_, why);
  }

  // The batch is told, or what could not be composed is held and shown.
  base::Status finish(base::Status done) {
    if (done) {
      const auto ended = store::end_batch(tx_, batch_);
      if (!ended) return std::unexpected{ended.error()};
      if (*ended) return {};
      done = fail(ErrorCode::invalid_argument, "something of it is in no mail");
    }
    if (done.error().code != ErrorCode::invalid_argument) return done;
    logging::error("a mail could not be composed; what it tells waits",
                   {{"customer", customer_.code}, {"reason", done.error().message}});
    return hold({.batch = {},
                 .closes = {},
                 .reason = "error",
                 .detail = done.error().message,
                 .session_id = std::nullopt,
                 .since = {},
                 .until = timing::UtcMs::max(),
                 .look = now_ + kLookAtError});
  }

  // Whose address may be empty.
  base::Result<Reader> reader_of() {
    if (batch_.kind != "partner_copy") {
      return Reader{.kind = batch_.kind == "notice" ? mail::Kind::notice : mail::Kind::sessions,
                    .name = customer_.name,
                    .address = customer_.email,
                    .language = customer_.language,
                    .sender = sender_of(settings_, customer_.code, "")};
    }
    auto partner = store::find_partner_of_id(tx_, batch_.partner_id);
    if (!partner) return std::unexpected{partner.error()};
    if (!*partner) return fail(ErrorCode::internal, "partner " + std::to_string(batch_.partner_id));
    return Reader{.kind = mail::Kind::partner_copy,
                  .partner_id = batch_.partner_id,
                  .name = (*partner)->name,
                  .address = (*partner)->email,
                  .language = (*partner)->language,
                  .sender = sender_of(settings_, customer_.code, (*partner)->code)};
  }

  base::Status tell_sessions(const Reader& reader, const std::vector<Told>& all) {
    std::vector<std::int64_t> items;
    for (const auto& told : all) {
      if (items.empty() || items.back() != told.item.id) items.push_back(told.item.id);
    }
    auto input = begin(reader, items.front());
    auto blocks = blocks_of(tx_, all, directory_, std::string{to_string(reader.kind)});
    if (!blocks) return std::unexpected{blocks.error()};
    input.contracts = std::move(*blocks);
    auto lines = lines_of(tx_, all, directory_, settings_.mail_explains_charges);
    if (!lines) return std::unexpected{lines.error()};
    input.sessions = *std::move(lines);
    if (const auto* contract = row_of(directory_.contracts, all.front().entry.contract_id))
      input.time_zone = contract->time_zone;
    return keep(reader, input, items);
  }

  // Those that are still so, and concern a contract of which the customer is still told: what says most of
  // each contract, and all of them are told with it.
  base::Status tell_notices(const Reader& reader, const std::vector<store::MailItemRow>& all) {
    std::vector<std::int64_t> items;
    std::vector<store::NoticeRow> rows;
    mail::MailInput input = begin(reader, all.empty() ? 0 : all.front().id);
    for (const auto& item : all) {
      auto row = store::find_notice(tx_, item.notice_id.value_or(0));
      if (!row) return std::unexpected{row.error()};
      const auto* contract = *row ? row_of(directory_.contracts, (*row)->notice.contract_id) : nullptr;
      if (!is_told(contract) || (*row)->over) {
        if (auto done = store::drop_item(tx_, item, now_); !done) return done;
        continue;
      }
      items.push_back(item.id);
      rows.push_back(*std::move(*row));
    }
    if (items.empty()) return {};
    for (const auto place : worth_telling(rows)) {
      const auto* contract = row_of(directory_.contracts, rows[place].notice.contract_id);
      auto line = line_of(tx_, rows[place], *contract, now_);
      if (!line) return std::unexpected{line.error()};
      if (input.notices.empty()) input.time_zone = contract->time_zone;
      input.notices.push_back(*std::move(line));
    }
    if (auto done = keep(reader, input, items); !done) return done;
    for (const auto& row : rows) {
      if (auto done = store::set_notice_mailed(tx_, row.id, now_); !done) return done;
    }
    return {};
  }

  mail::MailInput begin(const Reader& reader, std::int64_t first_item) const {
    const auto kind = std::string{to_string(reader.kind)};
    const std::string reference = std::to_string(customer_.id) + "." + std::to_string(first_item) + "." +
                                  std::to_string(timing::to_ms(now_));
    const auto at = reader.sender.address.find('@');
    mail::MailInput input;
    input.kind = reader.kind;
    input.customer = customer_.name;
    input.recipient_name = reader.name;
    input.recipient = reader.address;
    input.language = reader.language;
    input.sender_name = reader.sender.name;
    input.sender_address = reader.sender.address;
    input.message_id = kind + "." + reference + "@" + reader.sender.address.substr(at + 1);
    input.date = now_;
    input.reference = reference;
    input.logo = settings_.mail_logo;
    return input;
  }

  base::Status keep(const Reader& reader, mail::MailInput input, const std::vector<std::int64_t>& items) {
    const auto words = words_for(tx_, reader.kind, reader.language, settings_.mail_language);
    if (!words) return std::unexpected{words.error()};
    input.language = words->language;
    auto raw = mail::compose(input, *words->templates);
    if (!raw) return fail("composing the mail to " + input.recipient, raw.error());
    const auto rendered = mail::render(input, *words->templates);
    if (!rendered) return std::unexpected{rendered.error()};
    const auto id = store::add_mail(tx_,
                                    {.id = 0,
                                     .customer_id = customer_.id,
                                     .message_id = input.message_id,
                                     .recipient = input.recipient,
                                     .subject = rendered->subject,
                                     .raw = std::move(*raw),
                                     .state = "composed",
                                     .attempts = 0,
                                     .next_try = now_,
                                     .last_error = "",
                                     .created = now_,
                                     .sent = std::nullopt,
                                     .kind = std::string{to_string(reader.kind)},
                                     .partner_id = reader.partner_id,
                                     .account = reader.sender.account,
                                     .sender = input.sender_address},
                                    items);
    if (!id) return std::unexpected{id.error()};
    return {};
  }

  store::Transaction& tx_;
  const store::MailHold waits_;
  const store::MailBatch batch_;
  const directory::Directory& directory_;
  const directory::Customer& customer_;
  const Settings& settings_;
  timing::UtcMs now_;
};

}  // namespace

base::Result<std::int64_t> compose_mails(store::Transaction& tx, const directory::Directory& directory,
                                         const Settings& settings, timing::UtcMs now) {
  const auto batches = store::due_batches(tx, now, kComposeBatchesMax);
  if (!batches) return std::unexpected{batches.error()};
  for (const auto& batch : *batches) {
    const auto* customer = row_of(directory.customers, batch.customer_id);
    if (customer == nullptr)
      return fail(ErrorCode::internal, "mail for customer " + std::to_string(batch.customer_id));
    auto waits = store::find_mail_hold(tx, batch);
    if (!waits) return std::unexpected{waits.error()};
    if (!*waits) continue;
    if (auto done = Batch{tx, *std::move(*waits), directory, *customer, settings, now}.tell(); !done)
      return std::unexpected{done.error()};
  }
  return std::ssize(*batches);
}

}  // namespace collector::pipeline
