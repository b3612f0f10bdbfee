#include "collector/store/mail_accounts.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {
namespace {

std::vector<MailPause> all_pauses(Query& query) {
  MailPause row;
  query.into(row.account).into(row.since).into(row.until).into(row.failures).into(row.answer);
  std::vector<MailPause> rows;
  while (query.next()) rows.push_back(row);
  return rows;
}

}  // namespace

base::Status add_mail_attempt(Transaction& transaction, std::int64_t mail_id, const MailAttempt& row) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_attempt_insert);
    query.with("mail_id", mail_id).with("account", row.account).with("started_ms", row.started);
    query.with("ended_ms", row.ended).with("outcome", row.outcome).with("answer", row.answer).run();
  });
}

base::Result<std::vector<MailAttempt>> attempts_of_mail(Transaction& transaction, std::int64_t mail_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_attempt_list);
    MailAttempt row;
    query.with("mail_id", mail_id);
    query.into(row.account).into(row.started).into(row.ended).into(row.outcome).into(row.answer);
    std::vector<MailAttempt> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Status put_mail_pause(Transaction& transaction, const MailPause& pause) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_pause_put);
    query.with_key("account", pause.account).with("since_ms", pause.since).with("until_ms", pause.until);
    query.with("failures", pause.failures).with("answer", pause.answer).run();
  });
}

base::Result<std::optional<MailPause>> find_mail_pause(Transaction& transaction, const std::string& account) {
  return attempt(transaction, [&]() -> std::optional<MailPause> {
    Query query(transaction, sql::mail_pause_find);
    query.with("account", account);
    auto rows = all_pauses(query);
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
  });
}

base::Result<std::vector<MailPause>> list_mail_pauses(Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_pause_list);
    return all_pauses(query);
  });
}

base::Status end_mail_pause(Transaction& transaction, const std::string& account) {
  return attempt(transaction,
                 [&] { Query(transaction, sql::mail_pause_end).with("account", account).run(); });
}

base::Result<std::vector<std::string>> senders_to_send(Transaction& transaction, const std::string& account,
                                                       timing::UtcMs now) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_list_senders);
    std::string sender;
    query.with("account", account).with("now_ms", now).into(sender);
    std::vector<std::string> senders;
    while (query.next()) senders.push_back(sender);
    return senders;
  });
}

base::Result<std::vector<std::string>> accounts_of_waiting_mails(Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_list_accounts);
    std::string account;
    query.into(account);
    std::vector<std::string> accounts;
    while (query.next()) accounts.push_back(account);
    return accounts;
  });
}

base::Result<std::int64_t> adopt_mails(Transaction& transaction, const std::string& former,
                                       const std::string& account) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_adopt);
    return query.with("former", former).with("account", account).change();
  });
}

base::Status set_mail_account(Transaction& transaction, std::int64_t mail_id, const std::string& account) {
  return attempt(transaction, [&]() -> base::Status {
    Query query(transaction, sql::mail_set_account);
    query.with("mail_id", mail_id).with("account", account);
    if (query.change() == 1) return {};
    return base::fail(base::ErrorCode::not_found, "store: there is no mail " + std::to_string(mail_id));
  });
}

base::Result<std::vector<MailCount>> count_mails(Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_count);
    MailCount row;
    query.into(row.account).into(row.kind).into(row.state).into(row.mails).into(row.oldest).into(row.newest);
    std::vector<MailCount> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

}  // namespace collector::store
