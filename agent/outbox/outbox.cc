#include "agent/outbox/outbox.h"

#include <algorithm>
#include <system_error>

#include "agent/outbox/schema.h"
#include "agent/outbox/shrink.h"
#include "common/record/limits.h"

namespace agent::outbox {

using base::ErrorCode;
using base::fail;

namespace {

// So many that the agent has removed them by the time the next ones are acknowledged, and not so many that
// anything waits for it.
constexpr std::int64_t kTrimMax = 2048;

// With more to be sent, the disk is full of what must stay.
constexpr std::uint64_t kPendingToShrink = 1000;

base::Result<ChainState> load_chain(sqlite3* db) {
  auto statement = Statement::prepare(db, "SELECT epoch, next_seq, head, acked_seq FROM chain");
  if (!statement) return std::unexpected{statement.error()};
  const auto row = statement->step();
  if (!row) return std::unexpected{row.error()};
  if (!*row) return fail(ErrorCode::corrupt, "the outbox has no chain row");
  const auto head = crypto::Digest::from_bytes(statement->bytes(2));
  if (!head) return fail(ErrorCode::corrupt, "the outbox's chain head is no digest");
  return ChainState{.epoch = static_cast<std::uint32_t>(statement->integer(0)),
                    .next_seq = static_cast<std::uint64_t>(statement->integer(1)),
                    .head = *head,
                    .acked_seq = static_cast<std::uint64_t>(statement->integer(3))};
}

// The agent's own connection, checked as far as a start may take.
base::Result<Database> open_checked(const std::filesystem::path& path, const record::AgentId& agent_id,
                                    std::uint32_t epoch, const std::string& vfs) {
  auto db = open_database(path.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs);
  if (!db) return db;
  std::error_code ignored;
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                               ignored);
  // Closing a WAL database copies the log into it and removes the log. A damaged one is kept as it was found.
  sqlite3_db_config(db->get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  const auto version = schema_version(db->get(), path);
  if (!version) return std::unexpected{version.error()};
  if (auto done = configure(db->get()); !done) return std::unexpected{done.error()};
  const auto damaged = [&](const base::Error& error) {
    return fail(error.code == ErrorCode::corrupt ? "the outbox " + path.string() + " is damaged"
                                                 : "the outbox " + path.string(),
                error);
  };
  if (auto sound = quick_check(db->get()); !sound) return damaged(sound.error());
  if (auto done = migrate(db->get(), *version, epoch); !done) return damaged(done.error());
  const auto chain = load_chain(db->get());
  if (!chain) return damaged(chain.error());
  if (auto sound = check_tail(db->get(), agent_id, *chain); !sound) return damaged(sound.error());
  sqlite3_db_config(db->get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
  return db;
}

std::filesystem::path reserve_of(const std::filesystem::path& path) {
  auto reserve = path;
  reserve += ".reserve";
  return reserve;
}

base::Status put_status(sqlite3* db, std::string_view name, std::string_view value, timing::UtcMs at) {
  auto statement =
      Statement::prepare(db,
                         "INSERT INTO status (name, value, at_ms) VALUES (?, ?, ?) "
                         "ON CONFLICT (name) DO UPDATE SET value = excluded.value, at_ms = excluded.at_ms");
  if (!statement) return std::unexpected{statement.error()};
  return statement->bind_text(1, name).bind_text(2, value).bind(3, timing::to_ms(at)).run();
}

}  // namespace

Outbox::Outbox(Database db, ChainState chain, record::AgentId agent_id, std::filesystem::path path,
               Reserve reserve)
    : db_{std::move(db)},
      agent_id_{agent_id},
      chain_{chain},
      path_{std::move(path)},
      reserve_{std::move(reserve)} {}

base::Result<Outbox> Outbox::open(const std::filesystem::path& path, record::AgentId agent_id,
                                  std::uint32_t epoch, const OpenOptions& options) {
  if (auto unmarked = expect_unmarked(path); !unmarked) return std::unexpected{unmarked.error()};
  Reserve reserve{reserve_of(path), options.reserve_bytes};
  auto db = open_checked(path, agent_id, epoch, options.vfs);
  // Even opening needs some blocks, for the log's index.
  const bool full = !db && db.error().code == ErrorCode::resource_exhausted;
  if (full && reserve.release()) db = open_checked(path, agent_id, epoch, options.vfs);
  if (!db) return std::unexpected{db.error()};
  const auto chain = load_chain(db->get());
  if (!chain) return std::unexpected{chain.error()};
  Outbox outbox{std::move(*db), *chain, agent_id, path, std::move(reserve)};
  // A disk that is full at the start is one that became full: the next append says so.
  outbox.full_ = !outbox.reserve_.fill();
  return outbox;
}

base::Result<Outbox> Outbox::open_to_read(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error) && !error) {
    return fail(ErrorCode::not_found, "there is no outbox at " + path.string());
  }
  // Not SQLITE_OPEN_READONLY: a WAL database left by a killed agent must be recovered to be read.
  auto db = open_database(path.string(), SQLITE_OPEN_READWRITE, {});
  if (!db) return std::unexpected{db.error()};
  // The last one to close a WAL database copies the log into it; that is the agent's business.
  sqlite3_db_config(db->get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  if (auto done = execute(db->get(), "PRAGMA query_only=1"); !done) return std::unexpected{done.error()};
  if (auto known = schema_version(db->get(), path); !known) return std::unexpected{known.error()};
  const auto tables = one_integer(db->get(), "SELECT count(*) FROM sqlite_schema WHERE name = 'chain'");
  if (!tables) return std::unexpected{tables.error()};
  if (*tables == 0) return fail(ErrorCode::not_found, "there is nothing yet in the outbox " + path.string());
  const auto chain = load_chain(db->get());
  if (!chain) return std::unexpected{chain.error()};
  return Outbox{std::move(*db), *chain, {}, {}, Reserve{{}, 0}};
}

// The damage is remembered for the next start, which looks at the newest records only.
template <class T>
T Outbox::noted(T result) const {
  if (!result && result.error().code == ErrorCode::corrupt) mark_damaged(path_, result.error().message);
  return result;
}

template <class Write>
auto Outbox::written(Write write) {
  auto result = write();
  if (!result && result.error().code == ErrorCode::resource_exhausted && reserve_.release()) {
    full_ = true;
    result = write();
  }
  return noted(std::move(result));
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
  // What the reserve left free is for acknowledgements and the status.
  if (full_) {
    if (auto room = make_room(); !room) return std::unexpected{room.error()};
    full_ = false;
  }
  auto stored = noted(store(bodies, sources, counters, memories));
  if (!stored && stored.error().code == ErrorCode::resource_exhausted) full_ = reserve_.release();
  return stored;
}

base::Status Outbox::make_room() {
  auto room = reserve_.fill();
  if (room || pending() > kPendingToShrink) return room;
  // Whatever becomes of it, what counts is the room; a damaged file is another matter.
  const auto shrunk = noted(shrink(db_.get(), chain_.acked_seq));
  if (!shrunk && shrunk.error().code == ErrorCode::corrupt) return shrunk;
  return reserve_.fill();
}

base::Result<ChainState> Outbox::store(const std::vector<std::string>& bodies,
                                       const std::vector<SourceState>& sources,
                                       const std::map<std::string, std::int64_t>& counters,
                                       const std::map<std::string, std::string>& memories) {
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
  return noted(read_after(after_seq, records_max, bytes_max));
}

base::Result<std::vector<StoredRecord>> Outbox::read_after(std::uint64_t after_seq, std::size_t records_max,
                                                           std::size_t bytes_max) {
  if (path_.empty()) return fail(ErrorCode::invalid_argument, "the outbox was opened for its status only");
  std::vector<StoredRecord> records;
  if (after_seq + 1 >= chain_.next_seq || records_max == 0) return records;
  auto check = ChainCheck::begin(db_.get(), agent_id_, chain_.epoch, after_seq + 1);
  if (!check) return std::unexpected{check.error()};
  const auto first = check->next_seq();
  std::size_t bytes = 0;
  const auto read = check->read(db_.get(), records_max, [&](StoredRecord record) {
    bytes += record.body.size();
    if (!records.empty() && bytes > bytes_max) return false;
    records.push_back(std::move(record));
    return bytes < bytes_max;
  });
  // What is sound in front of the damage may still go; the next call begins with it.
  if (!read && records.empty()) return std::unexpected{read.error()};
  // Only acknowledged ones may be gone, and of those the oldest.
  if (records.empty() || records.front().seq != first || first > std::max(after_seq, chain_.acked_seq) + 1) {
    return fail(ErrorCode::corrupt, "record " + std::to_string(after_seq + 1) + " is missing");
  }
  return records;
}

base::Result<std::vector<std::string>> Outbox::newest_bodies(std::size_t records_max) {
  auto statement = Statement::prepare(db_.get(), "SELECT body FROM record ORDER BY seq DESC LIMIT ?");
  if (!statement) return std::unexpected{statement.error()};
  statement->bind(1, static_cast<std::int64_t>(records_max));
  std::vector<std::string> bodies;
  for (;;) {
    const auto row = statement->step();
    if (!row) return std::unexpected{row.error()};
    if (!*row) break;
    bodies.push_back(statement->bytes(0));
  }
  std::ranges::reverse(bodies);
  return bodies;
}

base::Result<crypto::Digest> Outbox::hash_of(std::uint64_t seq) {
  const auto hash = noted(stored_hash(db_.get(), seq));
  if (!hash) return std::unexpected{hash.error()};
  if (!*hash) return fail(ErrorCode::not_found, "record " + std::to_string(seq) + " is not in the outbox");
  return **hash;
}

base::Result<CheckProgress> Outbox::check_slice(std::size_t records_max, timing::UtcMs now) {
  if (checked_.done) return checked_;
  auto slice = noted(check_next(records_max));
  if (!slice) return slice;
  checked_ = *slice;
  if (!checked_.done) return checked_;
  const std::string text = "sound: " + std::to_string(checked_.records) + " records checked";
  if (auto done = set_status("outbox", text, now); !done) return std::unexpected{done.error()};
  return checked_;
}

base::Result<CheckProgress> Outbox::check_next(std::size_t records_max) {
  auto check = ChainCheck::begin(db_.get(), agent_id_, chain_.epoch, check_from_);
  if (!check) return std::unexpected{check.error()};
  const auto read = check->read(db_.get(), records_max, [](const StoredRecord&) { return true; });
  if (!read) return std::unexpected{read.error()};
  CheckProgress progress{.records = checked_.records + *read, .done = *read < records_max};
  check_from_ = check->next_seq();
  if (!progress.done) return progress;
  if (check->next_seq() != chain_.next_seq || check->head().value_or(chain_.head) != chain_.head) {
    return fail(ErrorCode::corrupt, "its records do not end where its chain does");
  }
  if (auto sound = quick_check(db_.get()); !sound) return std::unexpected{sound.error()};
  return progress;
}

base::Status Outbox::acknowledge(std::uint64_t seq, std::optional<timing::UtcMs> at, std::string_view proof) {
  if (seq >= chain_.next_seq) {
    return fail(ErrorCode::invalid_argument, "the collector acknowledged record " + std::to_string(seq) +
                                                 ", but this outbox has sealed only " +
                                                 std::to_string(chain_.next_seq - 1));
  }
  if (seq <= chain_.acked_seq) return {};
  return written([&] { return store_acknowledged(seq, at, proof); });
}

base::Status Outbox::store_acknowledged(std::uint64_t seq, std::optional<timing::UtcMs> at,
                                        std::string_view proof) {
  auto transaction = Transaction::begin(db_.get());
  if (!transaction) return std::unexpected{transaction.error()};
  ChainState next = chain_;
  next.acked_seq = seq;
  if (auto done = store_chain(next); !done) return done;
  if (at) {
    if (auto done = put_status(db_.get(), "acknowledged", std::to_string(seq), *at); !done) return done;
    if (!proof.empty()) {
      if (auto done = put_status(db_.get(), "proof", proof, *at); !done) return done;
    }
  }
  if (seq > kKeptRecords) {
    auto statement = Statement::prepare(
        db_.get(), "DELETE FROM record WHERE seq <= ? AND seq < (SELECT min(seq) FROM record) + ?");
    if (!statement) return std::unexpected{statement.error()};
    statement->bind(1, static_cast<std::int64_t>(seq - kKeptRecords)).bind(2, kTrimMax);
    if (auto done = statement->run(); !done) return done;
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
  return written([&] { return put_status(db_.get(), name, value, at); });
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

}  // namespace agent::outbox
