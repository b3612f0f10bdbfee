// Rows exactly as they are stored, right or wrong, for whoever checks them: a column that does not hold what
// this program writes is told as `damaged`, it is no error.
//
// Read in bulk and past SOCI's exchange of single values, because a check reads everything there is: the rows
// of one stream are a cursor, of which one row at a time is in memory (PostgreSQL: some thousand).
//
// Agents are named by their id as it is stored, lower-case hexadecimal text; all other digests, keys and
// bodies are raw bytes. Times are UTC milliseconds.

#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/connection.h"

namespace collector::store {

struct StreamName {
  std::string agent;
  std::int64_t epoch = 0;

  auto operator<=>(const StreamName&) const = default;
};

struct AuditAgent {
  std::string agent;
  std::string workstation;
  std::string record_key;
  std::string damaged;  // In words, which column; empty: none.
};

struct AuditStream {
  std::int64_t committed_seq = 0;
  std::string head;
  std::int64_t logged_seq = 0;
  std::string damaged;
};

struct AuditBatch {
  std::int64_t id = 0;
  std::int64_t first_seq = 0;
  std::int64_t record_count = 0;
  std::string prev_head;
  std::string head;
  std::string key_id;
  std::string sig;
  std::int64_t received_ms = 0;
  std::string damaged;
};

struct AuditRecord {
  std::int64_t id = 0;
  std::int64_t batch_id = 0;
  std::int64_t seq = 0;
  std::string hash;
  std::string body;
  std::int64_t received_ms = 0;
  std::string damaged;
};

struct AuditLeaf {
  std::int64_t index = 0;
  StreamName stream;
  std::int64_t committed_seq = 0;
  std::string head;
  std::int64_t logged_ms = 0;
  std::string damaged;
};

struct AuditCheckpoint {
  std::int64_t size = 0;
  std::string root;
  std::string note;
  std::int64_t signed_ms = 0;
  std::string damaged;
};

struct AuditChange {
  std::int64_t number = 0;
  std::int64_t changed_ms = 0;
  std::string who;
  std::string action;
  std::string object;
  std::string key;
  std::string before;
  std::string after;
  std::string why;
  std::string hash;
  std::string damaged;
};

// Where the chain of changes is said to stand.
struct AuditChangeState {
  std::int64_t number = 0;
  std::string head;
  std::int64_t logged_number = 0;
  std::string damaged;
};

// The name under which the log has the chain of changes (log.h).
StreamName changes_in_log();

class RawRows;  // The room's own side of a cursor; raw_rows.h.

// Valid as long as the transaction it was made in.
template <class Row>
class AuditRows {
 public:
  explicit AuditRows(std::unique_ptr<RawRows> rows);
  AuditRows(AuditRows&&) noexcept;
  AuditRows& operator=(AuditRows&&) noexcept;
  ~AuditRows();

  // False behind the last row. `row` keeps its memory from row to row.
  [[nodiscard]] base::Result<bool> next(Row& row);

 private:
  std::unique_ptr<RawRows> rows_;
};

// In order of id.
[[nodiscard]] base::Result<std::vector<AuditAgent>> audit_agents(Transaction& transaction);
// Every stream of which any table has a row, in order. What the log says about the chain of changes is none.
[[nodiscard]] base::Result<std::vector<StreamName>> audit_streams(Transaction& transaction);
[[nodiscard]] base::Result<std::optional<AuditStream>> audit_stream(Transaction& transaction,
                                                                    const StreamName& stream);

// In order of first_seq.
[[nodiscard]] base::Result<AuditRows<AuditBatch>> audit_batches(Transaction& transaction,
                                                                const StreamName& stream);
// In order of seq.
[[nodiscard]] base::Result<AuditRows<AuditRecord>> audit_records(Transaction& transaction,
                                                                 const StreamName& stream);
// In order of committed_seq.
[[nodiscard]] base::Result<AuditRows<AuditLeaf>> audit_leaves_of(Transaction& transaction,
                                                                 const StreamName& stream);
// In order of index.
[[nodiscard]] base::Result<AuditRows<AuditLeaf>> audit_leaves(Transaction& transaction);
// In order of size.
[[nodiscard]] base::Result<AuditRows<AuditCheckpoint>> audit_checkpoints(Transaction& transaction);
// In order of number.
[[nodiscard]] base::Result<AuditRows<AuditChange>> audit_changes(Transaction& transaction);
[[nodiscard]] base::Result<std::optional<AuditChangeState>> audit_change_state(Transaction& transaction);

}  // namespace collector::store
