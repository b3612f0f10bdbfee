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
  no_description,        // The comment says nothing once number and tags are gone.
  ambiguous_number,      // It may or may not start with a technician's number.
  bad_override,          // The braces do not hold one number of minutes.
  contradicting_tags,    // # and {n > 0} in one comment.
  hold,                  // The technician wrote ~, or a person holds it.
  no_comment,            // None arrived in time.
  unknown_technician,    // The number belongs to no active technician.
  no_technician,         // Nothing says whose session it was.
  ambiguous_technician,  // The support points name two technicians.
  unknown_terminal,      // The remote address belongs to no customer.
  ambiguous_terminal,    // It belongs to two.
  no_contract,           // The customer had none on that day.
  no_end_seen,           // Abandoned: a start without an end.
  partial_capture,       // A part of the session's lines is missing.
  doubtful_pairing,      // Read from the window's trace with several tabs open.
  remote_id_typed,       // Read from the window's trace: the remote ID was never resolved.
  unknown_doubt,         // The agent doubts something that this version does not know.
  clock_went_backwards,  // Its times cannot be trusted.
  clock_jumped,          // The wall clock was set between start and end.
  durations_differ,      // AnyDesk's duration is not the boot-time clock's.
  too_long,              // Longer than a session is believed to be.
  over_length,           // Longer than its workstation allows without a look.
  overnight,             // It ran at the workstation's night hour.
  remote_id_withheld,    // The agent may not tell the remote ID.
  not_a_session,         // An attempt that never reached the remote desk.
  withdrawn,             // Entered by a person and taken back.
                                              ReviewReason::comment_after_billing,
                                              ReviewReason::divided_charge};
