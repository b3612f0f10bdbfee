// What `explain` is asked about: "session:12", "charge:7", "entry:31"; a number alone is a session.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace collector::commands {

enum class SubjectKind { session, charge, entry };

std::string_view to_string(SubjectKind kind);  // "session", ...

struct Subject {
  SubjectKind kind = SubjectKind::session;
  std::int64_t id = 0;  // Above zero.

  bool operator==(const Subject&) const = default;
};

// invalid_argument, quoting the text and saying what can be asked, for anything else.
[[nodiscard]] base::Result<Subject> parse_subject(std::string_view text);

// "charge 7".
std::string subject_text(const Subject& subject);

}  // namespace collector::commands
