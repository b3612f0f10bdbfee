// Whether a template's HTML keeps values where they can only be text. Inside this room.

#pragma once

#include "collector/mail/template.h"
#include "common/base/result.h"

namespace collector::mail {

// An escaped value is text between tags, and nothing else would be: invalid_argument, "html line 3: ...", for
// a value inside a tag (but those that may, see token.h), a comment or a style; for a block that begins at
// another kind of place than it ends, for then nobody could say where a value stands; for an element that
// runs or fetches something, which mail readers drop anyway; and for a tag, comment or style left open.
[[nodiscard]] base::Status check_html(const Pieces& pieces);

}  // namespace collector::mail
