#include "collector/store/mails.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {
namespace {

std::vector<MailItemRow> all_items(Query& query) {
  MailItemRow row;
  query.into(row.id).into(row.customer_id).into(row.session_id).into(row.entry_id).into(row.window_closes);
  query.into(row.mail_id).into(row.created);
  std::vector<MailItemRow> rows;
  while (query.next()) rows.push_back(row);
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
  std::vector<MailRow> rows;
  while (query.next()) rows.push_back(row);
  return rows;
}

}  // namespace

base::Result<timing::UtcMs> queue_item(Transaction& transaction, const MailItemRow& item,
                                       std::optional<timing::UtcMs> window) {
  return attempt(transaction, [&] {
    if (!window) {
      Query find(transaction, sql::mail_window_find);
      find.with("customer_id", item.customer_id).with("entry_id", item.entry_id).into(window).run();
    }
    const auto closes = window.value_or(item.window_closes);
    Query insert(transaction, sql::mail_item_insert);
    insert.with("customer_id", item.customer_id).with("session_id", item.session_id);
    insert.with("entry_id", item.entry_id)
        .with("window_closes_ms", closes)
        .with("created_ms", item.created)
        .run();
    return closes;
  });
}

base::Result<std::vector<std::int64_t>> due_customers(Transaction& transaction, timing::UtcMs now) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_list_due_customers);
    std::int64_t id = 0;
    query.with("now_ms", now).into(id);
    std::vector<std::int64_t> ids;
    while (query.next()) ids.push_back(id);
    return ids;
  });
}

base::Result<std::vector<MailItemRow>> due_items_of(Transaction& transaction, std::int64_t customer_id,
                                                    timing::UtcMs now) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_item_list_due);
    query.with("customer_id", customer_id).with("now_ms", now);
    return all_items(query);
  });
}

base::Result<std::vector<MailItemRow>> items_of(Transaction& transaction, std::int64_t customer_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_item_list_open);
    query.with("customer_id", customer_id);
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

base::Result<std::vector<MailItemRow>> items_of_session(Transaction& transaction, std::int64_t session_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_item_list_of_session);
    query.with("session_id", session_id);
    return all_items(query);
  });
}

base::Status drop_item(Transaction& transaction, std::int64_t item_id, timing::UtcMs now) {
  return attempt(transaction, [&]() -> base::Status {
    Query(transaction, sql::mail_item_drop).with("mail_item_id", item_id).with("now_ms", now).change();
    return {};
  });
}

base::Result<std::optional<LastTold>> last_told(Transaction& transaction, std::int64_t contract_id) {
  return attempt(transaction, [&]() -> std::optional<LastTold> {
    Query query(transaction, sql::mail_last_of_contract);
    LastTold told;
    query.with("contract_id", contract_id).into(told.entry_id).into(told.when);
    if (!query.next()) return std::nullopt;
    return told;
  });
}

base::Result<std::int64_t> close_windows_now(Transaction& transaction, timing::UtcMs now) {
  return attempt(transaction,
                 [&] { return Query(transaction, sql::mail_window_close).with("now_ms", now).change(); });
}

base::Result<std::int64_t> add_mail(Transaction& transaction, const MailRow& mail,
                                    const std::vector<std::int64_t>& item_ids) {
  return attempt(transaction, [&] {
    Query insert(transaction, sql::mail_insert);
    insert.with("customer_id", mail.customer_id).with("message_id", mail.message_id);
    insert.with("recipient", mail.recipient).with("subject", mail.subject).with("raw", mail.raw);
    insert.with("state", mail.state).with("attempts", mail.attempts).with("next_try_ms", mail.next_try);
    insert.with("last_error", mail.last_error).with("created_ms", mail.created).with("sent_ms", mail.sent);
    std::int64_t id = 0;
    insert.into(id).run();
    for (const auto item : item_ids) {
      Query bind(transaction, sql::mail_item_bind);
      bind.with("mail_id", id).with("mail_item_id", item).with("customer_id", mail.customer_id);
      if (bind.change() == 1) continue;
      throw StatementFailed{base::Error{
          base::ErrorCode::conflict,
          "store: add a mail: item " + std::to_string(item) + " is another customer's or in a mail already"}};
    }
    return id;
  });
}

base::Result<std::vector<MailRow>> mails_to_send(Transaction& transaction, timing::UtcMs now,
                                                 std::int64_t limit) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_list_to_send);
    query.with("now_ms", now).with("limit", limit);
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

base::Result<std::vector<MailRow>> interrupted_mails(Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_list_interrupted);
    return all_mails(query);
  });
}

base::Result<std::vector<MailRow>> list_mails(Transaction& transaction, std::int64_t limit,
                                              const std::optional<std::string>& state) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_list);
    query.with("limit", limit).with("state", state);
    return all_mails(query);
  });
}

base::Result<std::optional<MailRow>> find_mail(Transaction& transaction, std::int64_t mail_id) {
  return attempt(transaction, [&]() -> std::optional<MailRow> {
    Query query(transaction, sql::mail_find);
    query.with("mail_id", mail_id);
    const auto rows = all_mails(query);
    if (rows.empty()) return std::nullopt;
    return rows.front();
  });
}

}  // namespace collector::store
