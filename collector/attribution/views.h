// What attribution sees of a session and of a comment: plain values, filled by
// whoever reads them from the store.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/attribution/capture.h"
#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::attribution {

// As in proto/deskledger/v1/fact.proto, where each is explained.
enum class Outcome { active, completed, failed, abandoned, partial };

std::string_view to_string(Outcome outcome);

// The outcome of that name; invalid_argument, quoting it, if there is none.
[[nodiscard]] base::Result<Outcome> outcome_from(std::string_view name);

struct SessionView {
  Outcome outcome = Outcome::completed;
  std::string remote_id;    // The customer's AnyDesk ID or alias; empty: unknown.
  std::string workstation;  // As named at enrolment.
  std::string anydesk_id;   // The workstation's own; empty: unknown.
  std::optional<timing::UtcMs> requested;
  std::optional<timing::UtcMs> started;
  std::optional<timing::UtcMs> ended;
  bool clock_went_backwards = false;
  // How sure that is. What an older agent did not tell is at its default.
  Witness witness = Witness::service;
  std::vector<Doubt> doubts = {};
  AbandonCause abandon_cause = AbandonCause::unknown;
  std::optional<timing::UtcMs> last_seen = {};        // Abandoned: the last proof that its process lived.
  std::optional<std::int64_t> duration_boot_ms = {};  // By the boot-time clock; not negative.
  std::int64_t duration_boot_uncertainty_ms = 0;      // It may be wrong by so much, either way.
  bool clock_jumped = false;                          // The wall clock was set between start and end.
  bool over_length = false;                           // Longer than the workstation's own maximum.
  bool overnight = false;                             // It ran at the workstation's night hour.
  bool remote_id_withheld = false;  // `remote_id` is empty because the agent may not tell it.
  bool manual = false;              // A person entered it: on the phone, on site.
};

// The moment the session belongs to: its start, else its request, else its
// end; nothing if none is known.
std::optional<timing::UtcMs> own_moment(const SessionView& session);

inline constexpr std::int64_t kDurationTolerance_ms = 2'000;
// Whether AnyDesk's duration and the boot-time clock's differ by more than the tolerance and the
// measurement's own uncertainty; false if one of them is unknown.
bool durations_differ(const SessionView& session);

// Seconds from start to end, cut to whole ones; nothing if one of them is unknown, the end lies before the
// start, or it is longer than can be charged (rating::kDurationMax_s).
std::optional<std::int64_t> duration_s(const SessionView& session);

struct CommentView {
  std::int64_t id = 0;     // Grows with arrival: of two, the larger is the newer.
  std::string remote_id;   // As SessionView's.
  std::string anydesk_id;  // As SessionView's.
  timing::UtcMs started;   // When its source says the session started.
  std::string text;        // Raw.
};

// Two AnyDesk addresses are one when they differ only in blanks and in the case of ASCII letters.
bool same_address(std::string_view a, std::string_view b);

}  // namespace collector::attribution
