#include "collector/store/directory.h"

#include <vector>

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {
namespace {

void bind_technician(Query& query, const directory::Technician& technician) {
  query.with("number", technician.number).with("name", technician.name).with("email", technician.email);
  query.with("active", technician.active).with("grade", technician.grade);
}

std::vector<directory::Technician> technicians_of(Query& query) {
  directory::Technician row;
  query.into(row.id).into(row.number).into(row.name).into(row.email).into(row.active).into(row.grade);
  std::vector<directory::Technician> rows;
  while (query.next()) rows.push_back(row);
  return rows;
}

std::optional<directory::Technician> technician_of(Transaction& transaction, std::int64_t number) {
  Query query(transaction, sql::technician_find);
  query.with("number", number);
  auto rows = technicians_of(query);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

std::vector<directory::SupportPoint> support_points_of(Query& query) {
  directory::SupportPoint row;
  query.into(row.id).into(row.technician_id).into(row.workstation).into(row.anydesk_id).into(row.valid_from);
  query.into(row.valid_to);
  std::vector<directory::SupportPoint> rows;
  while (query.next()) rows.push_back(row);
  return rows;
}

Query& bind_validity(Query& query, const directory::SupportPoint& support_point) {
  return query.with("valid_from_ms", support_point.valid_from).with("valid_to_ms", support_point.valid_to);
}

Query& bind_point(Query& query, const directory::SupportPoint& support_point) {
  query.with("technician_id", support_point.technician_id).with("workstation", support_point.workstation);
  return query.with("anydesk_id", support_point.anydesk_id);
}

std::int64_t insert(Transaction& transaction, const directory::SupportPoint& support_point) {
  Query query(transaction, sql::support_point_insert);
  bind_point(bind_validity(query, support_point), support_point);
  std::int64_t id = 0;
  query.into(id).run();
  return id;
}

bool update(Transaction& transaction, const directory::SupportPoint& support_point, std::int64_t id) {
  Query query(transaction, sql::support_point_update);
  return bind_validity(query, support_point).with("support_point_id", id).change() > 0;
}

}  // namespace

base::Result<Put> upsert_technician(Transaction& transaction, const directory::Technician& technician) {
  return attempt(transaction, [&] {
    if (const auto standing = technician_of(transaction, technician.number)) {
      Query update(transaction, sql::technician_update);
      bind_technician(update, technician);
      return Put{.id = standing->id, .created = false, .changed = update.change() > 0};
    }
    Query insert(transaction, sql::technician_insert);
    bind_technician(insert, technician);
    Put put{.id = 0, .created = true, .changed = true};
    insert.into(put.id).run();
    return put;
  });
}

base::Result<std::optional<directory::Technician>> find_technician(Transaction& transaction,
                                                                   std::int64_t number) {
  return attempt(transaction, [&] { return technician_of(transaction, number); });
}

base::Result<std::vector<directory::Technician>> list_technicians(Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::technician_list);
    return technicians_of(query);
  });
}

base::Result<std::vector<directory::SupportPoint>> list_support_points(Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::support_point_list);
    return support_points_of(query);
  });
}

base::Result<std::vector<directory::SupportPoint>> support_points_of(Transaction& transaction,
                                                                     const std::string& workstation,
                                                                     const std::string& anydesk_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::support_point_list_same);
    query.with("workstation", workstation).with("anydesk_id", anydesk_id);
    return support_points_of(query);
  });
}

base::Result<std::int64_t> add_support_point(Transaction& transaction,
                                             const directory::SupportPoint& support_point) {
  return attempt(transaction, [&] { return insert(transaction, support_point); });
}

base::Result<bool> change_support_point(Transaction& transaction,
                                        const directory::SupportPoint& support_point) {
  return attempt(transaction, [&] { return update(transaction, support_point, support_point.id); });
}

base::Result<Put> upsert_support_point(Transaction& transaction,
                                       const directory::SupportPoint& support_point) {
  return attempt(transaction, [&]() -> base::Result<Put> {
    Query find(transaction, sql::support_point_list_overlapping);
    bind_point(bind_validity(find, support_point), support_point);
    std::int64_t id = 0;
    find.into(id);
    std::int64_t overlapping = 0;
    while (find.next()) ++overlapping;
    if (overlapping > 1) {
      return base::fail(base::ErrorCode::conflict,
                        "store: put a support point: two rows of the same technician and " +
                            support_point.workstation + support_point.anydesk_id +
                            " overlap with its validity");
    }
    if (overlapping == 1) {
      return Put{.id = id, .created = false, .changed = update(transaction, support_point, id)};
    }
    return Put{.id = insert(transaction, support_point), .created = true, .changed = true};
  });
}

base::Result<std::int64_t> bump_directory_version(Transaction& transaction) {
  return attempt(transaction, [&] {
    std::int64_t version = 0;
    Query(transaction, sql::directory_bump).into(version).run();
    return version;
  });
}

}  // namespace collector::store
