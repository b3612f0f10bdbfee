#include "collector/proof/bundle.h"

#include <utility>

#include "collector/proof/bundle_file.h"
#include "collector/proof/log_check.h"
#include "collector/proof/walk.h"
#include "collector/store/changes.h"
#include "common/base/utf8.h"
#include "common/record/limits.h"

namespace collector::proof {

namespace {

constexpr std::size_t kRecordsBytesMax = 128 * 1024;
constexpr std::size_t kTextBytesMax = 2'000;

std::string text_of(const std::string& text) {
  return base::to_valid_utf8(std::string_view{text}.substr(0, kTextBytesMax));
}

// Bytes that no row of ours has are left out, and that is said instead.
std::string bytes_of(const char* column, std::string_view bytes, std::size_t max, std::string& damaged) {
  if (bytes.size() <= max) return std::string{bytes};
  damaged += (damaged.empty() ? "" : ", ") + std::string{column} + " has " + std::to_string(bytes.size()) +
             " bytes, which is more than there can be";
  return {};
}

constexpr std::size_t kKeyBytesMax = 200;

class LogWriter final : public LogSink {
 public:
  explicit LogWriter(BundleWriter& file) : file_{file} {}

  void leaf(const store::AuditLeaf& row) override {
    auto& log = *item_.mutable_log();
    const auto next = log.first_index() + static_cast<std::uint64_t>(log.logged_utc_ms_size());
    const auto index = static_cast<std::uint64_t>(row.index);
    if (log.logged_utc_ms_size() > 0 && (index != next || log.hashes().size() >= kHashesInItem * 32)) flush();
    auto& part = *item_.mutable_log();
    if (part.logged_utc_ms_size() == 0) part.set_first_index(index);
    part.add_logged_utc_ms(row.logged_ms);
    // A row that is no leaf has no hash; zeros stand for it, and no root fits them.
    part.mutable_hashes()->append(hash_of(row).value_or(crypto::Digest{}).bytes());
    ++leaves;
  }
  void checkpoint(const store::AuditCheckpoint& row) override {
    flush();
    v1::EvidenceItem item;
    auto& checkpoint = *item.mutable_checkpoint();
    auto damaged = row.damaged;
    checkpoint.set_size(static_cast<std::uint64_t>(row.size));
    checkpoint.set_root(bytes_of("root", row.root, kKeyBytesMax, damaged));
    const bool is_text = base::is_utf8(row.note);
    if (!is_text) damaged += "note is no text";
    if (is_text) checkpoint.set_note(bytes_of("note", row.note, kNoteBytesMax, damaged));
    checkpoint.set_signed_utc_ms(row.signed_ms);
    checkpoint.set_damaged(text_of(damaged));
    file_.add(item);
  }
  void flush() {
    if (item_.has_log() && item_.log().logged_utc_ms_size() > 0) file_.add(item_);
    item_.Clear();
  }

  std::int64_t leaves = 0;

 private:
  BundleWriter& file_;
  v1::EvidenceItem item_;
};

void add_leaf(BundleWriter& file, const store::AuditLeaf& row) {
  v1::EvidenceItem item;
  auto& leaf = *item.mutable_leaf();
  auto damaged = row.damaged;
  leaf.set_index(static_cast<std::uint64_t>(row.index));
  leaf.set_committed_seq(row.committed_seq);
  leaf.set_head(bytes_of("head", row.head, kKeyBytesMax, damaged));
  leaf.set_logged_utc_ms(row.logged_ms);
  leaf.set_damaged(text_of(damaged));
  file.add(item);
}

// Rows that stand together in one item, until it is large enough.
class Gathered {
 public:
  explicit Gathered(BundleWriter& file) : file_{file} {}

  // Where the next row is put, of about so many bytes at most.
  v1::EvidenceItem& room_for(std::size_t bytes) {
    if (bytes_ + bytes > kRecordsBytesMax) flush();
    return item_;
  }
  // The row that was put there takes so many.
  void took(std::size_t bytes) {
    bytes_ += bytes + 100;
    if (bytes_ > kRecordsBytesMax) flush();
  }
  void flush() {
    if (bytes_ > 0) file_.add(item_);
    item_.Clear();
    bytes_ = 0;
  }

 private:
  BundleWriter& file_;
  v1::EvidenceItem item_;
  std::size_t bytes_ = 0;
};

class ChangeWriter final : public ChangeSink {
 public:
  explicit ChangeWriter(BundleWriter& file) : file_{file}, changes_{file} {}

  void state(const std::optional<store::AuditChangeState>& row) override {
    v1::EvidenceItem item;
    auto& state = *item.mutable_change_state();
    state.set_stored(row.has_value());
    if (row) {
      auto damaged = row->damaged;
      state.set_number(row->number);
      state.set_head(bytes_of("head", row->head, kKeyBytesMax, damaged));
      state.set_logged_number(row->logged_number);
      state.set_damaged(text_of(damaged));
    }
    file_.add(item);
  }
  void change(const store::AuditChange& row) override {
    auto& change = *changes_.room_for(row.before.size() + row.after.size()).mutable_changes()->add_change();
    auto damaged = row.damaged;
    auto left = store::change_bytes_max;
    const auto text = [&](const char* column, const std::string& bytes) {
      auto kept = bytes_of(column, bytes, left, damaged);
      left -= kept.size();
      return kept;
    };
    change.set_number(row.number);
    change.set_changed_utc_ms(row.changed_ms);
    change.set_who(text("who", row.who));
    change.set_action(text("action", row.action));
    change.set_object(text("object", row.object));
    change.set_key(text("object_key", row.key));
    change.set_before(text("before", row.before));
    change.set_after(text("after", row.after));
    change.set_why(text("why", row.why));
    change.set_hash(bytes_of("hash", row.hash, kKeyBytesMax, damaged));
    change.set_damaged(text_of(damaged));
    ++changes;
    changes_.took(store::change_bytes_max - left);
  }
  void leaf(const store::AuditLeaf& row) override {
    changes_.flush();
    add_leaf(file_, row);
  }
  void end() override { changes_.flush(); }

  std::int64_t changes = 0;

 private:
  BundleWriter& file_;
  Gathered changes_;
};

class StreamWriter final : public StreamSink {
 public:
  explicit StreamWriter(BundleWriter& file) : file_{file}, records_{file} {}

  void batch(const store::AuditBatch& row) override {
    records_.flush();
    v1::EvidenceItem item;
    auto& batch = *item.mutable_batch();
    auto damaged = row.damaged;
    batch.set_batch_id(row.id);
    batch.set_first_seq(row.first_seq);
    batch.set_record_count(row.record_count);
    batch.set_prev_head(bytes_of("prev_head", row.prev_head, kKeyBytesMax, damaged));
    batch.set_head(bytes_of("head", row.head, kKeyBytesMax, damaged));
    batch.set_key_id(bytes_of("key_id", row.key_id, kKeyBytesMax, damaged));
    batch.set_sig(bytes_of("sig", row.sig, kKeyBytesMax, damaged));
    batch.set_received_utc_ms(row.received_ms);
    batch.set_damaged(text_of(damaged));
    file_.add(item);
  }
  void record(store::AuditRecord& row) override {
    auto& record = *records_.room_for(0).mutable_records()->add_record();
    auto damaged = row.damaged;
    record.set_record_id(row.id);
    record.set_batch_id(row.batch_id);
    record.set_seq(row.seq);
    record.set_hash(bytes_of("hash", row.hash, kKeyBytesMax, damaged));
    record.set_body(bytes_of("body", row.body, record::kRecordBytesMax, damaged));
    record.set_received_utc_ms(row.received_ms);
    record.set_damaged(text_of(damaged));
    ++records;
    records_.took(record.body().size());
  }
  void leaf(const store::AuditLeaf& row) override {
    records_.flush();
    add_leaf(file_, row);
  }
  void end(const std::optional<store::AuditStream>& row) override {
    records_.flush();
    v1::EvidenceItem item;
    auto& end = *item.mutable_stream_end();
    end.set_stored(row.has_value());
    if (row) {
      auto damaged = row->damaged;
      end.set_committed_seq(row->committed_seq);
      end.set_head(bytes_of("head", row->head, kKeyBytesMax, damaged));
      end.set_logged_seq(row->logged_seq);
      end.set_damaged(text_of(damaged));
    }
    file_.add(item);
  }

  std::int64_t records = 0;

 private:
  BundleWriter& file_;
  Gathered records_;
};

void add_header(BundleWriter& file, const ExportOptions& options) {
  v1::EvidenceItem item;
  auto& header = *item.mutable_header();
  header.set_format(std::string{kBundleFormat});
  header.set_origin(options.origin);
  header.set_created_utc_ms(timing::to_ms(options.created));
  header.set_agent(options.agent);
  file.add(item);
}

void add_agent(BundleWriter& file, const store::AuditAgent& row) {
  v1::EvidenceItem item;
  auto& agent = *item.mutable_agent();
  auto damaged = row.damaged;
  agent.set_agent(text_of(row.agent));
  agent.set_workstation(text_of(row.workstation));
  agent.set_record_key(bytes_of("record_key", row.record_key, kKeyBytesMax, damaged));
  agent.set_damaged(text_of(damaged));
  file.add(item);
}

base::Status write_all(store::Transaction& tx, BundleWriter& file, const ExportOptions& options,
                       Exported& exported) {
  const auto wanted = [&](const std::string& agent) {
    return options.agent.empty() || options.agent == agent;
  };
  add_header(file, options);
  LogWriter log{file};
  if (auto done = walk_log(tx, log); !done) return done;
  log.flush();
  exported.leaves = log.leaves;
  if (options.agent.empty()) {
    ChangeWriter changes{file};
    if (auto done = walk_changes(tx, changes); !done) return done;
    exported.changes = changes.changes;
  }
  const auto agents = store::audit_agents(tx);
  if (!agents) return std::unexpected{agents.error()};
  for (const auto& agent : *agents) {
    if (!wanted(agent.agent)) continue;
    add_agent(file, agent);
    ++exported.agents;
  }
  const auto streams = store::audit_streams(tx);
  if (!streams) return std::unexpected{streams.error()};
  StreamWriter writer{file};
  for (const auto& stream : *streams) {
    if (!wanted(stream.agent)) continue;
    v1::EvidenceItem item;
    item.mutable_stream()->set_agent(text_of(stream.agent));
    item.mutable_stream()->set_epoch(stream.epoch);
    file.add(item);
    if (auto done = walk_stream(tx, stream, writer); !done) return done;
  }
  exported.records = writer.records;
  return {};
}

}  // namespace

base::Result<Exported> export_bundle(store::Connection& database, const std::filesystem::path& path,
                                     const ExportOptions& options) {
  auto file = BundleWriter::create(path);
  if (!file) return std::unexpected{file.error()};
  Exported exported;
  const auto read =
      database.read([&](store::Transaction& tx) { return write_all(tx, *file, options, exported); });
  if (!read) return std::unexpected{read.error()};
  if (auto done = file->finish(); !done) return std::unexpected{done.error()};
  return exported;
}

}  // namespace collector::proof
