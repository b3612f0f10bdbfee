// Whether a template's HTML keeps values where they can only be text. Inside this room.

#pragma once

#include "collector/mail/template.h"
#include "common/base/result.h"

namespace collector::mail {

// An escaped value is text between tags, and nothing else would be: invalid_argument, "html line 3: ...", for
// - a value inside a tag (but those that may, see token.h), a comment or a style;
// - a block that begins at another kind of place than it ends, or in the middle of a name, for then nobody
//   could say where a value stands; and a quote where browsers do not expect one;
// - an element, attribute or style that runs or fetches something (html_rules.h), which mail readers drop
//   anyway; what a comment holds for one reader alone is not looked at;
// - a tag, comment or style left open.
[[nodiscard]] base::Status check_html(const Pieces& pieces);

}  // namespace collector::mail
