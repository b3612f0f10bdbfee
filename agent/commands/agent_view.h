// Everything the agent's folder tells about it, read once: for `status` and `doctor`.

#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "agent/commands/told.h"
#include "agent/identity/identity.h"
#include "agent/outbox/outbox.h"
#include "common/base/result.h"

namespace agent::commands {

struct TraceView {
  std::string path;
  std::uint64_t read_bytes = 0;  // Logical: what AnyDesk cut away before counts, too.
};

struct AgentView {
  identity::Identity identity;
  bool has_outbox = false;  // False: enrolled and never run.
  outbox::ChainState chain = {};
  std::uint64_t pending = 0;
  std::map<std::string, std::int64_t> counters = {};  // All of kCounters, also at 0; without those below.
  std::map<std::string, std::int64_t> unknown_messages = {};  // By stem.
  std::map<std::string, outbox::StatusRow> notes = {};
  std::vector<TraceView> traces = {};
  std::vector<SessionView> open =
      {};          // Sessions without an end whose process lives, in order of their traces.
  Told told = {};  // Of the newest records.
};

// A counter and what it means to a person.
struct CounterMeaning {
  const char* name;
  const char* meaning;
};
// In the order in which `status` shows them. agent/capture may count more; those are shown by their names.
inline constexpr CounterMeaning kCounters[] = {
    {"lines", "lines read"},
    {"bytes", "bytes read"},
    {"gaps", "times lines were lost before they were read; the collector was told"},
    {"cuts_survived", "times AnyDesk cut its file and nothing was lost: normal"},
    {"rotations", "times a new file took the place of one that was read to its end"},
    {"lines_unknown", "session messages this version does not know"},
    {"lines_malformed", "lines that are no trace lines: cut ones, continuations"},
    {"overlong_lines", "lines longer than 64 KiB, read in part"},
    {"nul_bytes", "NUL bytes between lines, skipped"},
    {"unsettled", "times a line was still being written: read again later"},
    {"states_unreadable", "traces read again from their beginning: harmless"},
    {"fibers_dropped", "AnyDesk fibers and tabs forgotten because there were too many"},
    {"process_ends", "AnyDesk processes with open sessions seen to end"},
    {"sessions_by_window", "sessions that only a window's trace told of"},
    {"facts_withheld", "facts without their remote ID, or not told: no customer's terminal"},
    {"facts_dropped", "such facts given up for newer ones"},
    {"connection_lines", "outgoing lines in connection_trace.txt"},
    {"connection_matched", "of these, lines whose attempt the traces told of"},
    {"connection_unmatched", "of these, lines of which no trace told"},
    {"connection_undecidable", "of these, lines from before the traces begin"},
};

// Of agent/capture, by AnyDesk's message.
inline constexpr std::string_view kUnknownPrefix = "unknown:";

// not_found if the workstation is not enrolled; the outbox's own errors. Writes nothing.
[[nodiscard]] base::Result<AgentView> load_view(const std::filesystem::path& directory);

}  // namespace agent::commands
