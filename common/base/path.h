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

// `path` behind the working folder, if it is not absolute already. std::filesystem::absolute of libstdc++ 12
// takes what extended() makes for relative.
std::filesystem::path absolute_of(const std::filesystem::path& path);

// `path` for the system whatever its length. Windows takes no more than 260 characters unless its registry
// says otherwise, or the path is absolute, with backslashes, and begins with \\?\: a path that leaves too
// little room for the names of files below it becomes such a one. Elsewhere, and for short paths, `path` as
// it is. Not for showing.
std::filesystem::path extended(const std::filesystem::path& path);

}  // namespace base
