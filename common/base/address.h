// An AnyDesk address, an ID or an alias, as it is compared.

#pragma once

#include <string>
#include <string_view>

namespace base {

// `address` without blanks and tabs, ASCII letters in lower case: "123 456 789" and "123456789" are one
// address, "Desk@ad" and "desk@ad" too. Any bytes are taken; other characters stay as they are.
std::string normalised_address(std::string_view address);

// Whether both are the same when normalised. Makes no copies: a session's address is held against every one
// there is.
bool same_address(std::string_view a, std::string_view b);

}  // namespace base
