// What a template's names stand for in one mail. Inside this room.

#pragma once

#include <string>

#include "collector/mail/message.h"
#include "collector/mail/token.h"

namespace collector::mail {

// Inside which loop; at most one of them.
struct Place {
  const SessionLine* session = nullptr;
  const ContractBlock* contract = nullptr;
  const NoticeLine* notice = nullptr;
};

// Clean text that is not escaped yet: what comes from outside has no control characters and cannot turn the
// direction of what stands beside it. The time zone is known; the template was checked, so that a name only
// comes where it has a meaning.
std::string value_of(Token token, const MailInput& input, const Place& place);
bool is_so(Condition condition, const MailInput& input, const Place& place);

// The name by which the HTML refers to the logo: "logo." and the mail's Message-ID.
std::string logo_id(const MailInput& input);

}  // namespace collector::mail
