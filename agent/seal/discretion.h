// What of a trace's own text may leave the workstation (rest-api.md section 5:
// allow-list, no addresses, no file names). Pure.

#pragma once

#include <string_view>

namespace agent::seal {

// An AnyDesk ID (digits) or an alias (name@namespace). A technician may dial an
// IP address or a host's name, too, and those are not told.
bool is_remote_id(std::string_view text);

// What may be told of a reason line: its fixed words and, behind a colon, one
// token of AnyDesk's own such as "desk_rt_user_close" (traces.md section 3.4).
// Anything else in it is cut off. Points into `reason`.
std::string_view discreet_reason(std::string_view reason);

}  // namespace agent::seal
