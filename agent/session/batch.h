// A whole trace file at once, and several files of one machine together.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/session/builder.h"
#include "agent/session/snapshot.h"
#include "agent/trace/parse.h"

namespace agent::session {

// The sessions of one file that is read from its first line to its last.
class Batch {
 public:
  explicit Batch(std::string source) : builder_{std::move(source)} {}

  // `text` without line end and NUL bytes; `offset` of its first byte.
  void line(std::string_view text, std::uint64_t offset);

  // The sessions, in order of the file, that nothing can change any more and
  // that no open one stands before. Handed out once; sessions() has the rest.
  std::vector<Snapshot> take_settled();

  // The last snapshot of every session not taken yet, in order of the file.
  // Ends the batch: the sessions are handed out, not copied.
  std::vector<Snapshot> sessions() &&;
  const trace::TraceCounters& counters() const { return counters_; }

 private:
  Builder builder_;
  std::unordered_map<std::string, Snapshot> latest_;
  trace::TraceCounters counters_;
};

// The sessions of one machine from those of its files, in order of request.
// Within a file its own order is kept, because clocks run backwards; files are
// merged by time. A session that two files tell of (a copy, or a file that was
// renamed while the session ran) is one session with what both of them know.
std::vector<Snapshot> merge_files(std::vector<std::vector<Snapshot>> files);

}  // namespace agent::session
