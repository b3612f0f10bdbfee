#include "collector/import/directory_rows.h"

#include <algorithm>

#include "collector/actions/contacts.h"
#include "collector/actions/customers.h"
#include "collector/actions/partners.h"
#include "collector/actions/support_points.h"
#include "collector/actions/technicians.h"
#include "collector/actions/terminals.h"
#include "collector/directory/typed.h"
#include "collector/store/contacts.h"
#include "collector/store/partners.h"
#include "common/base/nearest.h"

namespace collector::import {

namespace {

using actions::Way;
using store::Put;
constexpr std::size_t kSuggestAmongMax = 500;

base::Result<Put> put_of(const base::Result<actions::Done>& done) {
  if (!done) return std::unexpected{done.error()};
  return Put{.id = 0, .created = done->created, .changed = done->changed};
}

// The cell where the file has that column; what the row had stays where it has not.
void take(Fields& fields, std::string_view column, std::string& text) {
  if (fields.has(column)) text = fields.optional_text(column);
}

void take_email(Fields& fields, std::string& text) {
  if (fields.has("email")) text = fields.email("email");
}

void take_language(Fields& fields, std::string& text) {
  if (fields.has("language")) text = fields.language("language");
  if (text.empty()) text = "en";
}

std::vector<std::string> codes(const directory::Directory& directory) {
  std::vector<std::string> all;
  std::ranges::transform(directory.customers, std::back_inserter(all), &directory::Customer::code);
  return all;
}

// As it stood before this file: by the code, or without one by the name if exactly one has it. That is enough
// to keep what a file has no column for, because no row of the file changes that.
template <class Row>
Row standing(const std::vector<Row>& rows, const std::string& code, const std::string& name) {
  const auto is_meant = [&](const Row& row) { return code.empty() ? row.name == name : row.code == code; };
  const auto found = std::ranges::find_if(rows, is_meant);
  Row row;
  if (found != rows.end() && std::find_if(found + 1, rows.end(), is_meant) == rows.end()) row = *found;
  if (row.code.empty()) row.code = code;
  row.name = name;
  return row;
}

void check_period(Fields& fields, const auto& row) {
  if (row.valid_from && row.valid_to && *row.valid_to <= *row.valid_from) {
    fields.complain("valid_to", "is not after valid_from");
  }
}

}  // namespace

const directory::Customer* customer_of(Fields& fields, const Context& context) {
  const auto& customers = context.directory.customers;
  const auto code = fields.text("customer");
  const auto found = std::ranges::find(customers, code, &directory::Customer::code);
  if (found != customers.end()) return &*found;
  if (!code.empty()) {
    // Among very many the search would take longer than it helps.
    const bool few = customers.size() <= kSuggestAmongMax;
    const auto near = few ? base::nearest(code, codes(context.directory)) : std::nullopt;
    fields.complain("customer",
                    "'" + code + "' is no customer's code" + (near ? " (did you mean " + *near + "?)" : ""));
  }
  return nullptr;
}

base::Result<Put> technician(Fields& fields, const Context& context) {
  const auto number = fields.integer("number", 1, 999'999);
  const auto& all = context.directory.technicians;
  const auto found = std::ranges::find(all, number, &directory::Technician::number);
  directory::Technician row = found == all.end() ? directory::Technician{} : *found;
  row.number = number;
  row.name = fields.text("name");
  take_email(fields, row.email);
  if (fields.has("active")) row.active = fields.flag("active", true);
  take(fields, "grade", row.grade);
  if (!fields.problems().empty()) return Put{};
  return put_of(actions::put_technician(context.tx, context.actor, Way::import, row));
}

base::Result<Put> customer(Fields& fields, const Context& context) {
  const auto name = fields.text("name");
  const auto code = fields.optional_text("code");
  if (!fields.problems().empty()) return Put{};
  auto row = standing(context.directory.customers, code, name);
  take_email(fields, row.email);
  take_language(fields, row.language);
  if (fields.has("domains")) row.domains = fields.domains("domains");
  for (const auto& [column, cell] : {std::pair{"rank", &row.rank},
                                     {"tax_id", &row.tax_id},
                                     {"street", &row.street},
                                     {"city", &row.city},
                                     {"country", &row.country},
                                     {"state", &row.state},
                                     {"postal_code", &row.postal_code},
                                     {"phone", &row.phone},
                                     {"fax", &row.fax}}) {
    take(fields, column, *cell);
  }
  if (!fields.problems().empty()) return Put{};
  // A name that several have, and no code: put_customer says so.
  return put_of(actions::put_customer(context.tx, context.actor, Way::import, std::move(row)));
}

base::Result<Put> contact(Fields& fields, const Context& context) {
  const auto* owner = customer_of(fields, context);
  const auto email = directory::lower(fields.text("email"));
  directory::Contact row;
  if (owner != nullptr && !email.empty()) {
    const auto found = store::find_contact(context.tx, owner->id, email);
    if (!found) return std::unexpected{found.error()};
    if (*found) row = **found;
  }
  row.first_name = fields.text("first_name");
  row.surname = fields.text("surname");
  if (!email.empty()) row.email = fields.email("email");
  take(fields, "phone", row.phone);
  row.primary = fields.flag("primary", false);
  if (!fields.problems().empty()) return Put{};
  return put_of(actions::put_contact(context.tx, context.actor, Way::import, *owner, row));
}

base::Result<Put> partner(Fields& fields, const Context& context) {
  const auto name = fields.text("name");
  const auto code = fields.optional_text("partner");
  if (!fields.problems().empty()) return Put{};
  const auto partners = store::list_partners(context.tx);
  if (!partners) return std::unexpected{partners.error()};
  auto row = standing(*partners, code, name);
  take_email(fields, row.email);
  take_language(fields, row.language);
  if (!fields.problems().empty()) return Put{};
  return put_of(actions::put_partner(context.tx, context.actor, Way::import, std::move(row)));
}

base::Result<Put> terminal(Fields& fields, const Context& context) {
  if (fields.optional_text("address").empty()) fields.complain("address", "is empty");
  const auto* owner = customer_of(fields, context);
  const directory::Terminal row{.id = 0,
                                .customer_id = 0,
                                .address = fields.anydesk_address("address"),
                                .description = fields.optional_text("description"),
                                .valid_from = fields.optional_moment("valid_from"),
                                .valid_to = fields.optional_moment("valid_to")};
  check_period(fields, row);
  if (!fields.problems().empty()) return Put{};
  return put_of(actions::import_terminal(context.tx, context.actor, *owner, row));
}

base::Result<Put> support_point(Fields& fields, const Context& context) {
  const auto number = fields.integer("technician", 1, 999'999);
  const auto& all = context.directory.technicians;
  if (std::ranges::find(all, number, &directory::Technician::number) == all.end()) {
    fields.complain("technician", std::to_string(number) + " is no technician's number");
  }
  const directory::SupportPoint row{.id = 0,
                                    .technician_id = 0,
                                    .workstation = fields.optional_text("workstation"),
                                    .anydesk_id = fields.anydesk_address("anydesk_id"),
                                    .valid_from = fields.optional_moment("valid_from"),
                                    .valid_to = fields.optional_moment("valid_to")};
  if (row.workstation.empty() == row.anydesk_id.empty()) {
    fields.complain("workstation", "and anydesk_id: exactly one of the two must be given");
  }
  const auto sharing = fields.flag("shared", false) ? actions::Sharing::meant : actions::Sharing::refused;
  check_period(fields, row);
  if (!fields.problems().empty()) return Put{};
  return put_of(actions::import_support_point(context.tx, context.actor, number, row, sharing));
}

}  // namespace collector::import
