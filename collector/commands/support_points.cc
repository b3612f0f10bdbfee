// The second half of technicians.h.

#include <algorithm>
#include <boost/json.hpp>
#include <ostream>

#include "collector/actions/support_points.h"
#include "collector/actions/to_json.h"
#include "collector/commands/technicians.h"
#include "collector/directory/typed.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;
using directory::SupportPoint;

namespace {

struct Listed {
  SupportPoint point;
  directory::Technician technician;
};

base::Result<std::vector<Listed>> load(store::Transaction& tx, std::int64_t number) {
  const auto technicians = store::list_technicians(tx);
  if (!technicians) return std::unexpected{technicians.error()};
  const auto points = store::list_support_points(tx);
  if (!points) return std::unexpected{points.error()};
  std::vector<Listed> rows;
  for (const auto& point : *points) {
    const auto who = std::ranges::find(*technicians, point.technician_id, &directory::Technician::id);
    if (number == 0 || who->number == number) rows.push_back({.point = point, .technician = *who});
  }
  return rows;
}

base::Status take_validity(const Cells& cells, SupportPoint& point) {
  if (auto taken = take_moment(cells, "valid_from", point.valid_from); !taken) return taken;
  return take_moment(cells, "valid_to", point.valid_to);
}

actions::Sharing sharing_of(const SupportPointsOptions& options) {
  return options.shared ? actions::Sharing::meant : actions::Sharing::refused;
}

}  // namespace

int run_support_points_list(const SupportPointsOptions& options, std::ostream& out, std::ostream& err) {
  const auto rows =
      look(options.person.config, [&](store::Transaction& tx) { return load(tx, options.technician); });
  if (!rows) return report(err, rows.error());
  if (options.person.json) {
    json::array list;
    for (const auto& row : *rows) {
      auto object = actions::to_json(row.point, row.technician.number);
      object["support_point"] = row.point.id;
      list.push_back(std::move(object));
    }
    out << json::serialize(list) << '\n';
    return 0;
  }
  using base::TextTable;
  TextTable table{{{.heading = "SUPPORT POINT", .align = TextTable::Align::right},
                   {.heading = "TECHNICIAN"},
                   {.heading = "WORKSTATION"},
                   {.heading = "ANYDESK ID"},
                   {.heading = "FROM"},
                   {.heading = "UNTIL"}}};
  for (const auto& [point, technician] : *rows) {
    table.add({std::to_string(point.id), std::to_string(technician.number) + " " + technician.name,
               point.workstation, point.anydesk_id, bound_text(point.valid_from, "always"),
               bound_text(point.valid_to)});
  }
  out << (table.empty() ? "No support points.\n" : table.text());
  return 0;
}

int run_support_points_add(const SupportPointsOptions& options, std::ostream& out, std::ostream& err) {
  const auto act = [&](store::Transaction& tx, const actions::Actor& actor) -> base::Result<actions::Done> {
    SupportPoint point;
    take(options.cells, "workstation", point.workstation);
    if (const auto typed = options.cells.find("anydesk_id"); typed != options.cells.end()) {
      const auto address = directory::typed_address(typed->second);
      if (!address) return base::fail(address.error().code, "anydesk_id " + address.error().message);
      point.anydesk_id = *address;
    }
    if (auto taken = take_validity(options.cells, point); !taken) return std::unexpected{taken.error()};
    return actions::add_support_point(tx, actor, options.technician, point, sharing_of(options));
  };
  return say(by_person(options.person, act), "support point", options.person, out, err);
}

int run_support_points_change(const SupportPointsOptions& options, std::ostream& out, std::ostream& err) {
  const auto act = [&](store::Transaction& tx, const actions::Actor& actor) -> base::Result<actions::Done> {
    const auto all = store::list_support_points(tx);
    if (!all) return std::unexpected{all.error()};
    const auto found = std::ranges::find(*all, options.support_point, &SupportPoint::id);
    SupportPoint point = found == all->end() ? SupportPoint{} : *found;
    point.id = options.support_point;
    if (auto taken = take_validity(options.cells, point); !taken) return std::unexpected{taken.error()};
    return actions::change_support_point(tx, actor, point, sharing_of(options));
  };
  return say(by_person(options.person, act), "support point", options.person, out, err);
}

}  // namespace collector::commands
