#include "collector/proof/walk.h"

#include <limits>
#include <utility>

namespace collector::proof {

namespace {

// Rows of one kind with the next one in view.
template <class Row>
class Ahead {
 public:
  [[nodiscard]] base::Status open(base::Result<store::AuditRows<Row>> rows) {
    if (!rows) return std::unexpected{rows.error()};
    rows_.emplace(std::move(*rows));
    return advance();
  }
  Row* peek() { return has_ ? &row_ : nullptr; }
  [[nodiscard]] base::Status advance() {
    const auto more = rows_->next(row_);
    if (!more) return std::unexpected{more.error()};
    has_ = *more;
    return {};
  }

 private:
  std::optional<store::AuditRows<Row>> rows_;
  Row row_;
  bool has_ = false;
};

constexpr std::int64_t kEverything = std::numeric_limits<std::int64_t>::max();

std::int64_t last_seq(const store::AuditBatch& batch) {
  if (batch.first_seq > kEverything - batch.record_count) return kEverything;
  return batch.first_seq + batch.record_count - 1;
}

template <class Sink>
[[nodiscard]] base::Status pass_leaves(Ahead<store::AuditLeaf>& leaves, std::int64_t up_to, Sink& sink) {
  while (leaves.peek() != nullptr && leaves.peek()->committed_seq <= up_to) {
    sink.leaf(*leaves.peek());
    if (auto done = leaves.advance(); !done) return done;
  }
  return {};
}

[[nodiscard]] base::Status pass(Ahead<store::AuditRecord>& records, Ahead<store::AuditLeaf>& leaves,
                                std::int64_t up_to, StreamSink& sink) {
  while (records.peek() != nullptr && records.peek()->seq <= up_to) {
    sink.record(*records.peek());
    if (auto done = records.advance(); !done) return done;
  }
  return pass_leaves(leaves, up_to, sink);
}

}  // namespace

base::Status walk_stream(store::Transaction& tx, const store::StreamName& stream, StreamSink& sink) {
  Ahead<store::AuditBatch> batches;
  Ahead<store::AuditRecord> records;
  Ahead<store::AuditLeaf> leaves;
  if (auto done = batches.open(store::audit_batches(tx, stream)); !done) return done;
  if (auto done = records.open(store::audit_records(tx, stream)); !done) return done;
  if (auto done = leaves.open(store::audit_leaves_of(tx, stream)); !done) return done;
  while (const auto* batch = batches.peek()) {
    sink.batch(*batch);
    if (auto done = pass(records, leaves, last_seq(*batch), sink); !done) return done;
    if (auto done = batches.advance(); !done) return done;
  }
  if (auto done = pass(records, leaves, kEverything, sink); !done) return done;
  const auto row = store::audit_stream(tx, stream);
  if (!row) return std::unexpected{row.error()};
  sink.end(*row);
  return {};
}

base::Status walk_log(store::Transaction& tx, LogSink& sink) {
  Ahead<store::AuditLeaf> leaves;
  Ahead<store::AuditCheckpoint> checkpoints;
  if (auto done = leaves.open(store::audit_leaves(tx)); !done) return done;
  if (auto done = checkpoints.open(store::audit_checkpoints(tx)); !done) return done;
  while (leaves.peek() != nullptr || checkpoints.peek() != nullptr) {
    const bool leaf_first = checkpoints.peek() == nullptr ||
                            (leaves.peek() != nullptr && leaves.peek()->index < checkpoints.peek()->size);
    if (leaf_first) {
      sink.leaf(*leaves.peek());
      if (auto done = leaves.advance(); !done) return done;
    } else {
      sink.checkpoint(*checkpoints.peek());
      if (auto done = checkpoints.advance(); !done) return done;
    }
  }
  return {};
}

base::Status walk_changes(store::Transaction& tx, ChangeSink& sink) {
  const auto state = store::audit_change_state(tx);
  if (!state) return std::unexpected{state.error()};
  sink.state(*state);
  Ahead<store::AuditChange> changes;
  Ahead<store::AuditLeaf> leaves;
  if (auto done = changes.open(store::audit_changes(tx)); !done) return done;
  if (auto done = leaves.open(store::audit_leaves_of(tx, store::changes_in_log())); !done) return done;
  while (const auto* change = changes.peek()) {
    sink.change(*change);
    if (auto done = pass_leaves(leaves, change->number, sink); !done) return done;
    if (auto done = changes.advance(); !done) return done;
  }
  if (auto done = pass_leaves(leaves, kEverything, sink); !done) return done;
  sink.end();
  return {};
}

}  // namespace collector::proof
