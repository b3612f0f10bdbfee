// The closing comment's little language: who worked, and what to do about the
// charge (docs/attribution.md).
//
//   1, antivirus installation     technician 1 worked; also "1;" and "1:", also all of it in [ ]
//   ~                             hold the session for review; on its own, or leading after the number
//   #                             no charge
//   {25}                          charge exactly 25 minutes, 0 to 1440
//
// Pure, linear in the length, and safe for any bytes. The raw comment is kept
// by whoever stores it; what is returned is for the customer's eyes.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/attribution/review_reason.h"

namespace collector::attribution {

// When # means no charge.
enum class TagMatch {
  token,  // Between white space, the comment's ends and other tags: "#", "#~", "{5}#"; not "C#", not "#4711".
  anywhere,  // Wherever it stands.
};

// Whether a number followed by white space only ("1 antivirus") names a technician.
enum class LeadNumber {
  strict,  // No: "10 min call" would name technician 10. The session is reviewed.
  seed,    // Yes.
};

struct TagSettings {
  TagMatch tag_match = TagMatch::token;
  LeadNumber lead_number = LeadNumber::strict;
};

struct Tags {
  std::optional<std::int64_t>
      technician_number;  // As written; whether there is such a technician is not known here.
  bool hold = false;
  bool no_charge = false;
  std::optional<std::int64_t> override_min;  // Absent also when the braces are in error.
  std::string text;                          // Number and tags gone, white space tidied, valid UTF-8.
  std::vector<ReviewReason> reasons;         // Of the comment alone, each once; `hold` is among them if set.
  std::vector<std::string> hints;            // Sentences: not wrong, but perhaps not meant.

  bool operator==(const Tags&) const = default;
};

// Where the language leaves room, a doubt is never settled silently:
// - A number that stands directly before a tag, a bracket, or a separator and
//   a further digit ("1{5}", "1]", "10:30", "1,5") is ambiguous in both modes,
//   and so is one of more than 18 digits.
// - A # or ~ that touches text is a hint. Under TagMatch::anywhere such a #
//   counts and is taken out of the text.
// - Braces are a tag wherever they stand; a brace without its partner is a bad
//   override and stays in the text.
// - Tags may also stand before the number ("~ 1, restart").
Tags parse_comment(std::string_view text, const TagSettings& settings);

}  // namespace collector::attribution
