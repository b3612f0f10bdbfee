// connection_trace.txt beside a trace: a cross-check, never a source of sessions
// (traces.md section 5). Newer versions of AnyDesk for Windows log their
// outgoing attempts there; each must be one that the trace told of, too.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "agent/outbox/outbox.h"
#include "agent/session/snapshot.h"
#include "agent/tail/follower.h"
#include "agent/trace/connection_check.h"
#include "common/base/result.h"

namespace agent::capture {

// Used by Capture alone.
class ConnectionSource final : public tail::Sink {
 public:
  ConnectionSource(tail::FileSystem& files, const std::string& path, std::optional<tail::Position> position)
      : follower_{files, path, std::move(position)} {}

  // corrupt: not what memory() gave; nothing was taken.
  [[nodiscard]] base::Status load(std::string_view memory);

  // True if there is more to read. A file that is missing or not ours to read has nothing to tell.
  bool read();
  void attempt(const session::Snapshot& snapshot);
  // The traces were read up to now.
  void settle(timing::UtcMs now, std::int32_t utc_offset_min);

  // As Source has them.
  bool changed() const { return stale_; }
  outbox::SourceState state() const;
  std::string memory() const { return check_.save(); }
  std::map<std::string, std::int64_t> counted() const;
  void committed();

  void on_line(const tail::Line& line) override;
  void on_gap(const tail::Gap&) override {}  // Lines of a cross-check that are gone cost nobody anything.

 private:
  tail::Follower follower_;
  trace::ConnectionCheck check_;
  trace::ConnectionCounters committed_;
  bool stale_ = false;
};

// The file that stands beside `trace`, by the separator that its path has.
std::string connection_trace_beside(const std::string& trace);

}  // namespace agent::capture
