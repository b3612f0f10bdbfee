#include "agent/outbox/chain_check.h"

#include <algorithm>

#include "agent/outbox/schema.h"
#include "agent/outbox/sqlite.h"

namespace agent::outbox {

using base::ErrorCode;
using base::fail;

namespace {

constexpr std::uint64_t kTailRecords = 256;

}  // namespace

base::Result<std::optional<crypto::Digest>> stored_hash(sqlite3* db, std::uint64_t seq) {
  if (seq == 0) return record::kChainStart;
  auto statement = Statement::prepare(db, "SELECT hash FROM record WHERE seq = ?");
  if (!statement) return std::unexpected{statement.error()};
  const auto row = statement->bind(1, static_cast<std::int64_t>(seq)).step();
  if (!row) return std::unexpected{row.error()};
  if (!*row) return std::nullopt;
  const auto hash = crypto::Digest::from_bytes(statement->bytes(0));
  if (!hash) return fail(ErrorCode::corrupt, "the hash of record " + std::to_string(seq) + " is no digest");
  return *hash;
}

base::Result<ChainCheck> ChainCheck::begin(sqlite3* db, const record::AgentId& agent, std::uint32_t epoch,
                                           std::uint64_t from_seq) {
  const auto oldest = one_integer(db, "SELECT min(seq) FROM record");
  if (!oldest) return std::unexpected{oldest.error()};
  const auto first = std::max({from_seq, static_cast<std::uint64_t>(*oldest), std::uint64_t{1}});
  const auto before = stored_hash(db, first - 1);
  if (!before) return std::unexpected{before.error()};
  return ChainCheck{agent, epoch, first, *before};
}

base::Status ChainCheck::check(const StoredRecord& record) {
  if (head_) {
    record::Chain chain{agent_, epoch_, next_seq_, *head_};
    if (record.seq != next_seq_ || chain.append(record.body) != record.hash) {
      return fail(ErrorCode::corrupt,
                  "record " + std::to_string(record.seq) + " does not follow the one before it");
    }
  }
  next_seq_ = record.seq + 1;
  head_ = record.hash;
  return {};
}

base::Result<std::size_t> ChainCheck::read(sqlite3* db, std::size_t records_max,
                                           const std::function<bool(StoredRecord)>& take) {
  auto statement =
      Statement::prepare(db, "SELECT seq, hash, body FROM record WHERE seq >= ? ORDER BY seq LIMIT ?");
  if (!statement) return std::unexpected{statement.error()};
  statement->bind(1, static_cast<std::int64_t>(next_seq_)).bind(2, static_cast<std::int64_t>(records_max));
  for (std::size_t given = 0;; ++given) {
    const auto row = statement->step();
    if (!row) return std::unexpected{row.error()};
    if (!*row) return given;
    const auto seq = static_cast<std::uint64_t>(statement->integer(0));
    const auto hash = crypto::Digest::from_bytes(statement->bytes(1));
    if (!hash) return fail(ErrorCode::corrupt, "the hash of record " + std::to_string(seq) + " is no digest");
    StoredRecord record{.seq = seq, .hash = *hash, .body = statement->bytes(2)};
    if (auto sound = check(record); !sound) return std::unexpected{sound.error()};
    if (!take(std::move(record))) return given + 1;
  }
}

base::Status check_tail(sqlite3* db, const record::AgentId& agent, const ChainState& chain) {
  const auto from = chain.next_seq > kTailRecords ? chain.next_seq - kTailRecords : 1;
  auto tail = ChainCheck::begin(db, agent, chain.epoch, from);
  if (!tail) return std::unexpected{tail.error()};
  const auto read = tail->read(db, kTailRecords + 1, [](const StoredRecord&) { return true; });
  if (!read) return std::unexpected{read.error()};
  if (tail->next_seq() != chain.next_seq || tail->head() != chain.head) {
    return fail(ErrorCode::corrupt, "its records do not end where its chain does");
  }
  if (chain.acked_seq + 1 >= chain.next_seq) return {};
  const auto next = stored_hash(db, chain.acked_seq + 1);
  if (!next) return std::unexpected{next.error()};
  if (*next) return {};
  return fail(ErrorCode::corrupt,
              "record " + std::to_string(chain.acked_seq + 1) + ", the next one to be sent, is missing");
}

}  // namespace agent::outbox
