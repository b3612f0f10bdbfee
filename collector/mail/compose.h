// One mail as the bytes that are stored, sent and, if need be, sent again word for word.

#pragma once

#include <string>

#include "collector/mail/message.h"
#include "collector/mail/template.h"
#include "common/base/result.h"

namespace collector::mail {

// A complete RFC 5322 message with CRLF line ends: multipart/alternative of text and HTML, the latter with
// the logo in a multipart/related if it shows it; UTF-8, quoted-printable, with Message-ID, Date, From, To,
// Subject, Auto-Submitted: auto-generated and X-Deskledger-Batch, and Content-Language when a language is
// given. The same input gives the same bytes; the boundary comes from the message id. Names are cleaned with
// header_line() and written as encoded words, so no value can begin a header. invalid_argument for what
// render() refuses and for an address, message id, reference or language that is malformed (see address.h and
// message.h). Safe from every thread.
[[nodiscard]] base::Result<std::string> compose(const MailInput& input, const Templates& templates);

}  // namespace collector::mail
