#include "collector/actions/to_json.h"

#include "collector/ledger/lot.h"

namespace collector::actions {

namespace json = boost::json;

namespace {

json::value moment(const std::optional<timing::UtcMs>& at) {
  return at ? json::value(timing::to_rfc3339(*at)) : json::value(nullptr);
}

std::string day(const std::chrono::year_month_day& date) {
  return timing::to_rfc3339(timing::UtcMs{std::chrono::sys_days{date}.time_since_epoch()}).substr(0, 10);
}

}  // namespace

json::object to_json(const directory::Customer& customer) {
  json::array domains;
  for (const auto& domain : customer.domains) domains.emplace_back(domain);
  return {{"code", customer.code},         {"name", customer.name},     {"email", customer.email},
          {"language", customer.language}, {"rank", customer.rank},     {"domains", std::move(domains)},
          {"tax_id", customer.tax_id},     {"street", customer.street}, {"city", customer.city},
          {"country", customer.country},   {"state", customer.state},   {"postal_code", customer.postal_code},
          {"phone", customer.phone},       {"fax", customer.fax}};
}

json::object to_json(const directory::Contact& contact, const std::string& customer) {
  return {{"customer", customer},   {"first_name", contact.first_name}, {"surname", contact.surname},
          {"email", contact.email}, {"phone", contact.phone},           {"primary", contact.primary}};
}

json::object to_json(const directory::Terminal& terminal, const std::string& customer) {
  return {{"address", terminal.address},
          {"customer", customer},
          {"description", terminal.description},
          {"valid_from_utc", moment(terminal.valid_from)},
          {"valid_to_utc", moment(terminal.valid_to)},
          {"withdrawn_utc", moment(terminal.withdrawn)}};
}

json::object to_json(const directory::Technician& technician) {
  return {{"number", technician.number},
          {"name", technician.name},
          {"email", technician.email},
          {"active", technician.active},
          {"grade", technician.grade}};
}

json::object to_json(const directory::SupportPoint& support_point, std::int64_t technician) {
  return {{"technician", technician},
          {"workstation", support_point.workstation},
          {"anydesk_id", support_point.anydesk_id},
          {"valid_from_utc", moment(support_point.valid_from)},
          {"valid_to_utc", moment(support_point.valid_to)}};
}

json::object to_json(const directory::Partner& partner) {
  return {{"code", partner.code},
          {"name", partner.name},
          {"email", partner.email},
          {"language", partner.language}};
}

json::value partner_json(const std::optional<directory::ContractPartner>& partner) {
  if (!partner) return nullptr;
  const auto day_or_null = [](const std::optional<std::chrono::year_month_day>& date) {
    return date ? json::value(day(*date)) : json::value(nullptr);
  };
  return json::object{{"partner", partner->code},
                      {"told", partner->told},
                      {"from", day_or_null(partner->first_day)},
                      {"until", day_or_null(partner->last_day)}};
}

json::object to_json(const directory::Contract& contract, const std::string& customer) {
  const auto& terms = contract.terms;
  return {{"customer", customer},
          {"name", contract.name},
          {"model", directory::to_string(contract.model)},
          {"template", contract.template_name},
          {"start", day(contract.start_day)},
          {"end", contract.end_day ? json::value(day(*contract.end_day)) : json::value(nullptr)},
          {"time_zone", contract.time_zone},
          {"holiday_calendar", contract.holiday_calendar},
          {"currency", terms.currency},
          {"exhaustion", directory::to_string(terms.exhaustion)},
          {"overage_per_hour", terms.overage_per_hour},
          {"period", directory::to_string(terms.period)},
          {"included_min", terms.included_min},
          {"roll_over_min", terms.roll_over_min ? json::value(*terms.roll_over_min) : json::value(nullptr)},
          {"fee", terms.fee},
          {"units", terms.units},
          {"notice_percent", json::value_from(terms.notice_percent)},
          {"notice_left", json::value_from(terms.notice_left)},
          {"notice_days", json::value_from(terms.notice_days)},
          {"mail_window_min", contract.mail_window_min},
          {"mail_no_charge", contract.mail_no_charge},
          {"customer_told", contract.mail_customer},
          {"partner", partner_json(contract.partner)}};
}

json::object to_json(const directory::Holiday& holiday) {
  return {{"day", ledger::day_text(holiday.day)}, {"name", holiday.name}};
}

json::object to_json(const ledger::Entry& entry) {
  json::array lines;
  for (const auto& line : entry.lines) {
    lines.push_back(json::object{{"account", ledger::to_string(line.account.kind)},
                                 {"lot", line.account.lot},
                                 {"unit", line.account.unit},
                                 {"quantity", line.quantity}});
  }
  return {{"entry", entry.id},
          {"kind", ledger::to_string(entry.kind)},
          {"at_utc", timing::to_rfc3339(entry.at)},
          {"lines", std::move(lines)}};
}

}  // namespace collector::actions
