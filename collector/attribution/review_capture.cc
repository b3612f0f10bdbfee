#include "collector/attribution/review_capture.h"

#include <algorithm>

#include "collector/rating/duration_text.h"
#include "collector/rating/rate.h"

namespace collector::attribution {

namespace {

using rating::duration_ms_text;
using rating::duration_text;

class Capture {
 public:
  Capture(const SessionView& session, Steps& steps) : session_{session}, steps_{steps} {}

  std::vector<ReviewReason> review(std::int64_t max_session_s) {
    if (session_.manual) {
      step("session", "a person entered it", Mark::info);
    } else {
      look_at_ends();
      look_at_witness();
      look_at_clocks();
    }
    look_at_length(max_session_s);
    return std::move(reasons_);
  }

 private:
  void step(std::string what, std::string detail, Mark mark) {
    steps_.push_back({.what = std::move(what), .detail = std::move(detail), .mark = mark});
  }

  void refuse(std::string what, std::string detail, ReviewReason reason) {
    step(std::move(what), std::move(detail), Mark::fail);
    if (std::ranges::find(reasons_, reason) == reasons_.end()) reasons_.push_back(reason);
  }

  void look_at_ends() {
    if (session_.outcome == Outcome::abandoned) {
      const auto cause = in_words(session_.abandon_cause, session_.witness, session_.last_seen);
      refuse("session", "its start was seen, its end was not" + (cause.empty() ? "" : ": " + cause),
             ReviewReason::no_end_seen);
    } else if (session_.outcome == Outcome::partial || !session_.started || !session_.ended) {
      refuse("session", "a part of the session was not captured", ReviewReason::partial_capture);
    } else {
      step("session", "start and end were seen", Mark::pass);
    }
  }

  // A doubt about what the service's trace told is shown and no more: it is AnyDesk's own record.
  void look_at_witness() {
    if (session_.witness == Witness::window) {
      step("session", "only the trace of AnyDesk's window could be read", Mark::info);
    } else if (session_.witness == Witness::other) {
      refuse("session", "it was read from a source that this version does not know",
             ReviewReason::unknown_doubt);
    }
    for (const auto doubt : session_.doubts) {
      const std::string detail = "in doubt: " + std::string{in_words(doubt)};
      const bool record = session_.witness == Witness::service;
      if (doubt == Doubt::other) {
        refuse("session", detail, ReviewReason::unknown_doubt);
      } else if (doubt == Doubt::pairing && !record) {
        refuse("session", detail, ReviewReason::doubtful_pairing);
      } else if (doubt == Doubt::remote_id_typed && !record) {
        refuse("session", detail, ReviewReason::remote_id_typed);
      } else {
        step("session", detail, Mark::info);
      }
    }
  }

  void look_at_clocks() {
    const bool backwards = session_.clock_went_backwards ||
                           (session_.started && session_.ended && *session_.ended < *session_.started);
    if (backwards) {
      refuse("clock", "the clock went backwards", ReviewReason::clock_went_backwards);
    } else {
      step("clock", "the clock ran forwards", Mark::pass);
    }
    if (session_.clock_jumped) {
      refuse("clock", "the workstation's clock was set between start and end", ReviewReason::clock_jumped);
    }
    if (!session_.duration_boot_ms || !session_.started || !session_.ended) return;
    const auto detail = "AnyDesk says " + duration_ms_text((*session_.ended - *session_.started).count()) +
                        ", the boot-time clock " + duration_ms_text(*session_.duration_boot_ms) + " +- " +
                        std::to_string(session_.duration_boot_uncertainty_ms) + " ms";
    if (durations_differ(session_)) {
      refuse("clock", detail, ReviewReason::durations_differ);
    } else {
      step("clock", detail, Mark::pass);
    }
  }

  void look_at_length(std::int64_t max_session_s) {
    const auto seconds = duration_s(session_);
    if (!seconds && session_.started && session_.ended && *session_.started <= *session_.ended) {
      refuse("length",
             "it lasted more than " + duration_text(rating::kDurationMax_s) + ", which cannot be charged",
             ReviewReason::too_long);
    }
    if (seconds) {
      const bool too_long = *seconds > max_session_s;
      const auto detail = "it lasted " + duration_text(*seconds) +
                          (too_long ? ", more than the " : ", not more than the ") +
                          duration_text(max_session_s) + " that need no look";
      if (too_long) {
        refuse("length", detail, ReviewReason::too_long);
      } else {
        step("length", detail, Mark::pass);
      }
    }
    if (session_.over_length) {
      refuse("length", "it was longer than its workstation allows without a look", ReviewReason::over_length);
    }
    if (session_.overnight)
      refuse("length", "it ran at its workstation's night hour", ReviewReason::overnight);
  }

  const SessionView& session_;
  Steps& steps_;
  std::vector<ReviewReason> reasons_;
};

}  // namespace

std::vector<ReviewReason> review_capture(const SessionView& session, std::int64_t max_session_s,
                                         Steps& steps) {
  return Capture{session, steps}.review(max_session_s);
}

}  // namespace collector::attribution
