#include "collector/store/sessions.h"

#include "collector/store/comments.h"
#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"
#include "collector/store/session_columns.h"

namespace collector::store {

base::Result<UpsertedSession> upsert_session(Transaction& transaction, const SessionRow& session) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::session_put);
    query.with_hex("agent_id", session.agent_id).with_key("session_key", session.session_key);
    query.with("workstation", session.workstation).with_key("anydesk_id", session.anydesk_id);
    query.with_key("remote_id", session.remote_id)
        .with("kind", session.kind)
        .with("outcome", session.outcome);
    query.with("requested_ms", session.requested).with("started_ms", session.started);
    query.with("ended_ms", session.ended).with("last_seen_ms", session.last_seen);
    query.with("end_reason", session.end_reason).with("clock_backwards", session.clock_backwards);
    query.with("last_record_id", session.last_record_id).with("witness", session.witness);
    query.with("doubts", session.doubts).with("abandon_cause", session.abandon_cause);
    query.with("duration_boot_ms", session.duration_boot_ms);
    query.with("duration_boot_uncertainty_ms", session.duration_boot_uncertainty_ms);
    query.with("clock_jumped", session.clock_jumped).with("over_length", session.over_length);
    query.with("overnight", session.overnight).with("remote_id_withheld", session.remote_id_withheld);
    query.with("window_pid", session.window_pid).with("reconnects", session.reconnects);
    query.with("boot_id", session.boot_id);
    UpsertedSession put;
    query.into(put.id).into(put.revision).run();
    Query(transaction, sql::session_watch_changed).with("session_id", put.id).run();
    return put;
  });
}

base::Result<std::int64_t> add_manual_session(Transaction& transaction, const ManualSession& session) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::session_insert_manual);
    query.with_key("session_key", session.session_key).with("kind", session.kind);
    query.with("started_ms", session.started).with("ended_ms", session.ended);
    std::int64_t id = 0;
    query.into(id).run();
    Query(transaction, sql::session_watch_changed).with("session_id", id).run();
    return id;
  });
}

base::Status link_session_record(Transaction& transaction, std::int64_t session_id, std::int64_t record_id) {
  return attempt(transaction, [&] {
    Query(transaction, sql::session_record_link)
        .with("session_id", session_id)
        .with("record_id", record_id)
        .run();
  });
}

base::Status add_gap(Transaction& transaction, const GapRow& gap) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::gap_insert);
    query.with("record_id", gap.record_id).with_hex("agent_id", gap.agent_id).with("source", gap.source);
    query.with("after_offset", gap.after_offset).with("bytes_lost_min", gap.bytes_lost_min);
    query.with("cause", gap.cause).with("observed_ms", gap.observed);
    query.with("from_utc_ms", gap.from).with("to_utc_ms", gap.to).run();
  });
}

base::Result<std::vector<GapRow>> list_gaps(Transaction& transaction, std::int64_t limit) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::gap_list);
    GapRow row;
    query.with("limit", limit).into(row.id).into(row.record_id).into_hex(row.agent_id).into(row.source);
    query.into(row.after_offset).into(row.bytes_lost_min).into(row.cause).into(row.observed);
    query.into(row.from).into(row.to);
    std::vector<GapRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Status add_undecoded(Transaction& transaction, const UndecodedRow& undecoded) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::undecoded_insert);
    query.with("record_id", undecoded.record_id).with("reason", undecoded.reason).run();
  });
}

base::Result<std::vector<UndecodedRow>> list_undecoded(Transaction& transaction, std::int64_t limit) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::undecoded_list);
    UndecodedRow row;
    query.with("limit", limit).into(row.record_id).into(row.reason);
    std::vector<UndecodedRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Result<std::optional<SessionRow>> find_session(Transaction& transaction, std::int64_t session_id) {
  return attempt(transaction, [&]() -> std::optional<SessionRow> {
    Query query(transaction, sql::session_find);
    SessionRow row;
    query.with("session_id", session_id);
    read_session(query, row);
    if (!query.next()) return std::nullopt;
    return row;
  });
}

base::Result<std::optional<SessionRow>> find_session_by_key(Transaction& transaction,
                                                            const std::string& agent_id,
                                                            const std::string& session_key) {
  return attempt(transaction, [&]() -> std::optional<SessionRow> {
    Query query(transaction, sql::session_find_by_key);
    SessionRow row;
    query.with_hex("agent_id", agent_id).with("session_key", session_key);
    read_session(query, row);
    if (!query.next()) return std::nullopt;
    return row;
  });
}

base::Result<std::optional<SessionRow>> find_session_told_before(Transaction& transaction,
                                                                 const std::string& agent_id,
                                                                 const std::string& session_key,
                                                                 const std::string& anydesk_id) {
  return attempt(transaction, [&]() -> std::optional<SessionRow> {
    Query query(transaction, sql::session_find_told_before);
    SessionRow row;
    query.with_hex("agent_id", agent_id).with("session_key", session_key).with("anydesk_id", anydesk_id);
    read_session(query, row);
    if (!query.next()) return std::nullopt;
    return row;
  });
}

base::Result<std::vector<SessionRow>> sessions_near(Transaction& transaction, const std::string& remote_id,
                                                    timing::UtcMs from, timing::UtcMs to) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::session_list_near);
    SessionRow row;
    query.with("remote_id", remote_id).with("from_ms", from).with("to_ms", to);
    read_session(query, row);
    std::vector<SessionRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Result<std::vector<OdditiesRow>> count_oddities(Transaction& transaction) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::agent_oddities);
    OdditiesRow row;
    query.into_hex(row.agent_id).into(row.gaps).into(row.undecoded);
    std::vector<OdditiesRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Result<std::vector<SessionRow>> list_sessions(Transaction& transaction, const SessionFilter& filter) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::session_list);
    SessionRow row;
    query.with("outcome", filter.outcome).with("remote_id", filter.remote_id);
    query.with("from_ms", filter.from).with("to_ms", filter.to).with("limit", filter.limit);
    read_session(query, row);
    std::vector<SessionRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Result<std::vector<std::int64_t>> sessions_to_attribute(Transaction& transaction,
                                                              const AttributionDue& due, std::int64_t limit) {
  const auto ids_of = [&](Query& query) {
    std::int64_t id = 0;
    query.with("now_ms", due.now).with("wait_ms", due.comment_wait.count()).with("limit", limit).into(id);
    std::vector<std::int64_t> ids;
    while (query.next()) ids.push_back(id);
    return ids;
  };
  return attempt(transaction, [&] {
    Query changed(transaction, sql::session_list_changed);
    changed.with("tolerance_ms", due.comment_tolerance.count());
    auto ids = ids_of(changed);
    if (!ids.empty()) return ids;
    Query waited(transaction, sql::session_list_waited);
    ids = ids_of(waited);
    if (!ids.empty() || !due.all) return ids;
    Query any(transaction, sql::session_list_to_attribute);
    any.with("tolerance_ms", due.comment_tolerance.count());
    return ids_of(any);
  });
}

base::Status watch_neighbours(Transaction& transaction, std::int64_t session_id, const std::string& remote_id,
                              timing::UtcMs moment) {
  return attempt(transaction, [&] {
    // A comment lies at most that far from either of two sessions that it could be of.
    Query query(transaction, sql::session_watch_neighbours);
    query.with("session_id", session_id).with("remote_id", remote_id);
    query.with("from_ms", moment - 2 * kCommentToleranceMax).with("to_ms", moment + 2 * kCommentToleranceMax);
    query.run();
  });
}

base::Result<std::vector<std::int64_t>> neighbours_to_match(Transaction& transaction, std::int64_t limit) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::session_list_neighbours);
    std::int64_t id = 0;
    query.with("limit", limit).into(id);
    std::vector<std::int64_t> ids;
    while (query.next()) ids.push_back(id);
    return ids;
  });
}

base::Status keep_matched(Transaction& transaction, std::int64_t session_id) {
  return attempt(transaction, [&] {
    Query(transaction, sql::session_watch_matched).with("session_id", session_id).run();
  });
}

base::Status settle_sessions(Transaction& transaction, std::chrono::milliseconds tolerance) {
  return attempt(transaction, [&] {
    Query(transaction, sql::session_watch_settle).with("tolerance_ms", tolerance.count()).run();
  });
}

base::Result<std::int64_t> get_cursor(Transaction& transaction, const std::string& step) {
  return attempt(transaction, [&] {
    std::int64_t position = 0;
    Query(transaction, sql::cursor_find).with("step", step).into(position).run();
    return position;
  });
}

base::Status set_cursor(Transaction& transaction, const std::string& step, std::int64_t position) {
  return attempt(transaction, [&] {
    Query(transaction, sql::cursor_put).with("step", step).with("position", position).run();
  });
}

}  // namespace collector::store
