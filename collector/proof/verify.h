// Recomputes everything a collector has stored as evidence, from its database or from a bundle.

#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "collector/proof/finding.h"
#include "collector/proof/keys.h"
#include "collector/proof/log_check.h"
#include "collector/store/connection.h"

namespace collector::proof {

struct Counts {
  std::int64_t streams = 0;
  std::int64_t batches = 0;
  std::int64_t records = 0;
  std::int64_t leaves = 0;
  std::int64_t checkpoints = 0;
  // By persons. Nothing: they were not looked at, because only one agent was.
  std::optional<std::int64_t> changes = {};
};

struct Report {
  Counts counts;
  // The log's first, then at most one of the chain of changes and one for each stream, the first wrong thing
  // of it. Empty: clean.
  std::vector<Finding> findings;
  std::string only_agent = {};  // Of a bundle: the one agent that is in it.
};

struct VerifyOptions {
  NoteKey log = {};
  // Kept away from the collector: every agent must have the key that stands there. Needed for a bundle;
  // without them a database is checked with the keys that it holds itself.
  std::optional<Keys> keys = {};
  std::string agent = {};  // Hexadecimal id; only the streams of this one, and no changes. Empty: all.
  std::vector<KeptCheckpoint> kept = {};
  std::function<void(const Counts&)> progress = {};  // After each stream.
};

// Reads only, in transactions of their own for the log, the changes and each stream, so that writers go on
// meanwhile; what they add during the check may be left out. Errors are the database's.
[[nodiscard]] base::Result<Report> verify_database(store::Connection& database, const VerifyOptions& options);

// A bundle that is cut off or no bundle at all is a finding; not_found or unavailable if it cannot be read.
// The memory it needs grows with the number of agents and findings, and with that of checkpoints (some 60
// bytes each).
[[nodiscard]] base::Result<Report> verify_bundle(const std::filesystem::path& file,
                                                 const VerifyOptions& options);

}  // namespace collector::proof
