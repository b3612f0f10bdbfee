#include "collector/import/rows.h"

#include <algorithm>

#include "collector/actions/to_json.h"
#include "collector/import/directory_rows.h"
#include "collector/ledger/entry.h"
#include "collector/rating/words.h"
#include "collector/store/comments.h"
#include "collector/store/holidays.h"
#include "collector/store/ledger.h"
#include "collector/store/ledger_rows.h"
#include "common/base/nearest.h"

namespace collector::import {

namespace {

using store::Put;
constexpr std::int64_t kDay_s = 86'400;
constexpr std::int64_t kPurchaseMax_min = 10'000'000;

// The newest rule of that name, or that of a new template: the file lays its columns over it.
base::Result<rating::Rule> rule_before(const Context& context, const std::string& name) {
  const auto newest = store::find_template(context.tx, name);
  if (newest) return newest->rule;
  if (newest.error().code == base::ErrorCode::not_found) return rating::Rule{};
  return std::unexpected{newest.error()};
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
  auto before = rule_before(context, name);
  if (!before) return std::unexpected{before.error()};
  auto& rule = *before;
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
  if (put && put->changed) {
    const auto noted =
        actions::note(context.tx, context.actor, "import", "template", name, "", fields.json());
    if (!noted) return std::unexpected{noted.error()};
  }
  return put;
}

base::Result<Put> holiday(Fields& fields, const Context& context) {
  const auto calendar = fields.text("calendar");
  const directory::Holiday row{.day = fields.day("day"), .name = fields.text("name")};
  if (!fields.problems().empty()) return Put{};
  return store::put_holiday(context.tx, calendar, row);
}

// The name of a calendar that has a day, or empty; of the contract there is if the file does not say.
std::string holiday_calendar(Fields& fields, const Context& context, const directory::Contract& row) {
  const auto is_it = [&](const directory::Contract& one) {
    return one.customer_id == row.customer_id && one.name == row.name;
  };
  if (!fields.has("holiday_calendar")) {
    const auto before = std::ranges::find_if(context.directory.contracts, is_it);
    return before == context.directory.contracts.end() ? "" : before->holiday_calendar;
  }
  auto name = fields.optional_text("holiday_calendar");
  std::vector<std::string> names;
  for (const auto& calendar : context.directory.calendars) names.push_back(calendar.name);
  if (!name.empty() && std::ranges::find(names, name) == names.end()) {
    const auto near = base::nearest(name, names);
    fields.complain("holiday_calendar",
                    "'" + name + "' is no calendar of holidays" +
                        (near ? " (did you mean " + *near + "?)" : "; import its days first"));
  }
  return name;
}

// What was bought with a new contract, from its first day on; for one that exists, the figure must be the one
// of then.
base::Status grant_purchase(Fields& fields, const Context& context, const Put& put,
                            const directory::Contract& contract, std::optional<std::int64_t> purchased_min) {
  if (put.created && purchased_min.value_or(0) > 0) {
    const auto begin = context.start_of_day(contract.start_day, contract.time_zone);
    if (!begin) return std::unexpected{begin.error()};
    const auto grant =
        ledger::grant(put.id, *begin, std::string{ledger::kMinutes}, *purchased_min, "", "purchased");
    if (!grant) return std::unexpected{grant.error()};
    const auto id = store::add_entry(context.tx, store::row_of(*grant, contract, context.actor.now), "");
    if (!id) return std::unexpected{id.error()};
    return {};
  }
  if (put.created || !purchased_min) return {};
  const auto entries = store::entries_of_contract(context.tx, put.id);
  if (!entries) return std::unexpected{entries.error()};
  const auto first = std::ranges::find(*entries, "purchased", &store::EntryRow::reason);
  const std::int64_t granted = first == entries->end() ? 0 : first->minutes;
  if (granted != *purchased_min) {
    fields.complain("purchased_min", "says " + std::to_string(*purchased_min) + ", but " +
                                         std::to_string(granted) +
                                         " were purchased; to add time use: contracts grant");
  }
  return {};
}

base::Result<Put> contract(Fields& fields, const Context& context) {
  directory::Contract row;
  const auto* customer = customer_of(fields, context);
  row.customer_id = customer != nullptr ? customer->id : 0;
  row.name = fields.text("name");
  row.model = fields.choice("model", {"prepaid", "indefinite"}) == "prepaid" ? directory::Model::prepaid
                                                                             : directory::Model::indefinite;
  row.template_name = fields.text("template");
  row.start_day = fields.day("start");
  row.end_day = fields.optional_day("end");
  row.time_zone = fields.optional_text("time_zone").empty() ? "UTC" : fields.optional_text("time_zone");
  row.holiday_calendar = holiday_calendar(fields, context, row);
  const auto purchased_min = fields.optional_integer("purchased_min", 0, kPurchaseMax_min);
  row.mail_window_min = fields.integer("mail_window_min", 0, 60 * 24 * 31, 60);
  row.mail_no_charge = fields.flag("mail_no_charge", true);
  if (row.end_day && *row.end_day < row.start_day) fields.complain("end", "is before start");
  if (row.model == directory::Model::indefinite && purchased_min.value_or(0) > 0) {
    fields.complain("purchased_min", "is for prepaid contracts only");
  }
  if (row.start_day.ok() && !context.start_of_day(row.start_day, row.time_zone)) {
    fields.complain("time_zone", "'" + row.time_zone + "' is no time zone such as Europe/Athens");
  }
  const auto rule = store::find_template(context.tx, row.template_name);
  if (!rule && rule.error().code != base::ErrorCode::not_found) return std::unexpected{rule.error()};
  if (!rule && !row.template_name.empty())
    fields.complain("template", "'" + row.template_name + "' is no template");
  if (!fields.problems().empty()) return Put{};
  row.template_id = rule->id;
  const auto put = store::upsert_contract(context.tx, row);
  if (!put) return put;
  if (put->changed) {
    const auto before = std::ranges::find(context.directory.contracts, put->id, &directory::Contract::id);
    const auto noted = actions::note(
        context.tx, context.actor, "import", "contract", customer->code + "/" + row.name,
        before != context.directory.contracts.end() ? actions::json_text(*before, customer->code) : "",
        actions::json_text(row, customer->code));
    if (!noted) return std::unexpected{noted.error()};
  }
  if (auto granted = grant_purchase(fields, context, *put, row, purchased_min); !granted) {
    return std::unexpected{granted.error()};
  }
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
    case Kind::contracts: return contract(fields, context);
    case Kind::comments: return comment(fields, context);
  }
  return base::fail(base::ErrorCode::internal, "a kind of import file that nobody reads");
}

}  // namespace collector::import
