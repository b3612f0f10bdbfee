// A mail as it could be, for whoever writes a template and has no session to show yet.

#pragma once

#include <string>

#include "collector/mail/message.h"

namespace collector::mail {

// With every sort of row that its kind knows: a session without charge, a contract that is used up and one
// that is billed afterwards, a notice of each sort.
MailInput example(Kind kind, const std::string& language, timing::UtcMs now);

}  // namespace collector::mail
