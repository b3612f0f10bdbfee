#include "agent/outbox/outbox.h"

#include <system_error>

#include "common/record/chain.h"
#include "common/record/limits.h"

namespace agent::outbox {

using base::ErrorCode;
using base::fail;

namespace {

// 2: the table of memories. A file of version 1 gets it when it is opened.
constexpr std::int64_t kSchemaVersion = 2;

// cache_size in KiB, negative: the agent must stay small, and the outbox's pages are few.
constexpr const char* kPragmas =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA fullfsync=1;"
    "PRAGMA cache_size=-256; PRAGMA wal_autocheckpoint=256; PRAGMA journal_size_limit=1048576;"
    "PRAGMA temp_store=MEMORY;";

constexpr const char* kSchema = R"sql(
CREATE TABLE IF NOT EXISTS record (seq INTEGER PRIMARY KEY, hash BLOB NOT NULL, body BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS chain (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1), epoch INTEGER NOT NULL, next_seq INTEGER NOT NULL,
  head BLOB NOT NULL, acked_seq INTEGER NOT NULL CHECK (acked_seq < next_seq)) STRICT;
CREATE TABLE IF NOT EXISTS source (name TEXT PRIMARY KEY, position BLOB NOT NULL, builder BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS memory (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS status (name TEXT PRIMARY KEY, value TEXT NOT NULL, at_ms INTEGER NOT NULL) STRICT;
)sql";

base::Result<std::int64_t> one_integer(sqlite3* db, const char* sql) {
  auto statement = Statement::prepare(db, sql);
  if (!statement) return std::unexpected{statement.error()};
  const auto row = statement->step();
  if (!row) return std::unexpected{row.error()};
  return *row ? statement->integer(0) : 0;
}

base::Status check_health(sqlite3* db, const std::filesystem::path& path) {
  auto statement = Statement::prepare(db, "PRAGMA quick_check(1)");
  if (!statement) return std::unexpected{statement.error()};
  const auto row = statement->step();
  if (!row) return std::unexpected{row.error()};
  const std::string verdict = *row ? statement->bytes(0) : "no answer";
  if (verdict != "ok") {
    return fail(ErrorCode::corrupt, "the outbox " + path.string() + " is damaged: " + verdict);
  }
  return {};
}

base::Status check_version(sqlite3* db, const std::filesystem::path& path) {
  // Reading the version is the first touch of the file: rubbish shows here as corrupt.
  const auto version = one_integer(db, "PRAGMA user_version");
  if (!version) return std::unexpected{version.error()};
  if (*version <= kSchemaVersion) return {};
  return fail(ErrorCode::conflict, "the outbox " + path.string() + " was written by a newer agent (schema " +
                                       std::to_string(*version) + ", this one knows " +
                                       std::to_string(kSchemaVersion) + "): install that version again");
}

}  // namespace

base::Result<Outbox> Outbox::open(const std::filesystem::path& path, record::AgentId agent_id,
                                  std::uint32_t epoch) {
  auto db = open_database(path.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  if (!db) return std::unexpected{db.error()};
  std::error_code ignored;
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                               ignored);

  // Closing a WAL database copies the log into it and removes the log. A damaged one is kept as it was found.
  sqlite3_db_config(db->get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  if (auto known = check_version(db->get(), path); !known) return std::unexpected{known.error()};
  if (auto done = execute(db->get(), kPragmas); !done) return std::unexpected{done.error()};
  if (auto healthy = check_health(db->get(), path); !healthy) return std::unexpected{healthy.error()};

  auto transaction = Transaction::begin(db->get());
  if (!transaction) return std::unexpected{transaction.error()};
  if (auto done = execute(db->get(), kSchema); !done) return std::unexpected{done.error()};
  auto first = Statement::prepare(db->get(), "INSERT OR IGNORE INTO chain VALUES (1, ?, 1, zeroblob(32), 0)");
  if (!first) return std::unexpected{first.error()};
  if (auto done = first->bind(1, epoch).run(); !done) return std::unexpected{done.error()};
  if (auto done = execute(db->get(), "PRAGMA user_version=2"); !done) return std::unexpected{done.error()};
  if (auto done = transaction->commit(); !done) return std::unexpected{done.error()};

  Outbox outbox{std::move(*db), agent_id};
  if (auto done = outbox.load_chain(); !done) return std::unexpected{done.error()};
  if (auto sound = outbox.check_chain(); !sound) return fail("the outbox " + path.string(), sound.error());
  sqlite3_db_config(outbox.db_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
  return outbox;
}

base::Result<Outbox> Outbox::open_to_read(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error) && !error) {
    return fail(ErrorCode::not_found, "there is no outbox at " + path.string());
  }
  // Not SQLITE_OPEN_READONLY: a WAL database left by a killed agent must be recovered to be read.
  auto db = open_database(path.string(), SQLITE_OPEN_READWRITE);
  if (!db) return std::unexpected{db.error()};
  // The last one to close a WAL database copies the log into it; that is the agent's business.
  sqlite3_db_config(db->get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  if (auto done = execute(db->get(), "PRAGMA query_only=1"); !done) return std::unexpected{done.error()};
  if (auto known = check_version(db->get(), path); !known) return std::unexpected{known.error()};
  const auto tables = one_integer(db->get(), "SELECT count(*) FROM sqlite_schema WHERE name = 'chain'");
  if (!tables) return std::unexpected{tables.error()};
  if (*tables == 0) return fail(ErrorCode::not_found, "there is nothing yet in the outbox " + path.string());
  Outbox outbox{std::move(*db), {}};
  if (auto done = outbox.load_chain(); !done) return std::unexpected{done.error()};
  return outbox;
}

base::Status Outbox::load_chain() {
  auto statement = Statement::prepare(db_.get(), "SELECT epoch, next_seq, head, acked_seq FROM chain");
  if (!statement) return std::unexpected{statement.error()};
  const auto row = statement->step();
  if (!row) return std::unexpected{row.error()};
  if (!*row) return fail(ErrorCode::corrupt, "the outbox has no chain row");
  const auto head = crypto::Digest::from_bytes(statement->bytes(2));
  if (!head) return fail(ErrorCode::corrupt, "the outbox's chain head is no digest");
  chain_ = {.epoch = static_cast<std::uint32_t>(statement->integer(0)),
            .next_seq = static_cast<std::uint64_t>(statement->integer(1)),
            .head = *head,
            .acked_seq = static_cast<std::uint64_t>(statement->integer(3))};
  return {};
}

// Every record that is still here, hashed again: SQLite's own check sees a torn page, not a flipped bit in a
// body. Costs about 1 us a record. The hash before the first one that was kept has to be believed.
base::Status Outbox::check_chain() {
  auto statement = Statement::prepare(db_.get(), "SELECT seq, hash, body FROM record ORDER BY seq");
  if (!statement) return std::unexpected{statement.error()};
  std::optional<record::Chain> chain;
  for (;;) {
    const auto row = statement->step();
    if (!row) return std::unexpected{row.error()};
    if (!*row) break;
    const auto seq = static_cast<std::uint64_t>(statement->integer(0));
    const auto hash = crypto::Digest::from_bytes(statement->bytes(1));
    if (!hash) return fail(ErrorCode::corrupt, "the hash of record " + std::to_string(seq) + " is no digest");
    if (!chain && seq == 1) chain.emplace(agent_id_, chain_.epoch, 1, record::kChainStart);
    if (!chain) {
      chain.emplace(agent_id_, chain_.epoch, seq + 1, *hash);
    } else if (chain->next_seq() != seq || chain->append(statement->bytes(2)) != *hash) {
      return fail(ErrorCode::corrupt, "record " + std::to_string(seq) + " does not follow the one before it");
    }
  }
  const bool empty = !chain && chain_.next_seq == 1 && chain_.head == record::kChainStart;
  if (empty || (chain && chain->next_seq() == chain_.next_seq && chain->head() == chain_.head)) return {};
  return fail(ErrorCode::corrupt, "its records do not end where its chain does");
}

base::Result<ChainState> Outbox::append(const std::vector<std::string>& bodies,
                                        const std::vector<SourceState>& sources,
                                        const std::map<std::string, std::int64_t>& counters,
                                        const std::map<std::string, std::string>& memories) {
  for (const auto& body : bodies) {
    if (!body.empty() && body.size() <= record::kRecordBytesMax) continue;
    return fail(ErrorCode::invalid_argument,
                "a record of " + std::to_string(body.size()) + " bytes could never be sent");
  }
  auto transaction = Transaction::begin(db_.get());
  if (!transaction) return std::unexpected{transaction.error()};
  ChainState next = chain_;
  auto insert = Statement::prepare(db_.get(), "INSERT INTO record (seq, hash, body) VALUES (?, ?, ?)");
  if (!insert) return std::unexpected{insert.error()};
  record::Chain chain{agent_id_, next.epoch, next.next_seq, next.head};
  for (const auto& body : bodies) {
    insert->bind(1, static_cast<std::int64_t>(chain.next_seq()))
        .bind_blob(2, chain.append(body).bytes())
        .bind_blob(3, body);
    if (auto done = insert->run(); !done) return std::unexpected{done.error()};
  }
  next.next_seq = chain.next_seq();
  next.head = chain.head();
  if (auto done = store_sources(sources); !done) return std::unexpected{done.error()};
  if (auto done = store_counters(counters); !done) return std::unexpected{done.error()};
  if (auto done = store_memories(memories); !done) return std::unexpected{done.error()};
  if (auto done = store_chain(next); !done) return std::unexpected{done.error()};
  if (auto done = transaction->commit(); !done) return std::unexpected{done.error()};
  chain_ = next;
  return chain_;
}

base::Status Outbox::store_sources(const std::vector<SourceState>& sources) {
  auto statement = Statement::prepare(
      db_.get(),
      "INSERT INTO source (name, position, builder) VALUES (?, ?, ?) "
      "ON CONFLICT (name) DO UPDATE SET position = excluded.position, builder = excluded.builder");
  if (!statement) return std::unexpected{statement.error()};
  for (const auto& source : sources) {
    statement->bind_text(1, source.name).bind_blob(2, source.position).bind_blob(3, source.builder);
    if (auto done = statement->run(); !done) return done;
  }
  return {};
}

base::Status Outbox::store_counters(const std::map<std::string, std::int64_t>& counters) {
  auto statement = Statement::prepare(db_.get(),
                                      "INSERT INTO counter (name, value) VALUES (?, ?) "
                                      "ON CONFLICT (name) DO UPDATE SET value = value + excluded.value");
  if (!statement) return std::unexpected{statement.error()};
  for (const auto& [name, more] : counters) {
    if (more == 0) continue;
    if (auto done = statement->bind_text(1, name).bind(2, more).run(); !done) return done;
  }
  return {};
}

base::Status Outbox::store_memories(const std::map<std::string, std::string>& memories) {
  auto statement = Statement::prepare(db_.get(),
                                      "INSERT INTO memory (name, value) VALUES (?, ?) "
                                      "ON CONFLICT (name) DO UPDATE SET value = excluded.value");
  if (!statement) return std::unexpected{statement.error()};
  for (const auto& [name, value] : memories) {
    if (auto done = statement->bind_text(1, name).bind_blob(2, value).run(); !done) return done;
  }
  return {};
}

base::Result<std::string> Outbox::memory(std::string_view name) {
  auto statement = Statement::prepare(db_.get(), "SELECT value FROM memory WHERE name = ?");
  if (!statement) return std::unexpected{statement.error()};
  const auto row = statement->bind_text(1, name).step();
  if (!row) return std::unexpected{row.error()};
  return *row ? statement->bytes(0) : std::string{};
}

base::Status Outbox::store_chain(const ChainState& chain) {
  auto statement = Statement::prepare(db_.get(), "UPDATE chain SET next_seq = ?, head = ?, acked_seq = ?");
  if (!statement) return std::unexpected{statement.error()};
  return statement->bind(1, static_cast<std::int64_t>(chain.next_seq))
      .bind_blob(2, chain.head.bytes())
      .bind(3, static_cast<std::int64_t>(chain.acked_seq))
      .run();
}

base::Result<std::vector<StoredRecord>> Outbox::records_after(std::uint64_t after_seq,
                                                              std::size_t records_max,
                                                              std::size_t bytes_max) {
  auto statement =
      Statement::prepare(db_.get(), "SELECT seq, hash, body FROM record WHERE seq > ? ORDER BY seq LIMIT ?");
  if (!statement) return std::unexpected{statement.error()};
  statement->bind(1, static_cast<std::int64_t>(after_seq)).bind(2, static_cast<std::int64_t>(records_max));
  std::vector<StoredRecord> records;
  std::size_t bytes = 0;
  for (;;) {
    const auto row = statement->step();
    if (!row) return std::unexpected{row.error()};
    if (!*row) return records;
    const auto hash = crypto::Digest::from_bytes(statement->bytes(1));
    if (!hash) return fail(ErrorCode::corrupt, "a record's hash in the outbox is no digest");
    StoredRecord record{
        .seq = static_cast<std::uint64_t>(statement->integer(0)), .hash = *hash, .body = statement->bytes(2)};
    bytes += record.body.size();
    if (!records.empty() && bytes > bytes_max) return records;
    records.push_back(std::move(record));
  }
}

base::Result<crypto::Digest> Outbox::hash_of(std::uint64_t seq) {
  if (seq == 0) return crypto::Digest{};
  auto statement = Statement::prepare(db_.get(), "SELECT hash FROM record WHERE seq = ?");
  if (!statement) return std::unexpected{statement.error()};
  const auto row = statement->bind(1, static_cast<std::int64_t>(seq)).step();
  if (!row) return std::unexpected{row.error()};
  if (!*row) return fail(ErrorCode::not_found, "record " + std::to_string(seq) + " is not in the outbox");
  return crypto::Digest::from_bytes(statement->bytes(0));
}

base::Status Outbox::acknowledge(std::uint64_t seq) {
  if (seq >= chain_.next_seq) {
    return fail(ErrorCode::invalid_argument, "the collector acknowledged record " + std::to_string(seq) +
                                                 ", but this outbox has sealed only " +
                                                 std::to_string(chain_.next_seq - 1));
  }
  if (seq <= chain_.acked_seq) return {};
  auto transaction = Transaction::begin(db_.get());
  if (!transaction) return std::unexpected{transaction.error()};
  ChainState next = chain_;
  next.acked_seq = seq;
  if (auto done = store_chain(next); !done) return done;
  if (seq > kKeptRecords) {
    auto statement = Statement::prepare(db_.get(), "DELETE FROM record WHERE seq <= ?");
    if (!statement) return std::unexpected{statement.error()};
    if (auto done = statement->bind(1, static_cast<std::int64_t>(seq - kKeptRecords)).run(); !done)
      return done;
  }
  if (auto done = transaction->commit(); !done) return done;
  chain_ = next;
  return {};
}

base::Result<std::optional<SourceState>> Outbox::source(std::string_view name) {
  auto statement = Statement::prepare(db_.get(), "SELECT name, position, builder FROM source WHERE name = ?");
  if (!statement) return std::unexpected{statement.error()};
  const auto row = statement->bind_text(1, name).step();
  if (!row) return std::unexpected{row.error()};
  if (!*row) return std::nullopt;
  return SourceState{
      .name = statement->bytes(0), .position = statement->bytes(1), .builder = statement->bytes(2)};
}

base::Result<std::vector<SourceState>> Outbox::sources() {
  auto statement = Statement::prepare(db_.get(), "SELECT name, position, builder FROM source ORDER BY name");
  if (!statement) return std::unexpected{statement.error()};
  std::vector<SourceState> all;
  for (;;) {
    const auto row = statement->step();
    if (!row) return std::unexpected{row.error()};
    if (!*row) return all;
    all.push_back(
        {.name = statement->bytes(0), .position = statement->bytes(1), .builder = statement->bytes(2)});
  }
}

base::Result<std::map<std::string, std::int64_t>> Outbox::counters() {
  auto statement = Statement::prepare(db_.get(), "SELECT name, value FROM counter");
  if (!statement) return std::unexpected{statement.error()};
  std::map<std::string, std::int64_t> all;
  for (;;) {
    const auto row = statement->step();
    if (!row) return std::unexpected{row.error()};
    if (!*row) return all;
    all[statement->bytes(0)] = statement->integer(1);
  }
}

base::Status Outbox::set_status(std::string_view name, std::string_view value, timing::UtcMs at) {
  auto statement =
      Statement::prepare(db_.get(),
                         "INSERT INTO status (name, value, at_ms) VALUES (?, ?, ?) "
                         "ON CONFLICT (name) DO UPDATE SET value = excluded.value, at_ms = excluded.at_ms");
  if (!statement) return std::unexpected{statement.error()};
  return statement->bind_text(1, name).bind_text(2, value).bind(3, timing::to_ms(at)).run();
}

base::Result<std::map<std::string, StatusRow>> Outbox::status() {
  auto statement = Statement::prepare(db_.get(), "SELECT name, value, at_ms FROM status");
  if (!statement) return std::unexpected{statement.error()};
  std::map<std::string, StatusRow> all;
  for (;;) {
    const auto row = statement->step();
    if (!row) return std::unexpected{row.error()};
    if (!*row) return all;
    all[statement->bytes(0)] = {.value = statement->bytes(1), .at = timing::from_ms(statement->integer(2))};
  }
}

base::Result<std::filesystem::path> quarantine(const std::filesystem::path& path, timing::UtcMs now) {
  const std::string suffix = ".damaged-" + std::to_string(timing::to_ms(now));
  for (const char* part : {"-wal", "-shm", ""}) {
    auto from = path;
    from += part;
    std::error_code error;
    if (!std::filesystem::exists(from, error)) continue;
    auto to = path;
    to += suffix + part;
    std::filesystem::rename(from, to, error);
    if (error)
      return fail(ErrorCode::internal, "cannot move " + from.string() + " aside: " + error.message());
  }
  auto kept = path;
  kept += suffix;
  return kept;
}

}  // namespace agent::outbox
