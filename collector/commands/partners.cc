#include "collector/commands/partners.h"

#include <boost/json.hpp>
#include <ostream>

#include "collector/actions/partners.h"
#include "collector/actions/to_json.h"
#include "collector/store/partners.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

int put(const PartnersOptions& options, actions::Way way, std::ostream& out, std::ostream& err) {
  const auto act = [&](store::Transaction& tx, const actions::Actor& actor) -> base::Result<actions::Done> {
    const auto before = store::find_partner(tx, options.code);
    if (!before) return std::unexpected{before.error()};
    auto partner = before->value_or(directory::Partner{});
    partner.code = options.code;
    take(options.cells, "name", partner.name);
    take(options.cells, "email", partner.email);
    take(options.cells, "language", partner.language);
    // Of one who is not there that is said, not that he has no name.
    if (way == actions::Way::change && !*before) partner.name = options.code;
    return actions::put_partner(tx, actor, way, partner);
  };
  return say(by_person(options.person, act), "partner", options.person, out, err);
}

}  // namespace

int run_partners_list(const PartnersOptions& options, std::ostream& out, std::ostream& err) {
  const auto rows = look(options.person.config, store::list_partners);
  if (!rows) return report(err, rows.error());
  if (options.person.json) {
    json::array list;
    for (const auto& row : *rows) list.push_back(actions::to_json(row));
    out << json::serialize(list) << '\n';
    return 0;
  }
  base::TextTable table{{{.heading = "PARTNER"},
                         {.heading = "NAME"},
                         {.heading = "E-MAIL", .width_max = 60},
                         {.heading = "LANGUAGE"}}};
  for (const auto& row : *rows) table.add({row.code, row.name, row.email, row.language});
  out << (table.empty() ? "No partners.\n" : table.text());
  return 0;
}

int run_partners_add(const PartnersOptions& options, std::ostream& out, std::ostream& err) {
  return put(options, actions::Way::add, out, err);
}

int run_partners_change(const PartnersOptions& options, std::ostream& out, std::ostream& err) {
  return put(options, actions::Way::change, out, err);
}

}  // namespace collector::commands
