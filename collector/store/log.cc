#include "collector/store/log.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"
#include "common/record/agent_id.h"

namespace collector::store {

namespace {

std::string agent_of_changes() {
  return std::string{record::AgentId{}.bytes()};
}

}  // namespace

base::Result<std::vector<MovedStream>> streams_to_log(Transaction& transaction, std::int64_t limit) {
  return attempt(transaction, [&] {
    std::vector<MovedStream> rows;
    MovedStream row;
    row.agent_id = agent_of_changes();
    Query changes(transaction, sql::log_changes_moved);
    changes.into(row.committed_seq).into_hex(row.head);
    if (changes.next()) rows.push_back(row);
    Query query(transaction, sql::log_streams_moved);
    query.with("limit", limit - static_cast<std::int64_t>(rows.size()));
    query.into_hex(row.agent_id).into(row.epoch).into(row.committed_seq).into_hex(row.head);
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Status append_leaves(Transaction& transaction, std::int64_t first_index,
                           const std::vector<MovedStream>& streams, timing::UtcMs logged) {
  return attempt(transaction, [&] {
    Query leaf(transaction, sql::log_leaf_insert);
    Query note(transaction, sql::log_stream_logged);
    Query note_changes(transaction, sql::log_changes_logged);
    for (const auto& stream : streams) {
      leaf.with("leaf_index", first_index++).with_hex("agent_id", stream.agent_id);
      leaf.with("epoch", stream.epoch).with("committed_seq", stream.committed_seq);
      leaf.with_hex("head", stream.head).with("logged_ms", logged).run();
      if (stream.agent_id == agent_of_changes()) {
        note_changes.with("logged_seq", stream.committed_seq).run();
        continue;
      }
      note.with_hex("agent_id", stream.agent_id).with("epoch", stream.epoch);
      note.with("logged_seq", stream.committed_seq).run();
    }
  });
}

base::Status add_checkpoint(Transaction& transaction, const CheckpointRow& checkpoint) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::log_checkpoint_insert);
    query.with("tree_size", checkpoint.tree_size).with_hex("root", checkpoint.root);
    query.with("note", checkpoint.note).with("signed_ms", checkpoint.signed_at).run();
  });
}

base::Result<std::optional<CheckpointRow>> newest_checkpoint(Transaction& transaction) {
  return attempt(transaction, [&]() -> std::optional<CheckpointRow> {
    Query query(transaction, sql::log_checkpoint_newest);
    CheckpointRow row;
    query.into(row.tree_size).into_hex(row.root).into(row.note).into(row.signed_at);
    if (!query.next()) return std::nullopt;
    return row;
  });
}

}  // namespace collector::store
