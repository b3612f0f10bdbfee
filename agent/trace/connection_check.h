// Whether each outgoing line of connection_trace.txt belongs to an attempt that
// the trace told of: a cross-check, never a source of sessions. Pure.
//
// The file's zone is not known (traces.md section 1.4), so it is found first: a
// line and an attempt of the same remote ID make a pair, whose difference is
// rounded to a quarter of an hour. Two pairs that agree decide, or one that says
// what is likely anyway: the workstation's own zone, or UTC.

#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/trace/connection_trace.h"
#include "common/base/result.h"
#include "common/timing/utc.h"

namespace agent::trace {

// Lines, and attempts, remembered at a time; the oldest go first.
inline constexpr std::size_t kConnectionsMax = 200;
// A line is written when the far side has answered: so long after its request at most.
inline constexpr std::int64_t kConnectionDelayMaxMin = 7;

struct ConnectionCounters {
  std::uint64_t lines_outgoing = 0;
  std::uint64_t lines_incoming = 0;  // Not looked at.
  std::uint64_t lines_malformed = 0;
  std::uint64_t matched = 0;
  std::uint64_t unmatched = 0;  // The trace told of no such attempt, although it was read past that time.
  std::uint64_t undecidable =
      0;  // Older than what was read of the trace, or forgotten before it was decided.
  bool operator==(const ConnectionCounters&) const = default;
};

struct ConnectionVerdict {
  std::string remote_id;
  std::int64_t local_min = 0;
  bool matched = false;
  bool operator==(const ConnectionVerdict&) const = default;
};

// A value; bounded. Not thread-safe.
class ConnectionCheck {
 public:
  // Any line of the file without its end; each once. Blank lines do not count.
  void add_line(std::string_view line);
  // An attempt of the trace: its remote ID or alias, and the time of its request. In any order, also before
  // or after its line; the same attempt again changes nothing.
  void add_attempt(std::string_view remote_id, timing::UtcMs requested);

  // The trace was read up to `read_up_to`, and the workstation's own zone is `own_offset_min` east of UTC
  // now. Returns the lines that are decided by that, each once; the others wait.
  std::vector<ConnectionVerdict> settle(timing::UtcMs read_up_to, std::int32_t own_offset_min);

  const ConnectionCounters& counters() const { return counters_; }
  // East of UTC; absent: not found yet.
  std::optional<std::int32_t> offset_min() const { return offset_min_; }
  // Outgoing lines that are not decidable yet.
  std::size_t waiting() const { return lines_.size(); }

  std::string save() const;
  // corrupt if `bytes` is not what save() of this or an earlier version wrote.
  [[nodiscard]] static base::Result<ConnectionCheck> load(std::string_view bytes);

  bool operator==(const ConnectionCheck&) const = default;

 private:
  struct Line {
    std::int64_t local_min = 0;
    std::string id;
    std::string alias;
    bool operator==(const Line&) const = default;
  };
  struct Attempt {
    std::int64_t utc_ms = 0;
    std::string remote;
    bool taken = false;  // A line belongs to it.
    bool operator==(const Attempt&) const = default;
  };

  void note_covered(std::int64_t utc_ms);
  bool is_overdue(const Line& line, std::int64_t read_up_to_min) const;
  std::vector<ConnectionVerdict> take_matches();
  std::optional<std::int32_t> find_offset(const std::vector<Line>& lines, std::int32_t own_offset_min) const;
  // How many of the lines find an attempt of their own if the file's zone is `offset_min`.
  std::size_t pairs(const std::vector<Line>& lines, std::int32_t offset_min) const;
  static Attempt* find(std::vector<Attempt>& attempts, const Line& line, std::int32_t offset_min);

  std::vector<Line> lines_;        // Undecided, in order of the file.
  std::vector<Attempt> attempts_;  // In order of their coming.
  std::optional<std::int32_t> offset_min_;
  std::optional<std::int64_t> covered_from_ms_;  // The oldest moment that the trace is known to tell of.
  ConnectionCounters counters_;
};

}  // namespace agent::trace
