// Filling a checked template with one mail's values: what the preview shows and what `compose` sends. Pure,
// except that the time zone is looked up in the system's zone database.

#pragma once

#include <string>

#include "collector/mail/message.h"
#include "collector/mail/template.h"
#include "common/base/result.h"

namespace collector::mail {

struct Rendered {
  std::string subject;  // One line; customer and reference if the template's comes out empty.
  std::string text;     // LF line ends, as is `html`.
  std::string html;
};

// Values are inserted once and never read as template again, so %token% inside a comment stays as it is; they
// are HTML-escaped in the HTML. `exhausted` is true of a prepaid contract with `exhausted` set and a balance
// of zero or less; a top-up that arrived in between therefore silences it. invalid_argument when the template
// is of another kind, when there is no session, or in a notice no notice, and when the time zone is unknown.
[[nodiscard]] base::Result<Rendered> render(const MailInput& input, const Templates& templates);

}  // namespace collector::mail
