#include "collector/store/contacts.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {
namespace {

using directory::Contact;

std::vector<Contact> rows_of(Query& query) {
  Contact row;
  query.into(row.id).into(row.customer_id).into(row.first_name).into(row.surname).into(row.email);
  query.into(row.phone).into(row.primary);
  std::vector<Contact> rows;
  while (query.next()) rows.push_back(row);
  return rows;
}

std::vector<Contact> contacts_of(Transaction& transaction, std::int64_t customer_id) {
  Query query(transaction, sql::contact_list);
  query.with("customer_id", customer_id);
  return rows_of(query);
}

std::optional<Contact> found(Transaction& transaction, std::int64_t customer_id, const std::string& email) {
  Query query(transaction, sql::contact_find);
  query.with("customer_id", customer_id).with("email", email);
  auto rows = rows_of(query);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

void bind(Query& query, const Contact& contact, bool primary) {
  query.with("first_name", contact.first_name).with("surname", contact.surname);
  query.with("phone", contact.phone).with("is_primary", primary);
}

}  // namespace

base::Result<Put> upsert_contact(Transaction& transaction, const Contact& contact) {
  return attempt(transaction, [&] {
    const auto standing = found(transaction, contact.customer_id, contact.email);
    const bool is_first = !standing && contacts_of(transaction, contact.customer_id).empty();
    const bool takes_over = contact.primary && !is_first && !(standing && standing->primary);
    if (takes_over) {
      Query(transaction, sql::contact_clear_primary).with("customer_id", contact.customer_id).run();
    }
    const bool primary = contact.primary || is_first || (standing && standing->primary);
    if (standing) {
      Query update(transaction, sql::contact_update);
      bind(update, contact, primary);
      update.with("contact_id", standing->id);
      return Put{.id = standing->id, .created = false, .changed = update.change() > 0};
    }
    Query insert(transaction, sql::contact_insert);
    bind(insert, contact, primary);
    insert.with("customer_id", contact.customer_id).with_key("email", contact.email);
    Put put{.id = 0, .created = true, .changed = true};
    insert.into(put.id).run();
    return put;
  });
}

base::Result<std::optional<Contact>> find_contact(Transaction& transaction, std::int64_t customer_id,
                                                  const std::string& email) {
  return attempt(transaction, [&] { return found(transaction, customer_id, email); });
}

base::Result<std::vector<Contact>> list_contacts(Transaction& transaction, std::int64_t customer_id) {
  return attempt(transaction, [&] { return contacts_of(transaction, customer_id); });
}

base::Status remove_contact(Transaction& transaction, const Contact& contact) {
  return attempt(transaction, [&]() -> base::Status {
    if (contact.primary && contacts_of(transaction, contact.customer_id).size() > 1) {
      return base::fail(base::ErrorCode::conflict,
                        contact.email + " is the primary contact: make another one primary first");
    }
    Query(transaction, sql::contact_delete).with("contact_id", contact.id).run();
    return {};
  });
}

}  // namespace collector::store
