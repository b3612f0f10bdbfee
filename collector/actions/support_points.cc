#include "collector/actions/support_points.h"

#include <algorithm>
#include <map>

#include "collector/actions/period.h"
#include "collector/actions/technicians.h"
#include "collector/actions/to_json.h"

namespace collector::actions {

using base::ErrorCode;
using base::fail;
using directory::SupportPoint;

namespace {

std::string point_of(const SupportPoint& row) {
  return row.workstation + row.anydesk_id;
}

base::Result<std::map<std::int64_t, std::int64_t>> numbers_by_id(store::Transaction& tx) {
  const auto all = store::list_technicians(tx);
  if (!all) return std::unexpected{all.error()};
  std::map<std::int64_t, std::int64_t> numbers;
  for (const auto& technician : *all) numbers[technician.id] = technician.number;
  return numbers;
}

base::Status check(const SupportPoint& row) {
  if (row.workstation.empty() == row.anydesk_id.empty()) {
    return fail(ErrorCode::invalid_argument,
                "workstation and anydesk_id: exactly one of the two must be given");
  }
  for (const auto& fine : {check_text("workstation", row.workstation),
                           check_text("anydesk_id", row.anydesk_id), check_period(period_of(row))}) {
    if (!fine) return fine;
  }
  return {};
}

// That nobody has the same point in the same time, but the row `row.id` itself.
base::Status check_overlap(store::Transaction& tx, const SupportPoint& row,
                           const std::vector<SupportPoint>& same, Sharing sharing) {
  for (const auto& other : same) {
    if (other.id == row.id || !overlap(period_of(row), period_of(other))) continue;
    const bool own = other.technician_id == row.technician_id;
    if (!own && sharing == Sharing::meant) continue;
    const auto numbers = numbers_by_id(tx);
    if (!numbers) return std::unexpected{numbers.error()};
    return fail(ErrorCode::conflict, "overlapping validity: " + point_of(row) + " is technician " +
                                         std::to_string(numbers->at(other.technician_id)) + "'s " +
                                         words_for(period_of(other)) + " (support point " +
                                         std::to_string(other.id) + "); end that one first" +
                                         (own ? "" : ", or say that they share it"));
  }
  return {};
}

base::Result<Done> finish_row(store::Transaction& tx, const Actor& actor, Way way, std::int64_t number,
                              const store::Put& put, const SupportPoint* before, const SupportPoint& after) {
  return finish(tx, actor, way, "support_point", std::to_string(number) + " " + point_of(after), put,
                before != nullptr ? json_text(*before, number) : "", json_text(after, number));
}

}  // namespace

base::Result<Done> add_support_point(store::Transaction& tx, const Actor& actor,
                                     std::int64_t technician_number, SupportPoint row, Sharing sharing) {
  if (auto fine = check(row); !fine) return std::unexpected{fine.error()};
  const auto technician = the_technician(tx, technician_number);
  if (!technician) return std::unexpected{technician.error()};
  row.id = 0;
  row.technician_id = technician->id;
  const auto same = store::support_points_of(tx, row.workstation, row.anydesk_id);
  if (!same) return std::unexpected{same.error()};
  if (auto fine = check_overlap(tx, row, *same, sharing); !fine) return std::unexpected{fine.error()};
  const auto id = store::add_support_point(tx, row);
  if (!id) return std::unexpected{id.error()};
  return finish_row(tx, actor, Way::add, technician_number, {.id = *id, .created = true, .changed = true},
                    nullptr, row);
}

base::Result<Done> change_support_point(store::Transaction& tx, const Actor& actor, const SupportPoint& row,
                                        Sharing sharing) {
  const auto all = store::list_support_points(tx);
  if (!all) return std::unexpected{all.error()};
  const auto before = std::ranges::find(*all, row.id, &SupportPoint::id);
  if (auto fine = check_way(Way::change, before != all->end(), "support point", std::to_string(row.id));
      !fine) {
    return std::unexpected{fine.error()};
  }
  auto after = *before;
  after.valid_from = row.valid_from;
  after.valid_to = row.valid_to;
  if (auto fine = check(after); !fine) return std::unexpected{fine.error()};
  const auto same = store::support_points_of(tx, after.workstation, after.anydesk_id);
  if (!same) return std::unexpected{same.error()};
  if (auto fine = check_overlap(tx, after, *same, sharing); !fine) return std::unexpected{fine.error()};
  const auto numbers = numbers_by_id(tx);
  if (!numbers) return std::unexpected{numbers.error()};
  const auto changed = store::change_support_point(tx, after);
  if (!changed) return std::unexpected{changed.error()};
  return finish_row(tx, actor, Way::change, numbers->at(after.technician_id),
                    {.id = after.id, .created = false, .changed = *changed}, &*before, after);
}

base::Result<Done> import_support_point(store::Transaction& tx, const Actor& actor,
                                        std::int64_t technician_number, SupportPoint row, Sharing sharing) {
  if (auto fine = check(row); !fine) return std::unexpected{fine.error()};
  const auto technician = the_technician(tx, technician_number);
  if (!technician) return std::unexpected{technician.error()};
  row.technician_id = technician->id;
  const auto same = store::support_points_of(tx, row.workstation, row.anydesk_id);
  if (!same) return std::unexpected{same.error()};
  const auto standing = std::ranges::find_if(*same, [&](const SupportPoint& other) {
    return other.technician_id == row.technician_id && overlap(period_of(row), period_of(other));
  });
  const SupportPoint* before = standing == same->end() ? nullptr : &*standing;
  row.id = before != nullptr ? before->id : 0;
  // What stands already was said before, whatever overlaps with it.
  if (before == nullptr || period_of(*before) != period_of(row)) {
    if (auto fine = check_overlap(tx, row, *same, sharing); !fine) return std::unexpected{fine.error()};
  }
  const auto put = store::upsert_support_point(tx, row);
  if (!put) return std::unexpected{put.error()};
  return finish_row(tx, actor, Way::import, technician_number, *put, before, row);
}

}  // namespace collector::actions
