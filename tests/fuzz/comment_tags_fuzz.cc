// Any bytes as the comment of a session: nothing crashes, what customers read is text, minutes are minutes,
// and a session is charged only if nothing about its comment is in doubt.
//
// The first byte is the settings: how marks and a leading number are read.

#include <algorithm>
#include <string>

#include "collector/attribution/attribute.h"
#include "collector/attribution/plain_text.h"
#include "tests/fuzz/input.h"

namespace {

using fuzz::require;
using namespace collector::attribution;
namespace directory = collector::directory;

const timing::UtcMs kStart = timing::from_ms(1'800'000'000'000);

directory::Directory master_data() {
  directory::Directory data;
  data.customers = {{.id = 1, .code = "a", .name = "A", .email = {}, .language = "en"}};
  data.terminals = {
      {.id = 1, .customer_id = 1, .address = "111", .description = "PC", .valid_from = {}, .valid_to = {}}};
  data.technicians = {{.id = 1, .number = 1, .name = "Anna", .email = {}, .active = true}};
  data.support_points = {
      {.id = 1, .technician_id = 1, .workstation = "WS", .anydesk_id = {}, .valid_from = {}, .valid_to = {}}};
  data.contracts.resize(1);
  data.contracts[0].id = 1;
  data.contracts[0].customer_id = 1;
  return data;
}

SessionView session() {
  SessionView view;
  view.remote_id = "111";
  view.workstation = "WS";
  view.started = kStart;
  view.ended = kStart + std::chrono::minutes{10};
  return view;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto kData = master_data();
  fuzz::Input input{data, size};
  const auto how = input.number(1);
  Settings settings;
  settings.tags.tag_match = how % 2 == 0 ? TagMatch::token : TagMatch::anywhere;
  settings.tags.lead_number = how / 2 % 2 == 0 ? LeadNumber::strict : LeadNumber::seed;
  const CommentView comment{
      .id = 1, .remote_id = {}, .anydesk_id = {}, .started = kStart, .text = std::string{input.rest()}};

  const auto tags = parse_comment(comment.text, settings.tags);
  require(tidy(to_plain_text(tags.text)) == tags.text);
  require(tags.override_min.value_or(0) >= 0 && tags.override_min.value_or(0) <= 1'440);
  auto reasons = tags.reasons;
  std::ranges::sort(reasons);
  require(std::ranges::adjacent_find(reasons) == reasons.end());

  const auto result = attribute(session(), comment, kData, settings, kStart + std::chrono::hours{1});
  require((result.disposition == Disposition::ready) == result.reasons.empty());
  require(result.reasons.empty() == (result.technician_id.has_value() && tags.reasons.empty()));
  require(result.text == tags.text);
  return 0;
}
