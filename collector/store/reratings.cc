#include "collector/store/reratings.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"
#include "collector/store/rule_columns.h"

namespace collector::store {
namespace {

std::optional<ReratingRow> only_row(Query& query) {
  ReratingRow row;
  query.into(row.id).into(row.contract_id).into(row.from).into(row.to).into(row.template_id);
  query.into(row.decided).into(row.who).into(row.why);
  if (!query.next()) return std::nullopt;
  return row;
}

}  // namespace

base::Result<std::int64_t> add_rerating(Transaction& transaction, const ReratingRow& rerating) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::rerating_insert);
    query.with("contract_id", rerating.contract_id).with("from_ms", rerating.from);
    query.with("to_ms", rerating.to).with("template_id", rerating.template_id);
    query.with("decided_ms", rerating.decided).with("who", rerating.who).with("why", rerating.why);
    std::int64_t id = 0;
    query.into(id).run();
    return id;
  });
}

base::Result<std::optional<ReratingRow>> find_rerating(Transaction& transaction, std::int64_t rerating_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::rerating_find);
    query.with("rerating_id", rerating_id);
    return only_row(query);
  });
}

base::Result<std::optional<ReratingRow>> next_rerating(Transaction& transaction, std::int64_t rerating_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::rerating_find_next);
    query.with("rerating_id", rerating_id);
    return only_row(query);
  });
}

base::Result<std::vector<std::pair<std::int64_t, directory::Rerating>>> rerating_rules(
    Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::rerating_list_rules);
    std::int64_t contract_id = 0;
    directory::Rerating row;
    std::optional<std::int64_t> template_id;
    directory::Template named;
    RuleColumns rule;
    query.into(row.id).into(contract_id).into(row.from).into(row.to).into(template_id);
    query.into(named.id).into(named.name).into(named.version);
    rule.into(query);
    std::vector<std::pair<std::int64_t, directory::Rerating>> rows;
    while (query.next()) {
      named.rule = rule.rule();
      row.rule.reset();
      if (template_id) row.rule = named;
      rows.emplace_back(contract_id, row);
    }
    return rows;
  });
}

}  // namespace collector::store
