// The messages that are understood and change nothing, so that what a new
// AnyDesk version writes stands out. Read in real traces (traces.md, sections 2
// to 4). Stems only: what follows them differs from line to line.

#pragma once

#include <string_view>

namespace agent::trace {

bool is_known_session_text(std::string_view message);  // app.session of a service.
bool is_known_service_text(std::string_view message);  // app.service of a service.
bool is_known_tab_text(std::string_view message);      // app.frontend_session of a window.

}  // namespace agent::trace
