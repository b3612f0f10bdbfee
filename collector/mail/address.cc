#include "collector/mail/address.h"

#include <algorithm>

namespace collector::mail {

namespace {

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool all_of(std::string_view text, std::string_view others) {
  return std::ranges::all_of(text, [&](char c) { return is_alnum(c) || others.find(c) != others.npos; });
}

bool dots_are_single(std::string_view text) {
  return !text.empty() && text.front() != '.' && text.back() != '.' && text.find("..") == text.npos;
}

bool is_host(std::string_view text) {
  return dots_are_single(text) && all_of(text, ".-") && text.front() != '-' && text.back() != '-';
}

}  // namespace

bool is_address(std::string_view text) {
  const auto at = text.find('@');
  if (at == text.npos || text.size() > 254 || at > 64) return false;
  const auto local = text.substr(0, at);
  return dots_are_single(local) && all_of(local, ".!#$%&'*+/=?^_`{|}~-") && is_host(text.substr(at + 1));
}

bool is_message_id(std::string_view text) {
  const auto at = text.find('@');
  if (at == text.npos || text.size() > 200 || !is_alnum(text.front())) return false;
  return at > 0 && all_of(text.substr(0, at), "._+-") && is_host(text.substr(at + 1));
}

}  // namespace collector::mail
