#include "collector/store/audit.h"

#include <array>
#include <set>

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"
#include "collector/store/raw_rows.h"
#include "common/record/agent_id.h"

namespace collector::store {
namespace {

// The value of each lower-case hexadecimal digit; -1: no digit. One look-up a character, because every body
// of the database comes through here.
constexpr auto kDigits = [] {
  std::array<std::int8_t, 256> digits{};
  digits.fill(-1);
  for (int i = 0; i < 10; ++i) digits[static_cast<std::size_t>('0' + i)] = static_cast<std::int8_t>(i);
  for (int i = 0; i < 6; ++i) digits[static_cast<std::size_t>('a' + i)] = static_cast<std::int8_t>(10 + i);
  return digits;
}();

// False, and `bytes` are empty, if `hex` is not what base::to_hex() writes.
bool decode(std::string_view hex, std::string& bytes) {
  bytes.resize(hex.size() / 2);
  int wrong = static_cast<int>(hex.size() % 2) != 0 ? -1 : 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int high = kDigits[static_cast<unsigned char>(hex[2 * i])];
    const int low = kDigits[static_cast<unsigned char>(hex[2 * i + 1])];
    wrong |= high | low;
    bytes[i] = static_cast<char>(high * 16 + low);
  }
  if (wrong >= 0) return true;
  bytes.clear();
  return false;
}

// A row's columns, in the order of the SELECT.
class Columns {
 public:
  Columns(RawRows& rows, std::string& damaged) : rows_(rows), damaged_(damaged) { damaged_.clear(); }

  Columns& number(std::int64_t& target) {
    target = rows_.number(at_++);
    return *this;
  }
  Columns& text(std::string& target) {
    target = rows_.text(at_++);
    return *this;
  }
  Columns& hex(const char* name, std::string& target) {
    if (!decode(rows_.text(at_++), target)) {
      damaged_ += (damaged_.empty() ? "" : ", ") + std::string{name} + " is no lower-case hexadecimal text";
    }
    return *this;
  }

 private:
  RawRows& rows_;
  std::string& damaged_;
  int at_ = 0;
};

void read(RawRows& rows, AuditAgent& row) {
  Columns{rows, row.damaged}.text(row.agent).text(row.workstation).hex("record_key", row.record_key);
}

void read(RawRows& rows, AuditStream& row) {
  Columns{rows, row.damaged}.number(row.committed_seq).hex("head", row.head).number(row.logged_seq);
}

void read(RawRows& rows, AuditBatch& row) {
  Columns columns{rows, row.damaged};
  columns.number(row.id).number(row.first_seq).number(row.record_count);
  columns.hex("prev_head", row.prev_head).hex("head", row.head).hex("key_id", row.key_id).hex("sig", row.sig);
  columns.number(row.received_ms);
}

void read(RawRows& rows, AuditRecord& row) {
  Columns columns{rows, row.damaged};
  columns.number(row.id).number(row.batch_id).number(row.seq);
  columns.hex("hash", row.hash).hex("body", row.body).number(row.received_ms);
}

void read(RawRows& rows, AuditLeaf& row) {
  Columns columns{rows, row.damaged};
  columns.number(row.index).text(row.stream.agent).number(row.stream.epoch).number(row.committed_seq);
  columns.hex("head", row.head).number(row.logged_ms);
}

void read(RawRows& rows, AuditCheckpoint& row) {
  Columns columns{rows, row.damaged};
  columns.number(row.size).hex("root", row.root).text(row.note).number(row.signed_ms);
}

void read(RawRows& rows, AuditChange& row) {
  Columns columns{rows, row.damaged};
  columns.number(row.number).number(row.changed_ms).text(row.who).text(row.action).text(row.object);
  columns.text(row.key).text(row.before).text(row.after).text(row.why).hex("hash", row.hash);
}

void read(RawRows& rows, AuditChangeState& row) {
  Columns{rows, row.damaged}.number(row.number).hex("head", row.head).number(row.logged_number);
}

template <class Row>
base::Result<AuditRows<Row>> open(Transaction& transaction, std::string_view sql, const StreamName& stream) {
  return attempt(transaction,
                 [&] { return AuditRows<Row>{RawRows::open(transaction.session(), sql, stream)}; });
}

// Jumps from stream to stream in a table's index, however many rows each has.
void collect_streams(Session& session, std::string_view sql, std::set<StreamName>& streams) {
  StreamName last{.agent = "", .epoch = -1};
  for (;;) {
    const auto rows = RawRows::open(session, sql, last);
    if (!rows->next()) return;
    last = {.agent = std::string{rows->text(0)}, .epoch = rows->number(1)};
    streams.insert(last);
  }
}

}  // namespace

template <class Row>
AuditRows<Row>::AuditRows(std::unique_ptr<RawRows> rows) : rows_(std::move(rows)) {}
template <class Row>
AuditRows<Row>::AuditRows(AuditRows&&) noexcept = default;
template <class Row>
AuditRows<Row>& AuditRows<Row>::operator=(AuditRows&&) noexcept = default;
template <class Row>
AuditRows<Row>::~AuditRows() = default;

template <class Row>
base::Result<bool> AuditRows<Row>::next(Row& row) {
  try {
    if (!rows_->next()) return false;
    read(*rows_, row);
    return true;
  } catch (...) {
    const auto error = current_error(rows_->session(), rows_->reason());
    rows_->session().doom(error);
    return std::unexpected(error);
  }
}

template class AuditRows<AuditBatch>;
template class AuditRows<AuditRecord>;
template class AuditRows<AuditLeaf>;
template class AuditRows<AuditCheckpoint>;
template class AuditRows<AuditChange>;

StreamName changes_in_log() {
  return {.agent = record::AgentId{}.hex(), .epoch = 0};
}

base::Result<std::vector<AuditAgent>> audit_agents(Transaction& transaction) {
  return attempt(transaction, [&] {
    const auto rows = RawRows::open(transaction.session(), sql::audit_agents, {});
    std::vector<AuditAgent> agents;
    while (rows->next()) read(*rows, agents.emplace_back());
    return agents;
  });
}

base::Result<std::vector<StreamName>> audit_streams(Transaction& transaction) {
  return attempt(transaction, [&] {
    std::set<StreamName> streams;
    collect_streams(transaction.session(), sql::audit_next_stream_log_leaf, streams);
    streams.erase(changes_in_log());
    for (const auto statement :
         {sql::audit_next_stream_stream, sql::audit_next_stream_batch, sql::audit_next_stream_record}) {
      collect_streams(transaction.session(), statement, streams);
    }
    return std::vector<StreamName>{streams.begin(), streams.end()};
  });
}

base::Result<std::optional<AuditStream>> audit_stream(Transaction& transaction, const StreamName& stream) {
  return attempt(transaction, [&]() -> std::optional<AuditStream> {
    const auto rows = RawRows::open(transaction.session(), sql::audit_stream, stream);
    if (!rows->next()) return std::nullopt;
    AuditStream row;
    read(*rows, row);
    return row;
  });
}

base::Result<AuditRows<AuditBatch>> audit_batches(Transaction& transaction, const StreamName& stream) {
  return open<AuditBatch>(transaction, sql::audit_batches, stream);
}
base::Result<AuditRows<AuditRecord>> audit_records(Transaction& transaction, const StreamName& stream) {
  return open<AuditRecord>(transaction, sql::audit_records, stream);
}
base::Result<AuditRows<AuditLeaf>> audit_leaves_of(Transaction& transaction, const StreamName& stream) {
  return open<AuditLeaf>(transaction, sql::audit_leaves_of_stream, stream);
}
base::Result<AuditRows<AuditLeaf>> audit_leaves(Transaction& transaction) {
  return open<AuditLeaf>(transaction, sql::audit_leaves, {});
}
base::Result<AuditRows<AuditCheckpoint>> audit_checkpoints(Transaction& transaction) {
  return open<AuditCheckpoint>(transaction, sql::audit_checkpoints, {});
}
base::Result<AuditRows<AuditChange>> audit_changes(Transaction& transaction) {
  return open<AuditChange>(transaction, sql::audit_changes, {});
}
base::Result<std::optional<AuditChangeState>> audit_change_state(Transaction& transaction) {
  return attempt(transaction, [&]() -> std::optional<AuditChangeState> {
    const auto rows = RawRows::open(transaction.session(), sql::audit_change_state, {});
    if (!rows->next()) return std::nullopt;
    AuditChangeState row;
    read(*rows, row);
    return row;
  });
}

}  // namespace collector::store
