#include "collector/store/mail_holds.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {
namespace {

std::vector<MailHold> all_holds(Query& query) {
  MailHold row;
  query.into(row.batch.customer_id).into(row.batch.kind).into(row.reason).into(row.detail);
  query.into(row.session_id).into(row.since).into(row.until).into(row.look).into(row.directory_version);
  std::vector<MailHold> rows;
  while (query.next()) rows.push_back(row);
  return rows;
}

}  // namespace

base::Status put_mail_hold(Transaction& transaction, const MailHold& hold) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_hold_put);
    query.with("customer_id", hold.batch.customer_id).with("kind", hold.batch.kind);
    query.with("reason", hold.reason).with("detail", hold.detail).with("session_id", hold.session_id);
    query.with("since_ms", hold.since).with("until_ms", hold.until).with("look_ms", hold.look);
    query.with("directory_version", hold.directory_version).run();
  });
}

base::Result<std::optional<MailHold>> find_mail_hold(Transaction& transaction, const MailBatch& batch) {
  return attempt(transaction, [&]() -> std::optional<MailHold> {
    Query query(transaction, sql::mail_hold_find);
    query.with("customer_id", batch.customer_id).with("kind", batch.kind);
    auto rows = all_holds(query);
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
  });
}

base::Result<std::vector<MailHold>> list_mail_holds(Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_hold_list);
    return all_holds(query);
  });
}

base::Status end_mail_hold(Transaction& transaction, const MailBatch& batch) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_hold_end);
    query.with("customer_id", batch.customer_id).with("kind", batch.kind).run();
  });
}

base::Result<std::optional<std::int64_t>> session_in_review(Transaction& transaction,
                                                            std::int64_t customer_id, timing::UtcMs from) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_review_find);
    std::optional<std::int64_t> session_id;
    query.with("customer_id", customer_id).with("from_ms", from).into(session_id).run();
    return session_id;
  });
}

}  // namespace collector::store
