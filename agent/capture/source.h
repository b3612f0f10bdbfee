// One trace file on its way to facts. Used by Capture alone.

#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agent/capture/capture.h"
#include "agent/capture/process_life.h"
#include "agent/capture/session_marks.h"
#include "agent/capture/witnesses.h"
#include "agent/session/builder.h"
#include "agent/session/window_builder.h"
#include "agent/tail/follower.h"
#include "agent/trace/parse.h"

namespace agent::capture {

// Where a source puts what it finds.
class Findings {
 public:
  virtual ~Findings() = default;
  // Of a service: told under the key that Witnesses chose.
  virtual std::string key_of(const session::Snapshot& snapshot) = 0;
  virtual void by_service(Telling telling) = 0;
  // Of a window: told if no service tells of it.
  virtual void by_window(const session::Snapshot& snapshot, Telling telling) = 0;
  // A fact that is no session's.
  virtual void fact(std::string body) = 0;
};

class Source final : public tail::Sink {
 public:
  Source(tail::FileSystem& files, const timing::Clock& clock, const std::string& path,
         std::optional<tail::Position> position, tail::CutShape cut, const GuardRails& rails,
         Findings& findings);

  // What an earlier agent stored: both or none. corrupt: nothing was taken.
  [[nodiscard]] base::Status load(std::string_view builder, std::string_view memory);

  // Reads what is new.
  [[nodiscard]] base::Result<tail::ReadState> read();
  // Nothing more is to be read now, or the file cannot be read: what time and processes tell.
  void settle(const ProcessLife& life);

  // Processes that hold its open sessions.
  void add_wanted(std::set<std::uint32_t>& pids) const;
  // A watched process has ended.
  void ended(const process::End& end);

  // True if there is something that committed() has not been told about.
  bool changed() const;
  outbox::SourceState state() const;
  std::string memory() const;
  // What was counted since committed(), by the names that `status` shows.
  std::map<std::string, std::int64_t> counted() const;
  void committed();

  const std::string& path() const { return follower_.path(); }

  void on_line(const tail::Line& line) override;
  void on_gap(const tail::Gap& gap) override;

 private:
  using Counts = std::map<std::string, std::int64_t>;
  using Changes = std::vector<session::Snapshot>;

  // A process that has ended, until all that it wrote is read.
  struct Ending {
    std::uint32_t pid = 0;
    session::ProcessEnd end;
    std::int64_t due_boot_ms = 0;
  };
  struct OpenGap {
    seal::Gap gap;
    std::int64_t since_boot_ms = 0;
  };

  Counts counts() const;
  std::string position() const;
  Reading reading() const;
  void tell(const session::Snapshot& snapshot, std::optional<timing::UtcMs> line_at);
  void tell_all(const Changes& changes, std::optional<timing::UtcMs> line_at);
  std::vector<session::LiveProcess> live_processes() const;
  void meet(const ProcessLife& life);
  void take_ends();
  void take(const Ending& ending);
  void end_process(std::uint32_t pid, session::AbandonCause cause, timing::UtcMs last_alive, bool is_service);
  void note_alive();
  void watch_rails();
  std::optional<timing::UtcMs> last_line_at() const;
  void close_gap(std::optional<timing::UtcMs> first_behind);

  const timing::Clock& clock_;
  Findings& findings_;
  tail::Follower follower_;
  session::Builder builder_;
  session::WindowBuilder window_;
  SessionMarks marks_;
  trace::TraceCounters trace_;

  std::array<char, 192> last_line_{};  // Its beginning: all columns in front of the message.
  std::size_t last_line_size_ = 0;
  std::optional<timing::UtcMs> stored_last_line_at_;
  std::optional<OpenGap> gap_;
  std::optional<ClockPair> read_to_end_;

  std::map<std::uint32_t, std::uint64_t> seen_;  // Processes seen alive: pid and birth.
  std::vector<Ending> endings_;
  // What held sessions before the machine started again. Taken before the next line is read: a process of
  // today may have the same pid.
  std::vector<Ending> lost_;
  timing::UtcMs alive_at_{};  // When they were last seen alive.
  std::optional<std::int64_t> alive_noted_boot_ms_;
  std::uint64_t ends_taken_ = 0;

  bool stale_ = false;  // Something besides position and counts is to be stored.
  Counts committed_;
  std::string committed_position_;
};

}  // namespace agent::capture
