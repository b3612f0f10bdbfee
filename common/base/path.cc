#include "common/base/path.h"

#include <string>

#include "common/base/utf8.h"

namespace base {

std::filesystem::path path_of(std::string_view text) {
#ifdef _WIN32
  const std::string valid = to_valid_utf8(text);
  return std::u8string{valid.begin(), valid.end()};
#else
  return std::filesystem::path{text};
#endif
}

}  // namespace base
