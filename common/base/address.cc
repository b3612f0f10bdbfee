#include "common/base/address.h"

namespace base {

std::string normalised_address(std::string_view address) {
  std::string out;
  for (const char c : address) {
    if (c == ' ' || c == '\t') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

}  // namespace base
