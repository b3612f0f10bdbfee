#include "collector/store/charges.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {
namespace {

std::vector<ChargeRow> all_rows(Query& query) {
  ChargeRow row;
  query.into(row.id)
      .into(row.attribution_id)
      .into(row.session_id)
      .into(row.contract_id)
      .into(row.template_id);
  query.into(row.rating_version).into(row.seconds).into(row.minutes).into(row.steps).into(row.created);
  std::vector<ChargeRow> rows;
  while (query.next()) rows.push_back(row);
  return rows;
}

}  // namespace

base::Result<std::int64_t> add_charge(Transaction& transaction, const ChargeRow& charge) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::charge_insert);
    query.with("attribution_id", charge.attribution_id).with("session_id", charge.session_id);
    query.with("contract_id", charge.contract_id).with("template_id", charge.template_id);
    query.with("rating_version", charge.rating_version).with("seconds", charge.seconds);
    query.with("minutes", charge.minutes).with("steps", charge.steps).with("created_ms", charge.created);
    std::int64_t id = 0;
    query.into(id).run();
    return id;
  });
}

base::Result<std::vector<ChargeRow>> charges_of(Transaction& transaction, std::int64_t session_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::charge_list_of_session);
    query.with("session_id", session_id);
    return all_rows(query);
  });
}

base::Result<std::vector<ChargeRow>> charges_to_post(Transaction& transaction, std::int64_t limit) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::charge_list_to_post);
    query.with("limit", limit);
    return all_rows(query);
  });
}

}  // namespace collector::store
