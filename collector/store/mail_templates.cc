#include "collector/store/mail_templates.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {
namespace {

std::vector<MailTemplateRow> rows_of(Query& query) {
  MailTemplateRow row;
  query.into(row.id).into(row.kind).into(row.language).into(row.version).into(row.subject).into(row.text);
  query.into(row.html).into(row.who).into(row.why).into(row.created);
  std::vector<MailTemplateRow> rows;
  while (query.next()) rows.push_back(row);
  return rows;
}

std::optional<MailTemplateRow> first_of(Query& query) {
  auto rows = rows_of(query);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

}  // namespace

base::Result<std::int64_t> add_mail_template(Transaction& transaction, const MailTemplateRow& row) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_template_insert);
    query.with("kind", row.kind).with_key("language", row.language).with("version", row.version);
    query.with("subject", row.subject).with("body_text", row.text).with("body_html", row.html);
    query.with("who", row.who).with("why", row.why).with("created_ms", row.created);
    std::int64_t id = 0;
    query.into(id).run();
    return id;
  });
}

base::Result<std::optional<MailTemplateRow>> newest_mail_template(Transaction& transaction,
                                                                  const std::string& kind,
                                                                  const std::string& language) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_template_find_newest);
    query.with("kind", kind).with("language", language);
    return first_of(query);
  });
}

base::Result<std::optional<MailTemplateRow>> find_mail_template(Transaction& transaction,
                                                                const std::string& kind,
                                                                const std::string& language,
                                                                std::int64_t version) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_template_find_version);
    query.with("kind", kind).with("language", language).with("version", version);
    return first_of(query);
  });
}

base::Result<std::vector<MailTemplateRow>> list_mail_templates(Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_template_list);
    return rows_of(query);
  });
}

base::Result<std::vector<MailTemplateRow>> mail_template_versions(Transaction& transaction,
                                                                  const std::string& kind,
                                                                  const std::string& language) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::mail_template_list_versions);
    query.with("kind", kind).with("language", language);
    return rows_of(query);
  });
}

}  // namespace collector::store
