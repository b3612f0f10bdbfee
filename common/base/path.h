// Text is UTF-8 everywhere in the product, the names of files too.

#pragma once

#include <filesystem>
#include <string_view>

namespace base {

// A path from UTF-8. On Windows libstdc++ 12 takes a narrow text for something else:
// std::filesystem::path{name} and what comes of it differ from `name` beyond ASCII
// (docs/operating/windows-build.md). The way back is path.string(), which is UTF-8 on every system. On
// Windows what is no UTF-8 becomes U+FFFD, elsewhere the bytes stay as they are.
std::filesystem::path path_of(std::string_view text);

}  // namespace base
