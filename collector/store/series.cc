#include "collector/store/series.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {
namespace {

void read_series(Query& query, SeriesRow& row) {
  query.into(row.id).into(row.customer_id).into(row.made).into(row.who);
}

std::optional<SeriesRow> one_series(Query& query) {
  SeriesRow row;
  read_series(query, row);
  if (!query.next()) return std::nullopt;
  return row;
}

std::vector<std::int64_t> member_ids(Transaction& transaction, std::int64_t series_id) {
  Query query(transaction, sql::series_member_list);
  std::int64_t id = 0;
  query.with("series_id", series_id).into(id);
  std::vector<std::int64_t> ids;
  while (query.next()) ids.push_back(id);
  return ids;
}

void attribute_members_again(Transaction& transaction, const std::optional<std::int64_t>& series_id) {
  if (!series_id) return;
  for (const auto id : member_ids(transaction, *series_id))
    Query(transaction, sql::session_watch_asked).with("session_id", id).run();
}

std::optional<SeriesRow> series_with(Transaction& transaction, std::int64_t session_id) {
  Query query(transaction, sql::series_find_of_session);
  query.with("session_id", session_id);
  return one_series(query);
}

}  // namespace

base::Result<std::int64_t> add_series(Transaction& transaction, const SeriesRow& series) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::series_insert);
    query.with("customer_id", series.customer_id).with("made_ms", series.made).with("who", series.who);
    std::int64_t id = 0;
    query.into(id).run();
    return id;
  });
}

base::Result<std::optional<SeriesRow>> find_series(Transaction& transaction, std::int64_t series_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::series_find);
    query.with("series_id", series_id);
    return one_series(query);
  });
}

base::Result<std::optional<SeriesRow>> series_of(Transaction& transaction, std::int64_t session_id) {
  return attempt(transaction, [&] { return series_with(transaction, session_id); });
}

base::Result<std::vector<SessionRow>> members_of(Transaction& transaction, std::int64_t series_id) {
  return attempt(transaction, [&]() -> base::Result<std::vector<SessionRow>> {
    std::vector<SessionRow> rows;
    for (const auto id : member_ids(transaction, series_id)) {
      auto session = find_session(transaction, id);
      if (!session) return std::unexpected(session.error());
      if (*session) rows.push_back(std::move(**session));
    }
    return rows;
  });
}

base::Result<std::vector<SeriesRow>> list_series(Transaction& transaction, std::int64_t limit) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::series_list);
    SeriesRow row;
    query.with("limit", limit);
    read_series(query, row);
    std::vector<SeriesRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Status change_membership(Transaction& transaction, const MembershipRow& membership) {
  return attempt(transaction, [&] {
    // Both times with the session itself among them.
    const auto before = series_with(transaction, membership.session_id);
    if (before) attribute_members_again(transaction, before->id);
    Query query(transaction, sql::series_member_insert);
    query.with("session_id", membership.session_id).with("series_id", membership.series_id);
    query.with("changed_ms", membership.changed).with("who", membership.who).with("why", membership.why);
    query.run();
    attribute_members_again(transaction, membership.series_id);
  });
}

base::Status add_dismissal(Transaction& transaction, const DismissalRow& dismissal) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::series_dismissal_insert);
    query.with("first_session_id", dismissal.first_session_id);
    query.with("second_session_id", dismissal.second_session_id);
    query.with("dismissed_ms", dismissal.dismissed).with("who", dismissal.who).run();
  });
}

base::Result<std::vector<DismissalRow>> list_dismissals(Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::series_dismissal_list);
    DismissalRow row;
    query.into(row.first_session_id).into(row.second_session_id);
    std::vector<DismissalRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

}  // namespace collector::store
