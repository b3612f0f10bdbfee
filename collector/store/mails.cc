#include "collector/store/mails.h"

#include <algorithm>

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {
namespace {

std::vector<MailItemRow> all_items(Query& query) {
  MailItemRow row;
  std::optional<std::int64_t> session_id, entry_id;
  query.into(row.id).into(row.customer_id).into(session_id).into(entry_id).into(row.window_closes);
  query.into(row.mail_id).into(row.created).into(row.kind).into(row.partner_id).into(row.notice_id);
  std::vector<MailItemRow> rows;
  while (query.next()) {
    row.session_id = session_id.value_or(0);
    row.entry_id = entry_id.value_or(0);
    rows.push_back(row);
  }
  return rows;
}

std::vector<MailRow> all_mails(Query& query) {
  MailRow row;
  query.into(row.id)
      .into(row.customer_id)
      .into(row.message_id)
      .into(row.recipient)
      .into(row.subject)
      .into(row.raw);
  query.into(row.state)
      .into(row.attempts)
      .into(row.next_try)
      .into(row.last_error)
      .into(row.created)
      .into(row.sent);
  query.into(row.kind).into(row.partner_id).into(row.account).into(row.sender);
  query.into(row.bounced).into(row.bounce).into(row.cancelled).into(row.transport);
  std::vector<MailRow> rows;
  while (query.next()) rows.push_back(row);
  return rows;
}

std::optional<MailRow> first_mail(Query& query) {
  auto rows = all_mails(query);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

// What LIKE takes for any text with this in it.
std::string like(std::string_view part) {
  std::string pattern = "%";
  for (const char c : part) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return pattern + "%";
}

MailBatch batch_of(const MailItemRow& item) {
  return {.customer_id = item.customer_id, .kind = item.kind, .partner_id = item.partner_id.value_or(0)};
}

void begin_batch(Transaction& transaction, const MailBatch& batch, timing::UtcMs closes, timing::UtcMs now) {
  Query query(transaction, sql::mail_batch_insert);
  query.with("customer_id", batch.customer_id).with("kind", batch.kind).with("partner_id", batch.partner_id);
  query.with("closes_ms", closes).with("now_ms", now).change();
}

// Unless something still waits in it.
void delete_batch(Transaction& transaction, const MailBatch& batch) {
  Query query(transaction, sql::mail_batch_end);
  query.with("customer_id", batch.customer_id).with("kind", batch.kind).with("partner_id", batch.partner_id);
  query.change();
}

}  // namespace

std::string state_of(const MailRow& mail) {
  if (mail.cancelled) return "cancelled";
  return mail.bounced ? "bounced" : mail.state;
}

base::Result<timing::UtcMs> queue_item(Transaction& transaction, const MailItemRow& item,
                                       QueuedSoFar& so_far) {
  return attempt(transaction, [&] {
    const bool notice = item.kind == "notice";
    if (!so_far.closes && !notice) {
      Query find(transaction, sql::mail_window_find);
      find.with("customer_id", item.customer_id).into(so_far.closes).run();
    }
    const auto closes = notice ? item.window_closes
                               : std::min(so_far.closes.value_or(item.window_closes), item.window_closes);
    const auto or_none = [](std::int64_t id) { return id == 0 ? std::nullopt : std::optional{id}; };
    Query insert(transaction, sql::mail_item_insert);
    insert.with("customer_id", item.customer_id).with("session_id", or_none(item.session_id));
    insert.with("entry_id", or_none(item.entry_id)).with("window_closes_ms", closes);
    insert.with("created_ms", item.created).with("kind", item.kind).with("partner_id", item.partner_id);
    insert.with("notice_id", item.notice_id).run();
    const auto batch = batch_of(item);
    if (std::ranges::find(so_far.begun, batch) == so_far.begun.end()) {
      begin_batch(transaction, batch, closes, item.created);
      so_far.begun.push_back(batch);
    }
    if (notice) return closes;
    if (so_far.closes && closes < *so_far.closes) {
      Query forward(transaction, sql::mail_batch_bring_forward);
      forward.with("customer_id", item.customer_id).with("closes_ms", closes).change();
    }
    so_far.closes = closes;
    return closes;
  });
}

base::Status requeue_notice(Transaction& transaction, const MailItemRow& item) {
  bool is_there = false;
  auto done = attempt(transaction, [&]() -> base::Status {
    Query again(transaction, sql::mail_item_requeue_notice);
    again.with("notice_id", item.notice_id).with("closes_ms", item.window_closes);
    if (again.change() > 0) begin_batch(transaction, batch_of(item), item.window_closes, item.created);
    Query find(transaction, sql::mail_item_find_of_notice);
    std::int64_t id = 0;
    find.with("notice_id", item.notice_id).into(id);
    is_there = find.next();
    return {};
  });
  if (!done || is_there) return done;
  const auto closes = queue_item(transaction, item);
  return closes ? base::Status{} : std::unexpected{closes.error()};
}

base::Result<std::vector<MailItemRow>> items_of(Transaction& transaction, std::int64_t customer_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_item_list_open);
    query.with("customer_id", customer_id).with("kind", std::optional<std::string>{});
    query.with("partner_id", std::int64_t{0});
    return all_items(query);
  });
}

base::Result<std::vector<MailItemRow>> items_of(Transaction& transaction, const MailBatch& batch) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_item_list_open);
    query.with("customer_id", batch.customer_id).with("kind", batch.kind);
    query.with("partner_id", batch.partner_id);
    return all_items(query);
  });
}

base::Result<std::vector<MailItemRow>> items_of_mail(Transaction& transaction, std::int64_t mail_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_item_list_of_mail);
    query.with("mail_id", mail_id);
    return all_items(query);
  });
}

base::Result<std::vector<MailItemRow>> items_of_session(Transaction& transaction, std::int64_t session_id,
                                                        const std::string& kind) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_item_list_of_session);
    query.with("session_id", session_id).with("kind", kind);
    return all_items(query);
  });
}

base::Result<std::vector<std::int64_t>> entries_told(Transaction& transaction, const MailReader& reader,
                                                     std::int64_t session_id) {
  return attempt(transaction, [&] {
    std::vector<std::int64_t> entries;
    Query find(transaction, sql::mail_item_find_told);
    std::int64_t mail_id = 0;
    std::string subject;
    find.with("session_id", session_id).with("kind", reader.kind).with("customer_id", reader.customer_id);
    find.with("partner_id", reader.partner_id.value_or(0)).into(mail_id).into(subject);
    if (!find.next()) return entries;
    Query list(transaction, sql::mail_item_list_told);
    std::int64_t entry_id = 0;
    list.with("mail_id", mail_id).with("subject", subject).into(entry_id);
    while (list.next()) entries.push_back(entry_id);
    return entries;
  });
}

base::Status drop_item(Transaction& transaction, const MailItemRow& item, timing::UtcMs now) {
  return attempt(transaction, [&]() -> base::Status {
    Query(transaction, sql::mail_item_drop).with("mail_item_id", item.id).with("now_ms", now).change();
    delete_batch(transaction, batch_of(item));
    return {};
  });
}

base::Result<std::optional<LastTold>> last_told(Transaction& transaction, std::int64_t contract_id,
                                                const std::string& kind) {
  return attempt(transaction, [&]() -> std::optional<LastTold> {
    Query query(transaction, sql::mail_last_of_contract);
    LastTold told;
    query.with("contract_id", contract_id).with("kind", kind).into(told.entry_id).into(told.when);
    if (!query.next()) return std::nullopt;
    return told;
  });
}

base::Result<std::int64_t> add_mail(Transaction& transaction, const MailRow& mail,
                                    const std::vector<std::int64_t>& item_ids) {
  return attempt(transaction, [&] {
    Query insert(transaction, sql::mail_insert);
    insert.with("customer_id", mail.customer_id).with("message_id", mail.message_id);
    insert.with("recipient", mail.recipient).with("subject", mail.subject).with("raw", mail.raw);
    insert.with("state", mail.state).with("attempts", mail.attempts).with("next_try_ms", mail.next_try);
    insert.with("last_error", mail.last_error).with("created_ms", mail.created).with("sent_ms", mail.sent);
    insert.with("kind", mail.kind).with("partner_id", mail.partner_id);
    insert.with("account", mail.account).with("sender", mail.sender);
    std::int64_t id = 0;
    insert.into(id).run();
    for (const auto item : item_ids) {
      Query bind(transaction, sql::mail_item_bind);
      bind.with("mail_id", id).with("mail_item_id", item).with("customer_id", mail.customer_id);
      bind.with("kind", mail.kind);
      if (bind.change() == 1) continue;
      throw StatementFailed{base::Error{
          base::ErrorCode::conflict,
          "store: add a mail: item " + std::to_string(item) + " is another customer's or in a mail already"}};
    }
    delete_batch(
        transaction,
        {.customer_id = mail.customer_id, .kind = mail.kind, .partner_id = mail.partner_id.value_or(0)});
    return id;
  });
}

base::Result<std::vector<MailRow>> mails_to_send(Transaction& transaction, const std::string& account,
                                                 timing::UtcMs now, std::int64_t limit,
                                                 const std::optional<std::string>& sender) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_list_to_send);
    query.with("account", account).with("now_ms", now).with("sender", sender).with("limit", limit);
    return all_mails(query);
  });
}

base::Status set_mail_state(Transaction& transaction, std::int64_t mail_id, const MailProgress& progress) {
  return attempt(transaction, [&]() -> base::Status {
    Query query(transaction, sql::mail_set_state);
    query.with("mail_id", mail_id).with("state", progress.state).with("attempts", progress.attempts);
    query.with("next_try_ms", progress.next_try).with("last_error", progress.last_error);
    query.with("sent_ms", progress.sent);
    if (query.change() == 1) return {};
    return base::fail(base::ErrorCode::not_found, "store: there is no mail " + std::to_string(mail_id));
  });
}

base::Status set_mail_recipient(Transaction& transaction, std::int64_t mail_id,
                                const std::string& recipient) {
  return attempt(transaction, [&]() -> base::Status {
    Query query(transaction, sql::mail_set_recipient);
    query.with("mail_id", mail_id).with("recipient", recipient);
    if (query.change() == 1) return {};
    return base::fail(base::ErrorCode::not_found, "store: there is no mail " + std::to_string(mail_id));
  });
}

base::Status mark_mail(Transaction& transaction, std::int64_t mail_id, const std::string& transport) {
  return attempt(transaction, [&]() -> base::Status {
    Query query(transaction, sql::mail_mark);
    query.with("mail_id", mail_id).with("transport", transport);
    if (query.change() == 1) return {};
    return base::fail(base::ErrorCode::not_found, "store: there is no mail " + std::to_string(mail_id));
  });
}

base::Status set_mail_cancelled(Transaction& transaction, std::int64_t mail_id, timing::UtcMs when) {
  return attempt(transaction, [&]() -> base::Status {
    Query query(transaction, sql::mail_set_cancelled);
    query.with("mail_id", mail_id).with("cancelled_ms", when);
    if (query.change() == 1) return {};
    return base::fail(base::ErrorCode::not_found, "store: there is no mail " + std::to_string(mail_id));
  });
}

base::Status release_items(Transaction& transaction, const MailRow& mail, timing::UtcMs now) {
  return attempt(transaction, [&]() -> base::Status {
    if (Query(transaction, sql::mail_item_release).with("mail_id", mail.id).change() == 0) return {};
    const MailBatch batch{
        .customer_id = mail.customer_id, .kind = mail.kind, .partner_id = mail.partner_id.value_or(0)};
    begin_batch(transaction, batch, now, now);
    return {};
  });
}

base::Status set_mail_bounced(Transaction& transaction, std::int64_t mail_id,
                              std::optional<timing::UtcMs> when, const std::string& bounce) {
  return attempt(transaction, [&]() -> base::Status {
    Query query(transaction, sql::mail_set_bounced);
    query.with("mail_id", mail_id).with("bounced_ms", when).with("bounce", bounce);
    if (query.change() == 1) return {};
    return base::fail(base::ErrorCode::not_found, "store: there is no mail " + std::to_string(mail_id));
  });
}

base::Result<std::vector<MailRow>> interrupted_mails(Transaction& transaction, const std::string& account) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_list_interrupted);
    query.with("account", account);
    return all_mails(query);
  });
}

base::Result<std::vector<std::int64_t>> list_mail_ids(Transaction& transaction, const MailFilter& filter) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_list);
    query.with("state", filter.state).with("kind", filter.kind).with("customer", filter.customer);
    query.with("recipient", filter.recipient.transform(like));
    query.with("from_ms", timing::to_ms(filter.from.value_or(timing::UtcMs::min())));
    query.with("to_ms", timing::to_ms(filter.to.value_or(timing::UtcMs::max())));
    query.with("before_id", filter.before_id).with("limit", filter.limit);
    std::int64_t id = 0;
    query.into(id);
    std::vector<std::int64_t> ids;
    while (query.next()) ids.push_back(id);
    return ids;
  });
}

base::Result<std::vector<MailRow>> list_mails(Transaction& transaction, std::int64_t limit,
                                              const std::optional<std::string>& state) {
  const MailFilter filter{.state = state, .limit = limit};
  const auto ids = list_mail_ids(transaction, filter);
  if (!ids) return std::unexpected{ids.error()};
  std::vector<MailRow> rows;
  for (const auto id : *ids) {
    auto mail = find_mail(transaction, id);
    if (!mail) return std::unexpected{mail.error()};
    if (*mail) rows.push_back(std::move(**mail));
  }
  return rows;
}

base::Result<std::optional<MailRow>> find_mail(Transaction& transaction, std::int64_t mail_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_find);
    query.with("mail_id", mail_id);
    return first_mail(query);
  });
}

base::Result<std::optional<MailRow>> find_mail_of_message_id(Transaction& transaction,
                                                             const std::string& message_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_find_of_message_id);
    query.with("message_id", message_id);
    return first_mail(query);
  });
}

base::Result<std::vector<MailRow>> mails_of_recipient(Transaction& transaction, const std::string& recipient,
                                                      timing::UtcMs from, std::int64_t limit) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_list_of_recipient);
    query.with("recipient", recipient).with("from_ms", from).with("limit", limit);
    return all_mails(query);
  });
}

}  // namespace collector::store
