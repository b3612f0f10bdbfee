#include "collector/store/log.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {

base::Result<std::vector<MovedStream>> streams_to_log(Transaction& transaction, std::int64_t limit) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::log_streams_moved);
    MovedStream row;
    query.with("limit", limit).into_hex(row.agent_id).into(row.epoch);
    query.into(row.committed_seq).into_hex(row.head);
    std::vector<MovedStream> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Status append_leaves(Transaction& transaction, std::int64_t first_index,
                           const std::vector<MovedStream>& streams, timing::UtcMs logged) {
  return attempt(transaction, [&] {
    Query leaf(transaction, sql::log_leaf_insert);
    Query note(transaction, sql::log_stream_logged);
    for (const auto& stream : streams) {
      leaf.with("leaf_index", first_index++).with_hex("agent_id", stream.agent_id);
      leaf.with("epoch", stream.epoch).with("committed_seq", stream.committed_seq);
      leaf.with_hex("head", stream.head).with("logged_ms", logged).run();
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
