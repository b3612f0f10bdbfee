#include "collector/commands/explain_subject.h"

#include <charconv>

namespace collector::commands {

std::string_view to_string(SubjectKind kind) {
  switch (kind) {
    case SubjectKind::session: return "session";
    case SubjectKind::charge: return "charge";
    case SubjectKind::entry: return "entry";
  }
  return "session";
}

base::Result<Subject> parse_subject(std::string_view text) {
  auto number = text;
  Subject subject;
  for (const auto kind : {SubjectKind::session, SubjectKind::charge, SubjectKind::entry}) {
    const auto word = std::string{to_string(kind)} + ":";
    if (!text.starts_with(word)) continue;
    subject.kind = kind;
    number.remove_prefix(word.size());
  }
  const char* const end = number.data() + number.size();
  const auto [rest, error] = std::from_chars(number.data(), end, subject.id);
  if (error == std::errc{} && rest == end && subject.id > 0) return subject;
  return base::fail(base::ErrorCode::invalid_argument,
                    "'" + std::string{text} +
                        "' is nothing to explain: write session:12 (or just 12), charge:7 or entry:31");
}

std::string subject_text(const Subject& subject) {
  return std::string{to_string(subject.kind)} + " " + std::to_string(subject.id);
}

}  // namespace collector::commands
