// Why a person must decide. Each reason has a stable code, which is stored and
// shown to programs, and a sentence for people.

#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace collector::attribution {

enum class ReviewReason {
  no_description,         // The comment says nothing once number and tags are gone.
  ambiguous_number,       // It may or may not start with a technician's number.
  bad_override,           // The braces do not hold one number of minutes.
  contradicting_tags,     // # and {n > 0} in one comment.
  hold,                   // The technician wrote ~, or a person holds it.
  no_comment,             // None arrived in time.
  unknown_technician,     // The number belongs to no active technician.
  no_technician,          // Nothing says whose session it was.
  ambiguous_technician,   // The support points name two technicians.
  unknown_terminal,       // The remote address belongs to no customer.
  ambiguous_terminal,     // It belongs to two.
  no_contract,            // The customer had none on that day.
  no_end_seen,            // Abandoned: a start without an end.
  partial_capture,        // A part of the session's lines is missing.
  doubtful_pairing,       // Read from the window's trace with several tabs open.
  remote_id_typed,        // Read from the window's trace: the remote ID was never resolved.
  unknown_doubt,          // The agent doubts something that this version does not know.
  clock_went_backwards,   // Its times cannot be trusted.
  clock_jumped,           // The wall clock was set between start and end.
  durations_differ,       // AnyDesk's duration is not the boot-time clock's.
  too_long,               // Longer than a session is believed to be.
  over_length,            // Longer than its workstation allows without a look.
  overnight,              // It ran at the workstation's night hour.
  remote_id_withheld,     // The agent may not tell the remote ID.
  not_a_session,          // An attempt that never reached the remote desk.
  withdrawn,              // Entered by a person and taken back.
  nothing_left,           // Said by the ledger: its contract has not enough left, and holds what it costs.
  cannot_be_rated,        // Said by rating: too long together with what it is charged with.
  comment_after_billing,  // Of a billed session: its comment changed, and so would its charge.
  divided_charge,         // Of the same: what was billed came out of more than one stock.
};

inline constexpr std::array kAllReviewReasons{ReviewReason::no_description,
                                              ReviewReason::ambiguous_number,
                                              ReviewReason::bad_override,
                                              ReviewReason::contradicting_tags,
                                              ReviewReason::hold,
                                              ReviewReason::no_comment,
                                              ReviewReason::unknown_technician,
                                              ReviewReason::no_technician,
                                              ReviewReason::ambiguous_technician,
                                              ReviewReason::unknown_terminal,
                                              ReviewReason::ambiguous_terminal,
                                              ReviewReason::no_contract,
                                              ReviewReason::no_end_seen,
                                              ReviewReason::partial_capture,
                                              ReviewReason::doubtful_pairing,
                                              ReviewReason::remote_id_typed,
                                              ReviewReason::unknown_doubt,
                                              ReviewReason::clock_went_backwards,
                                              ReviewReason::clock_jumped,
                                              ReviewReason::durations_differ,
                                              ReviewReason::too_long,
                                              ReviewReason::over_length,
                                              ReviewReason::overnight,
                                              ReviewReason::remote_id_withheld,
                                              ReviewReason::not_a_session,
                                              ReviewReason::withdrawn,
                                              ReviewReason::nothing_left,
                                              ReviewReason::cannot_be_rated,
                                              ReviewReason::comment_after_billing,
                                              ReviewReason::divided_charge};

// The code: "no_description". Never changes.
std::string_view to_string(ReviewReason reason);

// The reason of that code; nothing if there is none.
std::optional<ReviewReason> review_reason_from(std::string_view code);

// Those of codes with commas between, and the other way round. A code of a later version is left out.
std::vector<ReviewReason> review_reasons_from(std::string_view codes);
std::string to_codes(const std::vector<ReviewReason>& reasons);

// One sentence that says what is wrong and, where that helps, what to do.
std::string_view explain(ReviewReason reason);

// Whether a person may accept it and have the session charged all the same. Not where something is missing
// that a charge needs: a customer, a contract, or a length.
bool can_be_accepted(ReviewReason reason, bool duration_known);

// One sentence: what a person does about it.
std::string_view what_to_do(ReviewReason reason);

}  // namespace collector::attribution
