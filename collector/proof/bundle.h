// The form of an evidence bundle (proto/deskledger/v1/evidence.proto): items, each behind its length as a
// varint of at most 5 bytes, the last of which bears the SHA-256 of all bytes in front of it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "collector/store/connection.h"
#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::proof {

inline constexpr std::string_view kBundleFormat = "deskledger evidence 1";
// No item is larger: a record and what is around it must fit, whatever a changed database holds.
inline constexpr std::size_t kItemBytesMax = 512 * 1024;
// Leaves whose hashes one item holds.
inline constexpr std::size_t kHashesInItem = 4096;

struct ExportOptions {
  std::string origin;      // Of the log.
  std::string agent = {};  // Hexadecimal id; only its records, and no changes. Empty: all.
  timing::UtcMs created;
};

struct Exported {
  std::int64_t agents = 0;
  std::int64_t records = 0;
  std::int64_t leaves = 0;
  std::optional<std::int64_t> changes = {};  // Nothing: of one agent, which has none.
};

// Writes what the database holds, right or wrong, into a new file that its owner alone may read; `file`
// appears whole or not at all. conflict if it exists. All of it is of one moment: one transaction that reads,
// beside which writers go on.
[[nodiscard]] base::Result<Exported> export_bundle(store::Connection& database,
                                                   const std::filesystem::path& file,
                                                   const ExportOptions& options);

}  // namespace collector::proof
