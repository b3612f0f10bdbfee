#include "collector/import/kinds.h"

#include <algorithm>

namespace collector::import {

const std::vector<KindInfo>& all_kinds() {
  static const std::vector<KindInfo> kinds{
      {Kind::technicians,
       "technicians",
       {"number", "name", "email", "active"},
       "1,Anna Petrou,anna@support.example,yes"},
      {Kind::customers,
       "customers",
       {"code", "name", "email", "language"},
       "bakery,Old Mill Bakery,office@oldmill.example,en"},
      {Kind::terminals,
       "terminals",
       {"customer", "address", "description", "valid_from", "valid_to"},
       "bakery,410100201,Till,2026-01-01,"},
      {Kind::support_points,
       "support_points",
       {"technician", "workstation", "anydesk_id", "valid_from", "valid_to"},
       "1,anna-pc,,2026-01-01,"},
      {Kind::templates,
       "templates",
       {"name", "free_s", "first_block_s", "grace_s", "increment_s", "boundary", "grace_scope",
        "max_charge_min"},
       "standard,30,600,60,600,start,first,",
       {"min_charge_min", "rate_per_hour", "base_fee", "round_group"}},
      {Kind::holidays, "holidays", {"calendar", "day", "name"}, "GR,2026-12-25,Christmas"},
      {Kind::contracts,
       "contracts",
       {"customer", "name", "model", "template", "start", "end", "time_zone", "purchased_min",
        "mail_window_min", "mail_no_charge"},
       "bakery,Prepaid 10 h,prepaid,standard,2026-01-01,2026-12-31,Europe/Athens,600,60,yes",
       {"holiday_calendar"}},
      {Kind::comments,
       "comments",
       {"anydesk_id", "remote_id", "start", "comment"},
       "410900001,410100201,2026-11-16T08:12:40Z,\"1, antivirus installation\""}};
  return kinds;
}

const KindInfo& info_of(Kind kind) {
  return *std::ranges::find(all_kinds(), kind, &KindInfo::kind);
}

namespace {

bool all_differ(std::vector<std::string> names) {
  std::ranges::sort(names);
  return std::ranges::adjacent_find(names) == names.end();
}

}  // namespace

std::optional<Kind> kind_of(const std::vector<std::string>& header) {
  for (const auto& info : all_kinds()) {
    auto needed = header;
    std::erase_if(needed, [&](const std::string& column) {
      return std::ranges::find(info.optional, column) != info.optional.end();
    });
    if (std::ranges::is_permutation(info.columns, needed) && all_differ(header)) return info.kind;
  }
  return std::nullopt;
}

}  // namespace collector::import
