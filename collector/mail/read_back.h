// What stands in a mail that somebody has: ours as it was sent, or what a mail server says about it.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace collector::mail {

// The decoded plain-text part in UTF-8, with LF line ends. invalid_argument for what is no mail with one.
[[nodiscard]] base::Result<std::string> plain_text_of(std::string_view raw);

// Of a delivery status notification (RFC 3464), what it says of one recipient.
struct DsnRecipient {
  std::string address;     // As we gave it, where that is told, else the one that it came to in the end.
  std::string action;      // In lower case: "failed", "delayed", "delivered", "relayed" or "expanded".
  std::string status;      // "5.1.1"
  std::string diagnostic;  // What the other server said; may be empty.
};

struct Dsn {
  std::string message_id;  // Of the mail that it is about, without angle brackets; empty if it is not told.
  std::vector<DsnRecipient> recipients;  // At least one.
};

// From a whole mail, as the mail server sent it back. Texts are one line of valid UTF-8 each.
// invalid_argument for a mail that is no multipart/report with a delivery status in it.
[[nodiscard]] base::Result<Dsn> dsn_of(std::string_view raw);

}  // namespace collector::mail
