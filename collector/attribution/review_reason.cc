#include "collector/attribution/review_reason.h"

#include <algorithm>

namespace collector::attribution {

std::string_view to_string(ReviewReason reason) {
  switch (reason) {
    case ReviewReason::no_description: return "no_description";
    case ReviewReason::ambiguous_number: return "ambiguous_number";
    case ReviewReason::bad_override: return "bad_override";
    case ReviewReason::contradicting_tags: return "contradicting_tags";
    case ReviewReason::hold: return "hold";
    case ReviewReason::no_comment: return "no_comment";
    case ReviewReason::unknown_technician: return "unknown_technician";
    case ReviewReason::no_technician: return "no_technician";
    case ReviewReason::ambiguous_technician: return "ambiguous_technician";
    case ReviewReason::unknown_terminal: return "unknown_terminal";
    case ReviewReason::ambiguous_terminal: return "ambiguous_terminal";
    case ReviewReason::no_contract: return "no_contract";
    case ReviewReason::no_end_seen: return "no_end_seen";
    case ReviewReason::partial_capture: return "partial_capture";
    case ReviewReason::clock_went_backwards: return "clock_went_backwards";
    case ReviewReason::doubtful_pairing: return "doubtful_pairing";
    case ReviewReason::remote_id_typed: return "remote_id_typed";
    case ReviewReason::unknown_doubt: return "unknown_doubt";
    case ReviewReason::clock_jumped: return "clock_jumped";
    case ReviewReason::durations_differ: return "durations_differ";
    case ReviewReason::too_long: return "too_long";
    case ReviewReason::over_length: return "over_length";
    case ReviewReason::overnight: return "overnight";
    case ReviewReason::remote_id_withheld: return "remote_id_withheld";
    case ReviewReason::not_a_session: return "not_a_session";
    case ReviewReason::withdrawn: return "withdrawn";
    case ReviewReason::nothing_left: return "nothing_left";
    case ReviewReason::cannot_be_rated: return "cannot_be_rated";
    case ReviewReason::comment_after_billing: return "comment_after_billing";
    case ReviewReason::divided_charge: return "divided_charge";
  }
  return "unknown";
}

std::optional<ReviewReason> review_reason_from(std::string_view code) {
  for (const auto reason : kAllReviewReasons) {
    if (to_string(reason) == code) return reason;
  }
  return std::nullopt;
}

std::vector<ReviewReason> review_reasons_from(std::string_view codes) {
  std::vector<ReviewReason> reasons;
  while (!codes.empty()) {
    const auto comma = std::min(codes.find(','), codes.size());
    if (const auto reason = review_reason_from(codes.substr(0, comma))) reasons.push_back(*reason);
    codes.remove_prefix(std::min(comma + 1, codes.size()));
  }
  return reasons;
}

std::string to_codes(const std::vector<ReviewReason>& reasons) {
  std::string codes;
  for (const auto reason : reasons) {
    if (!codes.empty()) codes += ',';
    codes += to_string(reason);
  }
  return codes;
}

std::string_view explain(ReviewReason reason) {
  switch (reason) {
    case ReviewReason::no_description: return "The comment does not describe what was done.";
    case ReviewReason::ambiguous_number:
      return "The comment begins with a number that may or may not be a technician's; write it as '1, text'.";
    case ReviewReason::bad_override:
      return "The braces must hold one whole number of minutes from 0 to 1440, such as {25}.";
    case ReviewReason::contradicting_tags:
      return "The comment says both 'no charge' (#) and a time to charge.";
    case ReviewReason::hold: return "The technician (~), or a person, asked for a review.";
    case ReviewReason::no_comment: return "No comment arrived in time.";
    case ReviewReason::unknown_technician:
      return "The number in the comment belongs to no active technician.";
    case ReviewReason::no_technician:
      return "Neither the comment nor the support points say which technician worked.";
    case ReviewReason::ambiguous_technician: return "The support points name more than one technician.";
    case ReviewReason::unknown_terminal: return "The remote address is not registered for any customer.";
    case ReviewReason::ambiguous_terminal:
      return "The remote address is registered for more than one customer.";
    case ReviewReason::no_contract: return "The customer had no contract on the day of the session.";
    case ReviewReason::no_end_seen:
      return "The session's start was seen but not its end, and an end is never guessed.";
    case ReviewReason::partial_capture: return "A part of the session was not captured.";
    case ReviewReason::clock_went_backwards:
      return "The workstation's clock went backwards during the session, so its length is not certain.";
    case ReviewReason::too_long:
      return "The session is longer than sessions are allowed to be without a look.";
    case ReviewReason::doubtful_pairing:
      return "Only AnyDesk's window could be read while several tabs were open: which of them it was is a "
             "guess.";
    case ReviewReason::remote_id_typed:
      return "Only AnyDesk's window could be read: the remote ID is what was typed, perhaps not what was "
             "reached.";
    case ReviewReason::unknown_doubt:
      return "The agent is newer than this collector and doubts something the collector does not know: "
             "upgrade it.";
    case ReviewReason::clock_jumped:
      return "The workstation's clock was set during the session, so AnyDesk's duration is not certain.";
    case ReviewReason::durations_differ:
      return "AnyDesk's duration is not what the workstation's boot-time clock measured.";
    case ReviewReason::over_length:
      return "The session is longer than its workstation allows (capture.session_hours_max): perhaps "
             "forgotten open.";
    case ReviewReason::overnight:
      return "The session ran at its workstation's night hour (capture.overnight_at): perhaps forgotten "
             "open.";
    case ReviewReason::remote_id_withheld:
      return "The terminal was not registered, and the workstation withholds such IDs "
             "(capture.unregistered).";
    case ReviewReason::not_a_session: return "This was an attempt that never became a session.";
    case ReviewReason::withdrawn: return "It was entered by a person, who took it back.";
    case ReviewReason::nothing_left: return "Held: there is not enough left on its contract.";
    case ReviewReason::cannot_be_rated: return "What is charged together with it cannot be charged as one.";
    case ReviewReason::comment_after_billing: return "The comment changed after billing.";
    case ReviewReason::divided_charge:
      return "What was billed came out of more than one stock, out of included minutes, or was partly billed "
             "beyond what was left: a difference cannot be put beside it by itself.";
  }
  return "An unknown reason.";
}

bool can_be_accepted(ReviewReason reason, bool duration_known) {
  switch (reason) {
    case ReviewReason::unknown_terminal:
    case ReviewReason::ambiguous_terminal:
    case ReviewReason::remote_id_withheld:
    case ReviewReason::no_contract:
    case ReviewReason::no_end_seen:
    case ReviewReason::not_a_session:
    case ReviewReason::withdrawn:
    case ReviewReason::contradicting_tags:  // Nobody could say what it costs.
    case ReviewReason::cannot_be_rated:
    case ReviewReason::divided_charge: return false;
    case ReviewReason::partial_capture:
    case ReviewReason::clock_went_backwards:
    case ReviewReason::too_long: return duration_known;
    default: return true;
  }
}

std::string_view what_to_do(ReviewReason reason) {
  switch (reason) {
    case ReviewReason::no_description:
    case ReviewReason::no_comment:
    case ReviewReason::ambiguous_number:
    case ReviewReason::bad_override: return "Write the comment (--comment), or release it as it is.";
    case ReviewReason::contradicting_tags: return "Say --no-charge or --minutes N.";
    case ReviewReason::hold: return "Join it to its series, or release it.";
    case ReviewReason::unknown_technician:
    case ReviewReason::no_technician:
    case ReviewReason::ambiguous_technician: return "Name the technician (--technician N).";
    case ReviewReason::unknown_terminal:
      return "Register the terminal, which helps its earlier sessions, too; or name the customer "
             "(--customer CODE).";
    case ReviewReason::ambiguous_terminal: return "End one of the two ownerships, or name the customer.";
    case ReviewReason::remote_id_withheld: return "Name the customer (--customer CODE).";
    case ReviewReason::no_contract:
      return "Add a contract that was in force on that day, or name the customer's other one "
             "(--contract NAME).";
    case ReviewReason::no_end_seen: return "State when it ended (--end TIME).";
    case ReviewReason::partial_capture:
    case ReviewReason::clock_went_backwards:
      return "Release it if its times are right; state those that are missing (--start, --end).";
    case ReviewReason::comment_after_billing:
      return "Release it, and the difference is posted as an adjustment; say what it ought to have cost "
             "(sessions adjust); or leave it as it was billed (review dismiss).";
    case ReviewReason::divided_charge:
      return "Correct the contracts (contracts adjust), then leave the session as it was billed (review "
             "dismiss).";
    case ReviewReason::not_a_session:
    case ReviewReason::withdrawn: return "Nothing.";
    case ReviewReason::nothing_left:
      return "Sell more (contracts sell), name another contract (--contract NAME), or release it: then the "
             "contract goes below zero.";
    case ReviewReason::cannot_be_rated:
      return "Say of one of them what to charge (--minutes N, --no-charge), or take it out of its series "
             "(series leave).";
    default: return "Release it if its length is right; else say what to charge (--minutes N).";
  }
}

}  // namespace collector::attribution
