// Which programs are AnyDesk's, by the name of their file.

#pragma once

#include <string_view>

namespace agent::process {

// True if the file name of `path` (its last component, behind '/' or '\') begins with `stem`, which is in
// lower case; letters of ASCII compare without their case. AnyDesk's own names (traces.md sections 1 and 8):
// anydesk, AnyDesk.exe, AnyDesk-<prefix>.exe, AnyDesk_<prefix>.
bool is_program(std::string_view path, std::string_view stem);

}  // namespace agent::process
