#include "collector/attribution/find_technician.h"

#include <algorithm>
#include <set>

namespace collector::attribution {

namespace {

using directory::SupportPoint;
using directory::Technician;

std::string name_of(const directory::Directory& directory, std::int64_t technician_id) {
  const auto at = std::ranges::find(directory.technicians, technician_id, &Technician::id);
  if (at == directory.technicians.end()) return "technician " + std::to_string(technician_id);
  return at->name + " (" + std::to_string(at->number) + ")";
}

bool valid_at(const SupportPoint& point, timing::UtcMs moment) {
  return (!point.valid_from || *point.valid_from <= moment) && (!point.valid_to || moment < *point.valid_to);
}

FoundTechnician by_number(std::int64_t number, const directory::Directory& directory, Steps& steps) {
  const auto at = std::ranges::find(directory.technicians, number, &Technician::number);
  const std::string says = "the comment names technician " + std::to_string(number);
  if (at == directory.technicians.end()) {
    steps.push_back({.what = "technician", .detail = says + ", who does not exist", .mark = Mark::fail});
    return {.id = {}, .rule = "none", .reasons = {ReviewReason::unknown_technician}};
  }
  if (!at->active) {
    steps.push_back(
        {.what = "technician", .detail = says + ", " + at->name + ", who is not active", .mark = Mark::fail});
    return {.id = {}, .rule = "none", .reasons = {ReviewReason::unknown_technician}};
  }
  steps.push_back({.what = "technician", .detail = says + ", " + at->name, .mark = Mark::pass});
  return {.id = at->id, .rule = "tag", .reasons = {}};
}

// The support points whose `key` is `value`; nothing when none is valid and so the next rule is to be asked.
std::optional<FoundTechnician> by_point(std::string SupportPoint::* key, const std::string& value,
                                        std::string rule, timing::UtcMs moment,
                                        const directory::Directory& directory, Steps& steps) {
  const std::string subject = (rule == "anydesk_id" ? "AnyDesk ID '" : "workstation '") + value + "'";
  if (value.empty()) {
    steps.push_back({.what = "technician", .detail = subject + " is not known", .mark = Mark::fail});
    return std::nullopt;
  }
  std::set<std::int64_t> found;
  for (const auto& point : directory.support_points) {
    if ((point.*key).empty() || !same_address(point.*key, value)) continue;
    const bool valid = valid_at(point, moment);
    steps.push_back({.what = "technician",
                     .detail = subject + " is a support point of " + name_of(directory, point.technician_id) +
                               (valid ? " at that time" : ", but not at that time"),
                     .mark = valid ? Mark::pass : Mark::fail});
    if (valid) found.insert(point.technician_id);
  }
  if (found.empty()) {
    steps.push_back(
        {.what = "technician", .detail = subject + " had no support point at that time", .mark = Mark::fail});
    return std::nullopt;
  }
  if (found.size() > 1) {
    steps.push_back({.what = "technician",
                     .detail = subject + " belongs to more than one technician",
                     .mark = Mark::fail});
    return FoundTechnician{.id = {}, .rule = "none", .reasons = {ReviewReason::ambiguous_technician}};
  }
  return FoundTechnician{.id = *found.begin(), .rule = std::move(rule), .reasons = {}};
}

}  // namespace

FoundTechnician find_technician(const SessionView& session, const Tags* tags, timing::UtcMs moment,
                                const directory::Directory& directory, TechnicianOrder order, Steps& steps) {
  if (tags != nullptr) {
    if (tags->technician_number) return by_number(*tags->technician_number, directory, steps);
    if (std::ranges::find(tags->reasons, ReviewReason::ambiguous_number) != tags->reasons.end()) {
      steps.push_back({.what = "technician",
                       .detail = "the comment may begin with a technician's number, so nobody is assumed",
                       .mark = Mark::fail});
      return {};  // The comment's own reason is enough.
    }
    steps.push_back({.what = "technician", .detail = "the comment names no technician", .mark = Mark::info});
  }

  const auto by_workstation = [&] {
    return by_point(&SupportPoint::workstation, session.workstation, "support_point", moment, directory,
                    steps);
  };
  const auto by_anydesk_id = [&] {
    return by_point(&SupportPoint::anydesk_id, session.anydesk_id, "anydesk_id", moment, directory, steps);
  };
  const bool workstation_first = order == TechnicianOrder::support_point_first;
  if (auto found = workstation_first ? by_workstation() : by_anydesk_id()) return *std::move(found);
  if (auto found = workstation_first ? by_anydesk_id() : by_workstation()) return *std::move(found);
  return {.id = {}, .rule = "none", .reasons = {ReviewReason::no_technician}};
}

}  // namespace collector::attribution
