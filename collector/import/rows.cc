#include "collector/import/rows.h"

#include <algorithm>

#include "collector/actions/templates.h"
#include "collector/actions/to_json.h"
#include "collector/import/contract_row.h"
#include "collector/import/directory_rows.h"
#include "collector/rating/words.h"
#include "collector/store/comments.h"
#include "collector/store/holidays.h"

namespace collector::import {

namespace {

using store::Put;
constexpr std::int64_t kDay_s = 86'400;

// The newest version, if there is any.
base::Result<std::optional<directory::Template>> newest(const Context& context, const std::string& name) {
  auto found = store::find_template(context.tx, name);
  if (found) return std::optional{*std::move(found)};
  if (found.error().code == base::ErrorCode::not_found) return std::optional<directory::Template>{};
  return std::unexpected{found.error()};
}

// Columns that earlier versions did not know.
void read_later_columns(Fields& fields, rating::Rule& rule) {
  if (fields.has("min_charge_min")) rule.min_charge_min = fields.integer("min_charge_min", 0, 1440, 0);
  if (fields.has("rate_per_hour"))
    rule.rate_per_hour = fields.integer("rate_per_hour", 0, rating::kMoneyMax, 0);
  if (fields.has("base_fee")) rule.base_fee = fields.integer("base_fee", 0, rating::kMoneyMax, 0);
  if (fields.optional_text("round_group").empty()) return;
  const auto word = fields.choice("round_group", {"session", "series", "day"});
  rule.round_group = rating::round_group_from(word).value_or(rule.round_group);
}

base::Result<Put> rule_template(Fields& fields, const Context& context) {
  const auto name = fields.text("name");
  const auto before = newest(context, name);
  if (!before) return std::unexpected{before.error()};
  // The file lays its columns over it.
  auto rule = *before ? (*before)->rule : rating::Rule{};
  rule.free_s = fields.integer("free_s", 0, kDay_s);
  rule.first_block_s = fields.integer("first_block_s", 60, kDay_s);
  rule.grace_s = fields.integer("grace_s", 0, kDay_s);
  rule.increment_s = fields.integer("increment_s", 60, kDay_s);
  rule.boundary =
      rating::boundary_from(fields.choice("boundary", {"start", "after"})).value_or(rule.boundary);
  rule.grace_scope =
      rating::grace_scope_from(fields.choice("grace_scope", {"first", "every"})).value_or(rule.grace_scope);
  rule.max_charge_min = fields.optional_integer("max_charge_min", 0, 1440);
  read_later_columns(fields, rule);
  if (!fields.problems().empty()) return Put{};
  if (const auto ok = rating::check(rule); !ok) {
    fields.complain("rule:", ok.error().message);
    return Put{};
  }
  const auto put = store::add_template_version(context.tx, name, rule);
  if (!put || !put->changed) return put;
  const directory::Template after{
      .id = put->id, .name = name, .version = *before ? (*before)->version + 1 : 1, .rule = rule};
  const auto noted = actions::note(context.tx, context.actor, "import", "template", name,
                                   *before ? actions::noted_text(**before) : "", actions::noted_text(after));
  if (!noted) return std::unexpected{noted.error()};
  return put;
}

// As it stood before this file.
std::optional<directory::Holiday> holiday_before(const Context& context, const std::string& calendar,
                                                 std::chrono::year_month_day day) {
  for (const auto& one : context.directory.calendars) {
    if (one.name != calendar) continue;
    const auto found = std::ranges::find(one.holidays, day, &directory::Holiday::day);
    if (found != one.holidays.end()) return *found;
  }
  return std::nullopt;
}

base::Result<Put> holiday(Fields& fields, const Context& context) {
  const auto calendar = fields.text("calendar");
  const directory::Holiday row{.day = fields.day("day"), .name = fields.text("name")};
  if (!fields.problems().empty()) return Put{};
  const auto put = store::put_holiday(context.tx, calendar, row);
  if (!put || !put->changed) return put;
  const auto before = holiday_before(context, calendar, row.day);
  const auto noted = actions::note(context.tx, context.actor, "import", "holiday", calendar,
                                   before ? actions::json_text(*before) : "", actions::json_text(row));
  if (!noted) return std::unexpected{noted.error()};
  return put;
}

base::Result<Put> comment(Fields& fields, const Context& context) {
  if (fields.optional_text("remote_id").empty()) fields.complain("remote_id", "is empty");
  const store::CommentRow row{.id = 0,
                              .remote_id = fields.anydesk_address("remote_id"),
                              .anydesk_id = fields.anydesk_address("anydesk_id"),
                              .started = fields.moment("start"),
                              .text = fields.optional_text("comment"),
                              .source = "import",
                              .imported = context.actor.now};
  if (!fields.problems().empty()) return Put{};
  const auto added = store::add_comment(context.tx, row);
  if (!added) return std::unexpected{added.error()};
  if (added->is_new) {
    const auto noted =
        actions::note(context.tx, context.actor, "import", "comment", row.remote_id, "", fields.json());
    if (!noted) return std::unexpected{noted.error()};
  }
  return Put{.id = added->id, .created = added->is_new, .changed = added->is_new};
}

}  // namespace

base::Result<Put> take_row(Kind kind, Fields& fields, const Context& context) {
  switch (kind) {
    case Kind::technicians: return technician(fields, context);
    case Kind::customers: return customer(fields, context);
    case Kind::contacts: return contact(fields, context);
    case Kind::partners: return partner(fields, context);
    case Kind::terminals: return terminal(fields, context);
    case Kind::support_points: return support_point(fields, context);
    case Kind::templates: return rule_template(fields, context);
    case Kind::holidays: return holiday(fields, context);
    case Kind::contracts: return contract_row(fields, context);
    case Kind::comments: return comment(fields, context);
  }
  return base::fail(base::ErrorCode::internal, "a kind of import file that nobody reads");
}

}  // namespace collector::import
