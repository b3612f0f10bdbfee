// Through everything that is evidence, in the order in which it can be checked in one pass. A check and the
// writer of a bundle see the same.

#pragma once

#include <cstdint>
#include <optional>

#include "collector/store/audit.h"
#include "collector/store/connection.h"
#include "common/base/result.h"

namespace collector::proof {

// Of what an agent can have signed.
inline constexpr std::int64_t kEpochMax = 0xffff'ffff;

// Takes one stream: each batch, then the records up to its last, then what the log says about the stream up
// to there; behind the last batch what records and leaves are left; then where the stream is said to stand.
class StreamSink {
 public:
  virtual ~StreamSink() = default;
  virtual void batch(const store::AuditBatch& row) = 0;
  // May take the row's memory.
  virtual void record(store::AuditRecord& row) = 0;
  virtual void leaf(const store::AuditLeaf& row) = 0;
  virtual void end(const std::optional<store::AuditStream>& row) = 0;
};

// Takes the log: each checkpoint behind the leaves it covers, in order of size; those that cover more leaves
// than there are come last.
class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual void leaf(const store::AuditLeaf& row) = 0;
  virtual void checkpoint(const store::AuditCheckpoint& row) = 0;
};

// Takes the chain of changes: where it is said to stand, then each change and behind it what the log says
// about the chain up to there; behind the last change what leaves are left.
class ChangeSink {
 public:
  virtual ~ChangeSink() = default;
  virtual void state(const std::optional<store::AuditChangeState>& row) = 0;
  virtual void change(const store::AuditChange& row) = 0;
  virtual void leaf(const store::AuditLeaf& row) = 0;
  virtual void end() = 0;
};

[[nodiscard]] base::Status walk_stream(store::Transaction& tx, const store::StreamName& stream,
                                       StreamSink& sink);
[[nodiscard]] base::Status walk_log(store::Transaction& tx, LogSink& sink);
[[nodiscard]] base::Status walk_changes(store::Transaction& tx, ChangeSink& sink);

}  // namespace collector::proof
