#include "common/base/address.h"

#include <optional>

namespace base {

namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Takes the last character that counts off the end, as it is compared.
std::optional<char> take_last(std::string_view& address) {
  while (!address.empty() && is_blank(address.back())) address.remove_suffix(1);
  if (address.empty()) return std::nullopt;
  const char c = lower(address.back());
  address.remove_suffix(1);
  return c;
}

}  // namespace

std::string normalised_address(std::string_view address) {
  std::string out;
  for (const char c : address) {
    if (!is_blank(c)) out += lower(c);
  }
  return out;
}

bool same_address(std::string_view a, std::string_view b) {
  // From the back: IDs that were given one after the other begin alike.
  for (;;) {
    const auto one = take_last(a);
    if (one != take_last(b)) return false;
    if (!one) return true;
  }
}

}  // namespace base
