// How a session was captured: by which witness, what it could not prove, and why it has no end. As in
// proto/deskledger/v1/fact.proto, where each is explained; here with the words that are stored and shown.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/timing/utc.h"

namespace collector::attribution {

enum class Witness {
  service,  // The service's trace: the record.
  window,   // Only the window's trace could be read.
  other,    // One that this version does not know.
};

enum class Doubt {
  remote_id_typed,  // The remote ID is what was typed: it was never resolved.
  pairing,          // Several tabs were open: which of them a line speaks of is a guess.
  kind,             // The kind of session was not told.
  other,            // One that this version does not know.
};

enum class AbandonCause { unknown, crash, kill, power, log_off, replaced };

// The stored words: "window", "remote_id_typed", "log_off". An unknown cause is the empty word.
std::string_view to_string(Witness witness);
std::string_view to_string(Doubt doubt);
std::string_view to_string(AbandonCause cause);

// The value of a stored word. A word of a later version is `other`, or `unknown`.
Witness witness_from(std::string_view word);
AbandonCause abandon_cause_from(std::string_view word);
// Of words with commas between.
std::vector<Doubt> doubts_from(std::string_view words);

// A few words for people: "several tabs were open".
std::string_view in_words(Witness witness);
std::string_view in_words(Doubt doubt);
// "AnyDesk's service was killed; last proof of life 2026-11-16 14:03:22 UTC". Of an unknown cause only the
// second half, and nothing if that is not known either.
std::string in_words(AbandonCause cause, Witness witness, const std::optional<timing::UtcMs>& last_seen);

// "2026-11-16 14:03:22 UTC".
std::string moment_text(timing::UtcMs moment);

}  // namespace collector::attribution
