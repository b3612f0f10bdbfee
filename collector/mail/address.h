// Which addresses and Message-IDs we are willing to write into a header, an SMTP command or a file name.
//
// Narrower than RFC 5322 on purpose: no quoted local parts, no comments, ASCII only (no SMTPUTF8). What
// passes needs no quoting in any of the three places.

#pragma once

#include <string_view>

namespace collector::mail {

// "local@domain" with RFC 5322 atom characters and single dots in the local part, host labels in the domain,
// at most 254 bytes (RFC 5321 section 4.5.3.1.3).
bool is_address(std::string_view text);

// "left@right" of letters, digits, '.', '_', '+' and '-', starting with a letter or digit, at most 200 bytes,
// so that it is a file name too.
bool is_message_id(std::string_view text);

}  // namespace collector::mail
