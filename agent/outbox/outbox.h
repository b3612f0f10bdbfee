// The agent's durable memory: records not yet acknowledged, how far each trace
// file has been read, and what the session builder knew at that point.
//
// One SQLite database (WAL, synchronous=FULL; macOS: fullfsync). append() puts
// new records, file positions and builder states into one transaction, so a
// kill or a power cut at any moment leaves either all of it or nothing, and the
// lines are read again to the same result (docs/formats/outbox.md). What
// append() returned is durable.
//
// Used from one thread at a time. Another process may open the same file to
// read the status.
//
// Errors: resource_exhausted when the disk is full (nothing was stored; try
// again later), corrupt when the file is damaged, unavailable when another
// program holds the lock or the file does not open, internal for the rest.

#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/outbox/chain_check.h"
#include "agent/outbox/quarantine.h"
#include "agent/outbox/reserve.h"
#include "agent/outbox/sqlite.h"
#include "common/base/result.h"
#include "common/crypto/digest.h"
#include "common/record/agent_id.h"
#include "common/timing/utc.h"

namespace agent::outbox {

// How far one source was read. The bytes are agent/tail's and agent/session's own.
struct SourceState {
  std::string name;
  std::string position;
  std::string builder;
};

struct StatusRow {
  std::string value;
  timing::UtcMs at;
};

// How far the records were hashed again since the file was opened.
struct CheckProgress {
  std::uint64_t records = 0;
  bool done = false;
};

struct OpenOptions {
  // Kept free for acknowledgements and the status (reserve.h); 0: nothing is.
  std::uint64_t reserve_bytes = kReserveBytes;
  // The SQLite VFS that stores the file; empty: the system's files. Only a test has another one.
  std::string vfs = {};
};

class Outbox {
 public:
  // Creates the file (mode 0600) if it is not there. One that is there is
  // checked in a time that does not grow with it: the tables, where the chain
  // stands, the newest records, and that the next one to be sent is there. The
  // rest is for check_slice(). A damaged file, one that was marked as damaged,
  // and one with records of another agent, is corrupt: see quarantine(). conflict
  // if a newer agent wrote it. `agent_id` goes into every hash; `epoch` counts for
  // a new file, an old one keeps its own. A full disk does not stop it, if the
  // reserve is there.
  [[nodiscard]] static base::Result<Outbox> open(const std::filesystem::path& path, record::AgentId agent_id,
                                                 std::uint32_t epoch, const OpenOptions& options = {});
  // For `status`: writes nothing, also while an agent is at work, and hands out
  // no records. not_found if there is none, or nothing in it yet.
  [[nodiscard]] static base::Result<Outbox> open_to_read(const std::filesystem::path& path);

  // Seals the bodies in order, each into the next seq, and stores all or nothing.
  // Returns the chain behind the last one. With no bodies it only stores the states.
  // `memories` are the caller's own bytes by name, which replace what stood there.
  // invalid_argument for an empty body and one above record::kRecordBytesMax.
  // resource_exhausted when the disk is full. Then the reserve is given up, and nothing is taken until
  // there is space to make it again; what acknowledged records take is given back for it.
  [[nodiscard]] base::Result<ChainState> append(const std::vector<std::string>& bodies,
                                                const std::vector<SourceState>& sources,
                                                const std::map<std::string, std::int64_t>& counters,
                                                const std::map<std::string, std::string>& memories = {});

  // Records behind `after_seq`, in order, at most `records_max`, and at most
  // `bytes_max` of bodies (but always one, if there is one). Each is hashed before it is handed out:
  // corrupt if the first one is not what was sealed, or missing; those in front of a damaged one come out.
  [[nodiscard]] base::Result<std::vector<StoredRecord>> records_after(std::uint64_t after_seq,
                                                                      std::size_t records_max,
                                                                      std::size_t bytes_max);

  // For `status`: the bodies of the newest records, at most `records_max`, the oldest of them first. They are
  // not hashed, and fewer than asked for may still be there.
  [[nodiscard]] base::Result<std::vector<std::string>> newest_bodies(std::size_t records_max);

  // The hash of record `seq`; not_found if it was removed or never was. 0 has the hash of all zeros.
  [[nodiscard]] base::Result<crypto::Digest> hash_of(std::uint64_t seq);

  // Notes the collector's word. Acknowledged records stay until kKeptRecords
  // newer ones are acknowledged, so that a collector restored from a backup
  // can be given them again; on a full disk fewer stay (shrink.h). invalid_argument if `seq` was never
  // sealed. With `at`, the status says when, as `acknowledged`, and keeps `proof`, the collector's signed
  // word as text, as `proof`.
  [[nodiscard]] base::Status acknowledge(std::uint64_t seq, std::optional<timing::UtcMs> at = {},
                                         std::string_view proof = {});

  // Hashes the next records again, from the oldest on, and at the end has SQLite check the tables. To be
  // called while there is nothing else to do, until it is done; once it is, a call costs nothing. What it
  // found goes into the status as `outbox`. corrupt at the damage, which is also marked for the next start:
  // the outbox must be closed and set aside now, see quarantine().
  [[nodiscard]] base::Result<CheckProgress> check_slice(std::size_t records_max, timing::UtcMs now);

  [[nodiscard]] base::Result<std::optional<SourceState>> source(std::string_view name);
  [[nodiscard]] base::Result<std::vector<SourceState>> sources();
  // What append() stored last under this name; empty: nothing.
  [[nodiscard]] base::Result<std::string> memory(std::string_view name);
  [[nodiscard]] base::Result<std::map<std::string, std::int64_t>> counters();

  // Small facts for `status`: connection, last error. The last one of a name stays.
  [[nodiscard]] base::Status set_status(std::string_view name, std::string_view value, timing::UtcMs at);
  [[nodiscard]] base::Result<std::map<std::string, StatusRow>> status();

  const ChainState& chain() const { return chain_; }
  // The disk is full: append() takes nothing.
  bool full() const { return full_; }
  std::uint64_t pending() const { return chain_.next_seq - 1 - chain_.acked_seq; }

  static constexpr std::uint64_t kKeptRecords = 10'000;

 private:
  Outbox(Database db, ChainState chain, record::AgentId agent_id, std::filesystem::path path,
         Reserve reserve);
  template <class T>
  [[nodiscard]] T noted(T result) const;
  // With the reserve's help, if there is no other way.
  template <class Write>
  [[nodiscard]] auto written(Write write);

  [[nodiscard]] base::Status make_room();
  [[nodiscard]] base::Result<ChainState> store(const std::vector<std::string>& bodies,
                                               const std::vector<SourceState>& sources,
                                               const std::map<std::string, std::int64_t>& counters,
                                               const std::map<std::string, std::string>& memories);
  [[nodiscard]] base::Result<std::vector<StoredRecord>> read_after(std::uint64_t after_seq,
                                                                   std::size_t records_max,
                                                                   std::size_t bytes_max);
  [[nodiscard]] base::Result<CheckProgress> check_next(std::size_t records_max);
  [[nodiscard]] base::Status store_acknowledged(std::uint64_t seq, std::optional<timing::UtcMs> at,
                                                std::string_view proof);
  [[nodiscard]] base::Status store_sources(const std::vector<SourceState>& sources);
  [[nodiscard]] base::Status store_counters(const std::map<std::string, std::int64_t>& counters);
  [[nodiscard]] base::Status store_memories(const std::map<std::string, std::string>& memories);
  [[nodiscard]] base::Status store_chain(const ChainState& chain);

  Database db_;
  record::AgentId agent_id_;
  ChainState chain_;
  std::filesystem::path path_;  // Empty: opened to read.
  Reserve reserve_;
  bool full_ = false;
  CheckProgress checked_;
  std::uint64_t check_from_ = 0;
};

}  // namespace agent::outbox
