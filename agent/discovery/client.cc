// Client: whose files these are, by their names (rest-api.md section 4.1).

#include <algorithm>

#include "agent/discovery/survey.h"

namespace agent::discovery {

namespace {

std::string lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

// True and gone from the front of `text`, whatever its letters' case.
bool take_front(std::string_view& text, std::string_view front) {
  if (!lower(text).starts_with(front)) return false;
  text.remove_prefix(front.size());
  return true;
}

bool take_back(std::string_view& text, std::string_view back) {
  if (!lower(text).ends_with(back)) return false;
  text.remove_suffix(back.size());
  return true;
}

}  // namespace

Client client_of(std::string_view name) {
  take_back(name, ".trace");
  take_front(name, ".");
  const bool from_anydesk = take_front(name, "anydesk");
  if (from_anydesk && !name.empty()) name.remove_prefix(1);  // "_" on Linux and macOS, "-" on Windows.
  const bool marked = take_front(name, "ad_");
  if (!marked && !from_anydesk) return {};
  Client client;
  client.msi = take_back(name, "_msi") && !name.empty();
  client.prefix = name;
  return client;
}

std::string name_of(const Client& client) {
  if (client.prefix.empty()) return "AnyDesk";
  return client.prefix + (client.msi ? " (MSI)" : "");
}

}  // namespace agent::discovery
