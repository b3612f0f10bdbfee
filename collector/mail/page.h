// A rendered mail as a page for a browser.

#pragma once

#include <string>

#include "collector/mail/message.h"
#include "collector/mail/render.h"

namespace collector::mail {

// The HTML with the logo inside, for a file that is looked at by itself.
std::string page_of(const Rendered& rendered, const MailInput& input);

}  // namespace collector::mail
