// A program and its arguments as the one text that Windows starts programs by.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace agent::platform {

// UTF-8. Each part comes back as it is when the started program's runtime takes the text apart
// (learn.microsoft.com, "Parsing C command-line arguments"). The program is always quoted: unquoted,
// C:\Program Files\x.exe would start C:\Program.exe if there is one.
std::string command_line(std::string_view program, const std::vector<std::string>& arguments);

}  // namespace agent::platform
