// What attribution sees of a session and of a comment: plain values, filled by
// whoever reads them from the store.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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
};

// The moment the session belongs to: its start, else its request, else its
// end; nothing if none is known.
std::optional<timing::UtcMs> own_moment(const SessionView& session);

// Seconds from start to end, cut to whole ones; nothing if
// one of them is unknown or the end lies before the start.
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
