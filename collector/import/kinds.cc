#include "collector/import/kinds.h"

#include <algorithm>

#include "common/base/nearest.h"

namespace collector::import {

namespace {

using Columns = std::vector<std::string_view>;

bool has(const auto& list, std::string_view one) {
  return std::ranges::find(list, one) != list.end();
}

bool knows(const KindInfo& info, std::string_view column) {
  return has(info.columns, column) || has(info.optional, column);
}

std::string joined(const Columns& columns) {
  std::string list;
  for (const auto column : columns) list += (list.empty() ? "" : ",") + std::string{column};
  return list;
}

Columns missing(const KindInfo& info, const std::vector<std::string>& header) {
  Columns list;
  for (const auto column : info.columns) {
    if (!has(header, column)) list.push_back(column);
  }
  return list;
}

bool fits(const KindInfo& info, const std::vector<std::string>& header) {
  return missing(info, header).empty() &&
         std::ranges::all_of(header, [&](const std::string& column) { return knows(info, column); });
}

// The kind that has the most of these columns.
const KindInfo& nearest_kind(const std::vector<std::string>& header) {
  return *std::ranges::max_element(all_kinds(), {}, [&](const KindInfo& info) {
    return std::ranges::count_if(header, [&](const std::string& column) { return knows(info, column); });
  });
}

// What is wrong with a header that fits no kind.
std::string misfit(const std::vector<std::string>& header) {
  const auto& info = nearest_kind(header);
  std::vector<std::string> known;
  for (const auto& list : {info.columns, info.optional}) known.insert(known.end(), list.begin(), list.end());
  std::string what = "the columns are not those of any import file; nearest is " + std::string{info.name};
  for (const auto& column : header) {
    if (knows(info, column)) continue;
    const auto near = base::nearest(column, known);
    what += ": it has no column '" + column + "'" + (near ? " (did you mean " + *near + "?)" : "");
  }
  if (const auto lacks = missing(info, header); !lacks.empty()) what += ": missing is " + joined(lacks);
  what += "; it must have: " + joined(info.columns);
  if (!info.optional.empty()) what += "; it may have: " + joined(info.optional);
  return what;
}

}  // namespace

const std::vector<KindInfo>& all_kinds() {
  static const std::vector<KindInfo> kinds{
      {Kind::technicians,
       "technicians",
       {"number", "name"},
       {"email", "active", "grade"},
       "1,Anna Petrou,anna@support.example,yes,senior"},
      {Kind::customers,
       "customers",
       {"name"},
       {"code", "email", "language", "rank", "domains", "tax_id", "street", "city", "country", "state",
        "postal_code", "phone", "fax"},
       "Old Mill Bakery,bakery,office@oldmill.example,en,A,oldmill.example oldmill.test,EL123456789,"
       "1 Mill Lane,Thessaloniki,Greece,,54621,+30 2310 000000,"},
      {Kind::contacts,
       "contacts",
       {"customer", "first_name", "surname", "email"},
       {"phone", "primary"},
       "bakery,Eleni,Papadaki,eleni@oldmill.example,+30 2310 000001,yes"},
      {Kind::partners,
       "partners",
       {"partner", "name"},
       {"email", "language"},
       "northern,Northern IT,desk@northern.example,en"},
      {Kind::terminals,
       "terminals",
       {"customer", "address", "description", "valid_from", "valid_to"},
       {},
       "bakery,410100201,Till,2026-01-01,"},
      {Kind::support_points,
       "support_points",
       {"technician", "workstation", "anydesk_id", "valid_from", "valid_to"},
       {"shared"},
       "1,anna-pc,,2026-01-01,,no"},
      {Kind::templates,
       "templates",
       {"name", "free_s", "first_block_s", "grace_s", "increment_s", "boundary", "grace_scope",
        "max_charge_min"},
       {"min_charge_min", "rate_per_hour", "base_fee", "round_group"},
       "standard,30,600,60,600,start,first,,0,6000,0,session"},
      {Kind::holidays, "holidays", {"calendar", "day", "name"}, {}, "GR,2026-12-25,Christmas"},
      {Kind::contracts,
       "contracts",
       {"customer", "name", "model", "template", "start", "end", "time_zone", "purchased_min",
        "mail_window_min", "mail_no_charge"},
       {"holiday_calendar", "currency", "exhaustion", "overage_per_hour", "period", "included_min",
        "roll_over_min", "fee", "units", "notice_percent", "notice_days", "purchased_amount", "notice_left",
        "partner", "partner_told", "customer_told", "partner_from", "partner_until"},
       "bakery,Prepaid 10 "
       "h,prepaid,standard,2026-01-01,2026-12-31,Europe/Athens,600,60,yes,,EUR,negative,,none,,,,,"
       "\"80,95\",\"30,7\",,60,,yes,yes,,"},
      {Kind::comments,
       "comments",
       {"anydesk_id", "remote_id", "start", "comment"},
       {},
       "410900001,410100201,2026-11-16T08:12:40Z,\"1, antivirus installation\""}};
  return kinds;
}

const KindInfo& info_of(Kind kind) {
  return *std::ranges::find(all_kinds(), kind, &KindInfo::kind);
}

std::optional<Kind> kind_named(std::string_view name) {
  const auto found = std::ranges::find(all_kinds(), name, &KindInfo::name);
  if (found == all_kinds().end()) return std::nullopt;
  return found->kind;
}

std::string file_template(const KindInfo& info) {
  auto columns = info.columns;
  columns.insert(columns.end(), info.optional.begin(), info.optional.end());
  return joined(columns) + "\n" + std::string{info.example} + "\n";
}

base::Result<Kind> kind_of(const std::vector<std::string>& header) {
  const auto refuse = [](const std::string& what) {
    return base::fail(base::ErrorCode::invalid_argument, what);
  };
  for (const auto& column : header) {
    if (std::ranges::count(header, column) > 1) return refuse("the column '" + column + "' comes twice");
  }
  const KindInfo* found = nullptr;
  for (const auto& info : all_kinds()) {
    if (!fits(info, header)) continue;
    if (found != nullptr) {
      return refuse("the columns are those of " + std::string{found->name} + " and of " +
                    std::string{info.name} + ": add a column that only one of them has");
    }
    found = &info;
  }
  if (found == nullptr) return refuse(misfit(header));
  return found->kind;
}

}  // namespace collector::import
