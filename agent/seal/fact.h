// What was observed, as the bytes of a record's body (proto/deskledger/v1/fact.proto).
//
// A fact is serialised exactly once, here; from then on the bytes are hashed,
// signed, sent and stored, and nobody serialises it again. Pure: the clocks'
// readings are arguments. Whatever the trace holds, the text in a fact is valid
// UTF-8 (U+FFFD for what is not) and cut to the limits below, so that a fact is
// never larger than record::kRecordBytesMax.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "agent/session/snapshot.h"
#include "common/timing/utc.h"

namespace agent::seal {

// The workstation's clocks at the moment of observation.
struct Observed {
  timing::UtcMs utc;
  std::int64_t boot_ms = 0;
  std::int32_t utc_offset_min = 0;
  std::string boot_id = {};  // timing::Clock::boot_id
};

// What the agent knows of a session beside its trace.
struct Measured {
  // Start to end by the boot-time clock; absent if not both lines were read as they were written.
  std::optional<std::int64_t> duration_boot_ms;
  std::uint32_t duration_boot_uncertainty_ms = 0;
  bool clock_jumped = false;  // The wall clock was set between start and end.
  bool over_length = false;   // Guard rails: flags only, nothing is ever cut.
  bool overnight = false;
};

// Lines of `source` that nobody will read again.
struct Gap {
  std::string source;
  std::uint64_t after_offset = 0;    // Logical offset behind the last line that was read.
  std::uint64_t bytes_lost_min = 0;  // At least so many; 0: unknown.
  std::string cause;
  // Of the last line before and the first one behind it; absent: none was read.
  std::optional<timing::UtcMs> from = {};
  std::optional<timing::UtcMs> to = {};
};

// An AnyDesk ID has 10 digits, a reason about 60 characters.
inline constexpr std::size_t kTextBytesMax = 1024;
// Of a source's name and of a session's key, which begins with it.
inline constexpr std::size_t kPathBytesMax = std::size_t{8} * 1024;

std::string fact_of(const session::Snapshot& snapshot, const Observed& observed,
                    const Measured& measured = {});
// A session's fact as it is told where its remote ID must not be; other facts stay as they are.
std::string without_remote_id(const std::string& body);
std::string fact_of(const Gap& gap, const Observed& observed);

}  // namespace agent::seal
