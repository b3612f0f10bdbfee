#include "collector/mail/message.h"

#include <algorithm>
#include <array>
#include <utility>

namespace collector::mail {

namespace {

constexpr std::array<std::pair<Kind, std::string_view>, 3> kKinds{
    {{Kind::sessions, "sessions"}, {Kind::partner_copy, "partner_copy"}, {Kind::notice, "notice"}}};

}  // namespace

std::string_view to_string(Kind kind) {
  return kKinds[static_cast<std::size_t>(kind)].second;
}

std::optional<Kind> kind_from(std::string_view name) {
  const auto found = std::ranges::find(kKinds, name, &std::pair<Kind, std::string_view>::second);
  return found == kKinds.end() ? std::nullopt : std::optional{found->first};
}

}  // namespace collector::mail
