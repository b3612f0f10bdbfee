#include "collector/store/users.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {

base::Result<std::int64_t> add_user(Transaction& transaction, const std::string& name,
                                    const std::string& role, const std::string& password_hash,
                                    timing::UtcMs when) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::user_insert);
    query.with_key("name", name)
        .with("role", role)
        .with("password_hash", password_hash)
        .with("created_ms", when);
    std::int64_t id = 0;
    query.into(id).run();
    return id;
  });
}

base::Result<std::optional<UserRow>> find_user(Transaction& transaction, const std::string& name) {
  return attempt(transaction, [&]() -> std::optional<UserRow> {
    Query query(transaction, sql::user_find);
    UserRow row;
    query.with("name", name);
    query.into(row.id).into(row.name).into(row.role).into(row.password_hash).into(row.created);
    if (!query.next()) return std::nullopt;
    return row;
  });
}

}  // namespace collector::store
