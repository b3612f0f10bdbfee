#include "collector/commands/technicians.h"

#include <boost/json.hpp>
#include <ostream>

#include "collector/actions/technicians.h"
#include "collector/actions/to_json.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

int put(const TechniciansOptions& options, actions::Way way, std::ostream& out, std::ostream& err) {
  const auto act = [&](store::Transaction& tx, const actions::Actor& actor) -> base::Result<actions::Done> {
    directory::Technician technician;
    if (way == actions::Way::change) {
      const auto before = actions::the_technician(tx, options.number);
      if (!before) return std::unexpected{before.error()};
      technician = *before;
    }
    technician.number = options.number;
    take(options.cells, "name", technician.name);
    take(options.cells, "email", technician.email);
    take(options.cells, "grade", technician.grade);
    if (auto taken = take_flag(options.cells, "active", technician.active); !taken) {
      return std::unexpected{taken.error()};
    }
    return actions::put_technician(tx, actor, way, technician);
  };
  return say(by_person(options.person, act), "technician", options.person, out, err);
}

}  // namespace

int run_technicians_list(const TechniciansOptions& options, std::ostream& out, std::ostream& err) {
  const auto rows = look(options.person.config, store::list_technicians);
  if (!rows) return report(err, rows.error());
  if (options.person.json) {
    json::array list;
    for (const auto& row : *rows) list.push_back(actions::to_json(row));
    out << json::serialize(list) << '\n';
    return 0;
  }
  using base::TextTable;
  TextTable table{{{.heading = "NUMBER", .align = TextTable::Align::right},
                   {.heading = "NAME"},
                   {.heading = "E-MAIL", .width_max = 60},
                   {.heading = "GRADE"},
                   {.heading = ""}}};
  for (const auto& row : *rows) {
    table.add({std::to_string(row.number), row.name, row.email, row.grade, row.active ? "" : "left"});
  }
  out << (table.empty() ? "No technicians.\n" : table.text());
  return 0;
}

int run_technicians_add(const TechniciansOptions& options, std::ostream& out, std::ostream& err) {
  return put(options, actions::Way::add, out, err);
}

int run_technicians_change(const TechniciansOptions& options, std::ostream& out, std::ostream& err) {
  return put(options, actions::Way::change, out, err);
}

}  // namespace collector::commands
