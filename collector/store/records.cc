#include "collector/store/records.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {
namespace {

void read_record(Query& query, RecordRow& row) {
  query.into(row.id).into(row.batch_id).into_hex(row.agent_id).into(row.epoch).into(row.seq);
  query.into_hex(row.hash).into_hex(row.body).into(row.received);
}

std::int64_t insert_batch(Transaction& transaction, const BatchRow& batch, std::size_t record_count) {
  Query query(transaction, sql::batch_insert);
  query.with_hex("agent_id", batch.agent_id).with("epoch", batch.epoch).with("first_seq", batch.first_seq);
  query.with("record_count", record_count)
      .with_hex("prev_head", batch.prev_head)
      .with_hex("head", batch.head);
  query.with_hex("key_id", batch.key_id).with_hex("sig", batch.sig).with("received_ms", batch.received);
  std::int64_t id = 0;
  query.into(id).run();
  return id;
}

void insert_records(Transaction& transaction, const BatchRow& batch, std::int64_t batch_id,
                    const std::vector<NewRecord>& records) {
  Query query(transaction, sql::record_insert);
  query.with("batch_id", batch_id).with_hex("agent_id", batch.agent_id).with("epoch", batch.epoch);
  query.with("received_ms", batch.received);
  std::int64_t seq = batch.first_seq;
  for (const auto& record : records) {
    query.with("seq", seq++).with_hex("hash", record.hash).with_hex("body", record.body).run();
  }
}

void move_watermark(Transaction& transaction, const BatchRow& batch, std::size_t record_count) {
  Query query(transaction, sql::stream_put);
  query.with_hex("agent_id", batch.agent_id).with("epoch", batch.epoch).with_hex("head", batch.head);
  query.with("committed_seq", batch.first_seq + static_cast<std::int64_t>(record_count) - 1).run();
}

}  // namespace

base::Result<std::optional<StreamRow>> load_stream(Transaction& transaction, const std::string& agent_id,
                                                   std::int64_t epoch) {
  return attempt(transaction, [&]() -> std::optional<StreamRow> {
    Query query(transaction, sql::stream_find);
    StreamRow row;
    query.with_hex("agent_id", agent_id).with("epoch", epoch).into(row.committed_seq).into_hex(row.head);
    if (!query.next()) return std::nullopt;
    return row;
  });
}

base::Result<std::int64_t> newest_epoch(Transaction& transaction, const std::string& agent_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::stream_newest_epoch);
    std::int64_t epoch = 0;
    query.with_hex("agent_id", agent_id).into(epoch).run();
    return epoch;
  });
}

base::Result<std::int64_t> append_batch(Transaction& transaction, const BatchRow& batch,
                                        const std::vector<NewRecord>& records) {
  if (records.empty()) {
    return base::fail(base::ErrorCode::invalid_argument, "store: append a batch: it has no records");
  }
  return attempt(transaction, [&] {
    const std::int64_t id = insert_batch(transaction, batch, records.size());
    insert_records(transaction, batch, id, records);
    move_watermark(transaction, batch, records.size());
    return id;
  });
}

base::Result<std::vector<std::string>> find_record_hashes(Transaction& transaction,
                                                          const std::string& agent_id, std::int64_t epoch,
                                                          std::int64_t first_seq, std::int64_t count) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::record_hashes);
    std::string hash;
    query.with_hex("agent_id", agent_id)
        .with("epoch", epoch)
        .with("first_seq", first_seq)
        .with("limit", count);
    query.into_hex(hash);
    std::vector<std::string> hashes;
    while (query.next()) hashes.push_back(hash);
    return hashes;
  });
}

base::Result<std::vector<RecordRow>> records_after(Transaction& transaction, std::int64_t record_id,
                                                   std::int64_t limit) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::record_list_after);
    RecordRow row;
    query.with("record_id", record_id).with("limit", limit);
    read_record(query, row);
    std::vector<RecordRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Result<std::vector<ProvenRecordRow>> records_of_session(Transaction& transaction,
                                                              std::int64_t session_id) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::record_list_of_session);
    ProvenRecordRow row;
    query.with("session_id", session_id);
    read_record(query, row.record);
    auto& batch = row.batch;
    query.into(batch.id)
        .into_hex(batch.agent_id)
        .into(batch.epoch)
        .into(batch.first_seq)
        .into(batch.record_count);
    query.into_hex(batch.prev_head).into_hex(batch.head).into_hex(batch.key_id).into_hex(batch.sig);
    query.into(batch.received);
    std::vector<ProvenRecordRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

}  // namespace collector::store
