#include "collector/store/mail_holds.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {
namespace {

std::vector<MailHold> all_holds(Query& query) {
  MailHold row;
  query.into(row.batch.customer_id).into(row.batch.kind).into(row.batch.partner_id).into(row.closes);
  query.into(row.reason).into(row.detail).into(row.session_id).into(row.since).into(row.until);
  query.into(row.look).into(row.directory_version);
  std::vector<MailHold> rows;
  while (query.next()) rows.push_back(row);
  return rows;
}

Query& with(Query& query, const MailBatch& batch) {
  query.with("customer_id", batch.customer_id).with("kind", batch.kind);
  return query.with("partner_id", batch.partner_id);
}

}  // namespace

base::Result<std::vector<MailBatch>> due_batches(Transaction& transaction, timing::UtcMs now,
                                                 std::int64_t limit) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_batch_list_due);
    MailBatch row;
    query.with("now_ms", now).with("limit", limit);
    query.into(row.customer_id).into(row.kind).into(row.partner_id);
    std::vector<MailBatch> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Result<std::vector<OpenBatch>> open_batches(Transaction& transaction,
                                                  std::optional<std::int64_t> customer_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_batch_list_open);
    OpenBatch row;
    query.with("customer_id", customer_id);
    query.into(row.batch.customer_id).into(row.batch.kind).into(row.batch.partner_id);
    query.into(row.items).into(row.opened).into(row.closes);
    std::vector<OpenBatch> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Status put_mail_hold(Transaction& transaction, const MailHold& hold) {
  return attempt(transaction, [&]() -> base::Status {
    Query query(transaction, sql::mail_hold_put);
    with(query, hold.batch).with("reason", hold.reason).with("detail", hold.detail);
    query.with("session_id", hold.session_id).with("since_ms", hold.since).with("until_ms", hold.until);
    query.with("look_ms", hold.look).with("directory_version", hold.directory_version);
    if (query.change() == 1) return {};
    return base::fail(base::ErrorCode::not_found, "store: nothing of kind " + hold.batch.kind +
                                                      " waits for customer " +
                                                      std::to_string(hold.batch.customer_id));
  });
}

base::Result<std::optional<MailHold>> find_mail_hold(Transaction& transaction, const MailBatch& batch) {
  return attempt(transaction, [&]() -> std::optional<MailHold> {
    Query query(transaction, sql::mail_hold_find);
    with(query, batch);
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

base::Result<std::int64_t> flush_batches(Transaction& transaction, timing::UtcMs now,
                                         std::optional<std::int64_t> customer_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_batch_flush);
    return query.with("now_ms", now).with("customer_id", customer_id).change();
  });
}

base::Result<std::int64_t> drop_batch(Transaction& transaction, const MailBatch& batch, timing::UtcMs now) {
  return attempt(transaction, [&] {
    Query drop(transaction, sql::mail_batch_drop);
    const auto items = with(drop, batch).with("now_ms", now).change();
    Query end(transaction, sql::mail_batch_end);
    with(end, batch).change();
    return items;
  });
}

base::Result<bool> end_batch(Transaction& transaction, const MailBatch& batch) {
  return attempt(transaction, [&] {
    Query end(transaction, sql::mail_batch_end);
    with(end, batch).change();
    Query find(transaction, sql::mail_hold_find);
    with(find, batch);
    return all_holds(find).empty();
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
