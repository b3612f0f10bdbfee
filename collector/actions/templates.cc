#include "collector/actions/templates.h"

#include <algorithm>
#include <boost/json.hpp>

#include "collector/actions/to_json.h"
#include "collector/rule_text/rule_json.h"
#include "collector/store/holidays.h"
#include "collector/store/templates.h"
#include "collector/store/text.h"

namespace collector::actions {

namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::fail;

// What a template agrees, in order and each as it is always written, so that equal ones are equal.
base::Result<std::vector<directory::Agreed>> check_agreed(const std::vector<rule_text::Field>& fields) {
  std::vector<directory::Agreed> given;
  for (const auto& field : fields) {
    if (field.value.find('\n') != field.value.npos)
      return fail(ErrorCode::invalid_argument, "contract." + field.name + " has a line end in it");
    given.push_back({.name = field.name, .value = field.value});
  }
  directory::Agreement agreement;
  if (auto ok = directory::agree(agreement, given); !ok) return fail("contract", ok.error());
  if (auto ok = directory::check(agreement.model, agreement.terms); !ok) return fail("contract", ok.error());
  const bool sells_time = agreement.model == directory::Model::prepaid;
  const bool sells_money = agreement.model == directory::Model::prepaid_money;
  if ((agreement.purchased_min && !sells_time) || (agreement.purchased_amount && !sells_money)) {
    return fail(ErrorCode::invalid_argument,
                "contract: purchased_min is for the model prepaid, purchased_amount for prepaid_money");
  }
  std::vector<directory::Agreed> all;
  for (const auto name : directory::agreed_names()) {
    const auto said = std::ranges::find(given, name, &directory::Agreed::name);
    if (said == given.end()) continue;
    all.push_back({.name = std::string{name}, .value = directory::agreed_text(agreement, name)});
  }
  return all;
}

std::string day_text(std::chrono::year_month_day day) {
  return timing::to_rfc3339(timing::UtcMs{std::chrono::sys_days{day}.time_since_epoch()}).substr(0, 10);
}

base::Status check_name(const std::string& name) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  if (name.empty()) return fail(ErrorCode::invalid_argument, "name is empty");
  if (is_blank(name.front()) || is_blank(name.back()))
    return fail(ErrorCode::invalid_argument, "name '" + name + "' has blanks around it");
  if (name.size() > store::key_bytes_max)
    return fail(ErrorCode::invalid_argument,
                "name is longer than " + std::to_string(store::key_bytes_max) + " bytes");
  return {};
}

base::Result<std::optional<directory::Template>> newest(store::Transaction& tx, const std::string& name) {
  auto found = store::find_template(tx, name);
  if (found) return std::optional{*std::move(found)};
  if (found.error().code == ErrorCode::not_found) return std::optional<directory::Template>{};
  return std::unexpected{found.error()};
}

}  // namespace

std::string noted_text(const directory::Template& version) {
  json::object all{{"version", version.version}, {"rule", rule_text::to_json(version.rule)}};
  if (!version.contract.empty()) {
    json::object contract;
    for (const auto& one : version.contract) contract[one.name] = one.value;
    all["contract"] = std::move(contract);
  }
  return json::serialize(all);
}

base::Result<TemplateChange> set_template(store::Transaction& tx, const Actor& actor,
                                          const rule_text::TemplateText& text) {
  if (auto ok = check_name(text.name); !ok) return std::unexpected{ok.error()};
  if (auto ok = rating::check(text.rule); !ok) return std::unexpected{ok.error()};
  auto before = newest(tx, text.name);
  if (!before) return std::unexpected{before.error()};
  const std::int64_t version = *before ? (*before)->version : 0;
  if (text.version && *text.version != version) {
    return fail(ErrorCode::conflict, "version " + std::to_string(*text.version) + " of '" + text.name +
                                         "' was edited, but the newest is " + std::to_string(version) +
                                         "; look at it with: templates show '" + text.name + "'");
  }
  std::optional<std::vector<directory::Agreed>> contract;
  if (text.contract) {
    auto agreed = check_agreed(*text.contract);
    if (!agreed) return std::unexpected{agreed.error()};
    contract = *std::move(agreed);
  }
  const auto put = store::add_template_version(tx, text.name, text.rule, contract);
  if (!put) return std::unexpected{put.error()};
  if (!put->changed) return TemplateChange{.before = *before, .after = **before};
  TemplateChange change{
      .before = *std::move(before),
      .after = {.id = put->id, .name = text.name, .version = version + 1, .rule = text.rule, .contract = {}}};
  if (contract) {
    change.after.contract = *std::move(contract);
  } else if (change.before) {
    change.after.contract = change.before->contract;
  }
  if (auto ok = note(tx, actor, change.before ? "change" : "create", "template", text.name,
                     change.before ? noted_text(*change.before) : "", noted_text(change.after));
      !ok) {
    return std::unexpected{ok.error()};
  }
  if (auto bumped = store::bump_directory_version(tx); !bumped) return std::unexpected{bumped.error()};
  return change;
}

base::Result<TemplateChange> new_template(store::Transaction& tx, const Actor& actor,
                                          const rule_text::TemplateText& text) {
  const auto before = newest(tx, text.name);
  if (!before) return std::unexpected{before.error()};
  if (*before) {
    return fail(ErrorCode::conflict, "there is a template '" + text.name +
                                         "' already; to make another version of it use: templates set");
  }
  return set_template(tx, actor, text);
}

base::Status remove_holiday(store::Transaction& tx, const Actor& actor, const std::string& calendar,
                            std::chrono::year_month_day day) {
  const auto calendars = store::list_calendars(tx);
  if (!calendars) return std::unexpected{calendars.error()};
  const auto found = std::ranges::find(*calendars, calendar, &directory::HolidayCalendar::name);
  if (found == calendars->end())
    return fail(ErrorCode::not_found, "there is no calendar of holidays '" + calendar + "'");
  const auto holiday = std::ranges::find(found->holidays, day, &directory::Holiday::day);
  if (holiday == found->holidays.end())
    return fail(ErrorCode::not_found, day_text(day) + " is no holiday in '" + calendar + "'");
  const auto removed = store::remove_holiday(tx, calendar, day);
  if (!removed) return std::unexpected{removed.error()};
  if (auto ok = note(tx, actor, "remove", "holiday", calendar, json_text(*holiday), ""); !ok) {
    return ok;
  }
  if (auto bumped = store::bump_directory_version(tx); !bumped) return std::unexpected{bumped.error()};
  return {};
}

}  // namespace collector::actions
