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

struct StoredRecord {
  std::uint64_t seq = 0;
  crypto::Digest hash{};
  std::string body;
};

// The state of the chain. `head` is the hash of record next_seq - 1.
struct ChainState {
  std::uint32_t epoch = 1;
  std::uint64_t next_seq = 1;
  crypto::Digest head{};
  std::uint64_t acked_seq = 0;  // Everything up to here is durable at the collector.
};

struct StatusRow {
  std::string value;
  timing::UtcMs at;
};

class Outbox {
 public:
  // Creates the file (mode 0600) if it is not there, checks it if it is, every
  // record included. A damaged file, and one with records of another agent, is
  // corrupt: see quarantine(). conflict if a newer agent wrote it. `agent_id`
  // goes into every hash; `epoch` counts for a new file, an old one keeps its own.
  [[nodiscard]] static base::Result<Outbox> open(const std::filesystem::path& path, record::AgentId agent_id,
                                                 std::uint32_t epoch);
  // For `status`: writes nothing, also while an agent is at work. not_found if
  // there is none, or nothing in it yet.
  [[nodiscard]] static base::Result<Outbox> open_to_read(const std::filesystem::path& path);

  // Seals the bodies in order, each into the next seq, and stores all or nothing.
  // Returns the chain behind the last one. With no bodies it only stores the states.
  // `memories` are the caller's own bytes by name, which replace what stood there.
  // invalid_argument for an empty body and one above record::kRecordBytesMax.
  [[nodiscard]] base::Result<ChainState> append(const std::vector<std::string>& bodies,
                                                const std::vector<SourceState>& sources,
                                                const std::map<std::string, std::int64_t>& counters,
                                                const std::map<std::string, std::string>& memories = {});

  // Records behind `after_seq`, in order, at most `records_max`, and at most
  // `bytes_max` of bodies (but always one, if there is one).
  [[nodiscard]] base::Result<std::vector<StoredRecord>> records_after(std::uint64_t after_seq,
                                                                      std::size_t records_max,
                                                                      std::size_t bytes_max);

  // The hash of record `seq`; not_found if it was removed or never was. 0 has the hash of all zeros.
  [[nodiscard]] base::Result<crypto::Digest> hash_of(std::uint64_t seq);

  // Notes the collector's word. Acknowledged records stay until kKeptRecords
  // newer ones are acknowledged, so that a collector restored from a backup
  // can be given them again. invalid_argument if `seq` was never sealed.
  [[nodiscard]] base::Status acknowledge(std::uint64_t seq);

  [[nodiscard]] base::Result<std::optional<SourceState>> source(std::string_view name);
  [[nodiscard]] base::Result<std::vector<SourceState>> sources();
  // What append() stored last under this name; empty: nothing.
  [[nodiscard]] base::Result<std::string> memory(std::string_view name);
  [[nodiscard]] base::Result<std::map<std::string, std::int64_t>> counters();

  // Small facts for `status`: connection, last error. The last one of a name stays.
  [[nodiscard]] base::Status set_status(std::string_view name, std::string_view value, timing::UtcMs at);
  [[nodiscard]] base::Result<std::map<std::string, StatusRow>> status();

  const ChainState& chain() const { return chain_; }
  std::uint64_t pending() const { return chain_.next_seq - 1 - chain_.acked_seq; }

  static constexpr std::uint64_t kKeptRecords = 10'000;

 private:
  Outbox(Database db, record::AgentId agent_id) : db_{std::move(db)}, agent_id_{agent_id} {}
  [[nodiscard]] base::Status load_chain();
  [[nodiscard]] base::Status check_chain();
  [[nodiscard]] base::Status store_sources(const std::vector<SourceState>& sources);
  [[nodiscard]] base::Status store_counters(const std::map<std::string, std::int64_t>& counters);
  [[nodiscard]] base::Status store_memories(const std::map<std::string, std::string>& memories);
  [[nodiscard]] base::Status store_chain(const ChainState& chain);

  Database db_;
  record::AgentId agent_id_;
  ChainState chain_;
};

// Moves a damaged outbox (and its WAL) aside, to `<path>.damaged-<utc ms>`, and
// returns that name. The next open() starts an empty one, which needs a new epoch.
[[nodiscard]] base::Result<std::filesystem::path> quarantine(const std::filesystem::path& path,
                                                             timing::UtcMs now);

}  // namespace agent::outbox
