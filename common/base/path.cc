#include "common/base/path.h"

#include <string>
#include <string_view>
#include <system_error>

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

#ifdef _WIN32
namespace {
constexpr std::wstring_view kShared = L"\\\\";  // \\server\share...
constexpr std::wstring_view kLiteral = L"\\\\?\\";
}  // namespace
#endif

std::filesystem::path absolute_of(const std::filesystem::path& path) {
#ifdef _WIN32
  if (path.native().starts_with(kShared) || path.native().starts_with(L"//")) return path;
#endif
  std::error_code unknown;
  auto full = std::filesystem::absolute(path, unknown);
  return unknown ? path : full;
}

std::filesystem::path extended(const std::filesystem::path& path) {
#ifdef _WIN32
  constexpr std::size_t long_from = 200;
  const auto full = absolute_of(path);
  if (full.native().size() < long_from || full.native().starts_with(kLiteral)) return path;
  // The system takes such a path literally: no "..", no "/". What lexically_normal() makes of \\server begins
  // with one backslash.
  const std::wstring text = full.lexically_normal().make_preferred().native();
  if (full == path && text.starts_with(L'\\')) {
    return std::wstring{kLiteral} + L"UNC\\" + text.substr(text.find_first_not_of(L'\\'));
  }
  return std::wstring{kLiteral} + text;
#else
  return path;
#endif
}

}  // namespace base
