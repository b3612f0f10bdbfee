#include "collector/store/templates.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"
#include "collector/store/rule_columns.h"
#include "collector/store/words.h"

namespace collector::store {
namespace {

std::vector<directory::Template> rows_of(Query& query) {
  directory::Template row;
  RuleColumns rule;
  query.into(row.id).into(row.name).into(row.version);
  rule.into(query);
  std::string contract;
  query.into(contract);
  std::vector<directory::Template> rows;
  while (query.next()) {
    row.rule = rule.rule();
    row.contract = to_agreed(contract);
    rows.push_back(row);
  }
  return rows;
}

std::optional<directory::Template> newest_version(Transaction& transaction, const std::string& name) {
  Query query(transaction, sql::template_find_newest);
  query.with("name", name);
  const auto rows = rows_of(query);
  if (rows.empty()) return std::nullopt;
  return rows.front();
}

}  // namespace

base::Result<Put> add_template_version(Transaction& transaction, const std::string& name,
                                       const rating::Rule& rule,
                                       const std::optional<std::vector<directory::Agreed>>& contract) {
  return attempt(transaction, [&] {
    const auto newest = newest_version(transaction, name);
    const auto standing = newest ? newest->contract : std::vector<directory::Agreed>{};
    const auto& agreed = contract ? *contract : standing;
    if (newest && newest->rule == rule && standing == agreed)
      return Put{.id = newest->id, .created = false, .changed = false};
    Query query(transaction, sql::template_insert);
    query.with_key("name", name).with("version", newest ? newest->version + 1 : 1);
    bind_rule(query, rule);
    query.with("contract", to_text(agreed));
    Put put{.id = 0, .created = true, .changed = true};
    query.into(put.id).run();
    return put;
  });
}

base::Result<directory::Template> find_template(Transaction& transaction, const std::string& name) {
  return attempt(transaction, [&]() -> base::Result<directory::Template> {
    auto newest = newest_version(transaction, name);
    if (!newest)
      return base::fail(base::ErrorCode::not_found, "store: there is no template \"" + name + "\"");
    return *newest;
  });
}

base::Result<directory::Template> find_template(Transaction& transaction, const std::string& name,
                                                std::int64_t version) {
  return attempt(transaction, [&]() -> base::Result<directory::Template> {
    Query query(transaction, sql::template_find_version);
    query.with("name", name).with("version", version);
    const auto rows = rows_of(query);
    if (rows.empty())
      return base::fail(base::ErrorCode::not_found, "store: there is no version " + std::to_string(version) +
                                                        " of template \"" + name + "\"");
    return rows.front();
  });
}

base::Result<std::optional<TemplateName>> template_name(Transaction& transaction, std::int64_t template_id) {
  return attempt(transaction, [&]() -> std::optional<TemplateName> {
    Query query(transaction, sql::template_find);
    TemplateName row;
    query.with("template_id", template_id).into(row.name).into(row.version);
    if (!query.next()) return std::nullopt;
    return row;
  });
}

base::Result<std::vector<directory::Template>> list_templates(Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::template_list);
    return rows_of(query);
  });
}

}  // namespace collector::store
