#include "collector/store/notices.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {
namespace {

base::Result<std::vector<NoticeRow>> all_rows(Query& query) {
  NoticeRow row;
  auto& notice = row.notice;
  std::string kind;
  query.into(row.id).into(notice.contract_id).into(row.customer_id).into(kind).into(notice.threshold);
  query.into(notice.occasion).into(notice.at).into(notice.left).into(notice.of).into(notice.unit);
  query.into(notice.session_id).into(row.created).into(row.over).into(row.mailed);
  std::vector<NoticeRow> rows;
  while (query.next()) {
    const auto known = ledger::notice_kind_from(kind);
    if (!known) return std::unexpected{known.error()};
    notice.kind = *known;
    notice.over = row.over.has_value();
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

base::Result<std::int64_t> add_notice(Transaction& transaction, const NoticeRow& row) {
  return attempt(transaction, [&] {
    const auto& notice = row.notice;
    Query query(transaction, sql::notice_insert);
    query.with("contract_id", notice.contract_id).with("customer_id", row.customer_id);
    query.with("kind", std::string{ledger::to_string(notice.kind)}).with("threshold", notice.threshold);
    query.with_key("occasion", notice.occasion).with("at_ms", notice.at);
    query.with("left_quantity", notice.left).with("of_quantity", notice.of).with("unit", notice.unit);
    query.with("session_id", notice.session_id).with("created_ms", row.created);
    std::int64_t id = 0;
    query.into(id).run();
    return id;
  });
}

base::Status set_notice_over(Transaction& transaction, std::int64_t notice_id,
                             const std::optional<timing::UtcMs>& over) {
  return attempt(transaction, [&] {
    Query(transaction, sql::notice_set_over).with("notice_id", notice_id).with("over_ms", over).run();
  });
}

base::Status move_notice(Transaction& transaction, std::int64_t notice_id, const std::string& occasion) {
  return attempt(transaction, [&] {
    Query(transaction, sql::notice_move).with("notice_id", notice_id).with_key("occasion", occasion).run();
  });
}

base::Status set_notice_mailed(Transaction& transaction, std::int64_t notice_id,
                               std::optional<timing::UtcMs> when) {
  return attempt(transaction, [&] {
    Query(transaction, sql::notice_set_mailed).with("notice_id", notice_id).with("mailed_ms", when).run();
  });
}

base::Result<std::optional<NoticeRow>> find_notice(Transaction& transaction, std::int64_t notice_id) {
  return attempt(transaction, [&]() -> base::Result<std::optional<NoticeRow>> {
    Query query(transaction, sql::notice_find);
    query.with("notice_id", notice_id);
    auto rows = all_rows(query);
    if (!rows) return std::unexpected{rows.error()};
    if (rows->empty()) return std::nullopt;
    return std::move(rows->front());
  });
}

base::Result<std::vector<NoticeRow>> list_notices(Transaction& transaction, bool all) {
  return attempt(transaction, [&] {
    Query query(transaction, all ? sql::notice_list : sql::notice_list_standing);
    return all_rows(query);
  });
}

base::Result<std::vector<NoticeRow>> notices_of_contract(Transaction& transaction, std::int64_t contract_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::notice_list_of_contract);
    query.with("contract_id", contract_id);
    return all_rows(query);
  });
}

base::Status put_notice_state(Transaction& transaction, const NoticeStateRow& row) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::notice_state_put);
    query.with("contract_id", row.contract_id).with("before_ms", row.before).with("entries", row.entries);
    query.with("state", row.state).run();
  });
}

base::Result<std::optional<NoticeStateRow>> find_notice_state(Transaction& transaction,
                                                              std::int64_t contract_id, timing::UtcMs until) {
  return attempt(transaction, [&]() -> std::optional<NoticeStateRow> {
    Query query(transaction, sql::notice_state_find);
    NoticeStateRow row;
    row.contract_id = contract_id;
    query.with("contract_id", contract_id).with("until_ms", until);
    query.into(row.before).into(row.entries).into(row.state);
    if (!query.next()) return std::nullopt;
    return row;
  });
}

base::Result<std::vector<NoticeStateRow>> notice_states_of(Transaction& transaction,
                                                           std::int64_t contract_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::notice_state_list);
    NoticeStateRow row;
    row.contract_id = contract_id;
    query.with("contract_id", contract_id).into(row.before).into(row.entries);
    std::vector<NoticeStateRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Result<std::int64_t> drop_notice_states_behind(Transaction& transaction, std::int64_t contract_id,
                                                     timing::UtcMs until) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::notice_state_drop_behind);
    return query.with("contract_id", contract_id).with("until_ms", until).change();
  });
}

base::Status drop_notice_state(Transaction& transaction, std::int64_t contract_id, timing::UtcMs before) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::notice_state_drop);
    query.with("contract_id", contract_id).with("before_ms", before).run();
  });
}

}  // namespace collector::store
