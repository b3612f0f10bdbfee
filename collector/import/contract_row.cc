#include "collector/import/contract_row.h"

#include <algorithm>
#include <charconv>

#include "collector/actions/contracts.h"
#include "collector/actions/to_json.h"
#include "collector/import/directory_rows.h"
#include "collector/ledger/entry.h"
#include "collector/rating/money.h"
#include "collector/store/ledger.h"
#include "collector/store/ledger_rows.h"
#include "collector/store/partners.h"
#include "common/base/nearest.h"

namespace collector::import {

namespace {

using directory::Contract;
using directory::Model;
using store::Put;

// The reason by which what was bought with a contract is found again.
constexpr const char* kPurchased = "purchased";

// The contract as it stands, or a new one of that customer and name.
Contract standing(const Context& context, std::int64_t customer_id, const std::string& name) {
  const auto found = std::ranges::find_if(context.directory.contracts, [&](const Contract& one) {
    return one.customer_id == customer_id && one.name == name;
  });
  if (found != context.directory.contracts.end()) return *found;
  Contract contract;
  contract.customer_id = customer_id;
  contract.name = name;
  return contract;
}

// The name of a calendar that has a day, or empty.
std::string holiday_calendar(Fields& fields, const Context& context) {
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

std::int64_t money(Fields& fields, std::string_view column, const std::string& currency) {
  const auto text = fields.optional_text(column);
  if (text.empty()) return 0;
  const auto amount = rating::money_from(text, currency);
  if (!amount) fields.complain(column, amount.error().message);
  return amount.value_or(0);
}

// "80,95" or "80 95".
std::vector<std::int64_t> numbers(Fields& fields, std::string_view column) {
  auto text = fields.optional_text(column);
  std::ranges::replace(text, ' ', ',');
  std::vector<std::int64_t> all;
  for (std::size_t at = 0; at < text.size();) {
    const auto comma = std::min(text.find(',', at), text.size());
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + comma, value);
    if (error != std::errc{} || end != text.data() + comma) {
      fields.complain(column, "'" + text + "' is no list of whole numbers such as 80,95");
      return {};
    }
    all.push_back(value);
    at = comma + 1;
  }
  return all;
}

// Columns that earlier versions did not know: what a file does not have stays as it is, an empty cell is the
// standard.
void read_terms(Fields& fields, directory::Terms& terms) {
  const directory::Terms standard;
  const auto choice = [&](std::string_view column, const std::vector<std::string>& words) {
    return fields.optional_text(column).empty() ? std::string{} : fields.choice(column, words);
  };
  if (fields.has("currency")) {
    terms.currency = fields.optional_text("currency");
    if (terms.currency.empty()) terms.currency = standard.currency;
  }
  if (fields.has("exhaustion")) {
    terms.exhaustion = directory::exhaustion_from(choice("exhaustion", directory::exhaustion_words()))
                           .value_or(standard.exhaustion);
  }
  if (fields.has("period")) {
    terms.period =
        directory::period_from(choice("period", directory::period_words())).value_or(standard.period);
  }
  if (fields.has("overage_per_hour"))
    terms.overage_per_hour = money(fields, "overage_per_hour", terms.currency);
  if (fields.has("fee")) terms.fee = money(fields, "fee", terms.currency);
  if (fields.has("included_min")) terms.included_min = fields.integer("included_min", 0, 10'000'000, 0);
  if (fields.has("units")) terms.units = fields.integer("units", 1, 1'000'000, 1);
  if (fields.has("roll_over_min")) {
    const bool all = fields.optional_text("roll_over_min") == "all";
    terms.roll_over_min =
        all ? std::nullopt : std::optional{fields.integer("roll_over_min", 0, 10'000'000, 0)};
  }
  if (fields.has("notice_percent")) terms.notice_percent = numbers(fields, "notice_percent");
  if (fields.has("notice_days")) terms.notice_days = numbers(fields, "notice_days");
}

// "60,15", in the unit that the contract holds.
void read_notice_left(Fields& fields, Contract& row) {
  if (!fields.has("notice_left")) return;
  auto text = fields.optional_text("notice_left");
  std::ranges::replace(text, ' ', ',');
  directory::Agreement agreement{.model = row.model, .terms = row.terms};
  const std::vector<directory::Agreed> said{{.name = "notice_left", .value = text}};
  if (const auto read = directory::agree(agreement, said); !read) {
    // It begins with the column.
    const auto& what = read.error().message;
    fields.complain("notice_left", what.substr(std::min(what.find(": ") + 2, what.size())));
  }
  row.terms.notice_left = agreement.terms.notice_left;
}

// Who passed the customer on, and who of the two is told.
void read_partner(Fields& fields, const Context& context, Contract& row) {
  if (fields.has("customer_told")) row.mail_customer = fields.flag("customer_told", true);
  if (fields.has("partner")) {
    const auto code = fields.optional_text("partner");
    const auto found = code.empty() ? base::Result<std::optional<directory::Partner>>{std::nullopt}
                                    : store::find_partner(context.tx, code);
    if (!found) return fields.complain("partner", found.error().message);
    if (!code.empty() && !*found) fields.complain("partner", "'" + code + "' is no partner's code");
    if (!*found) {
      row.partner.reset();
    } else {
      if (!row.partner) row.partner = directory::ContractPartner{};
      row.partner->id = (*found)->id;
      row.partner->code = code;
    }
  }
  directory::ContractPartner none;
  auto& partner = row.partner ? *row.partner : none;
  if (fields.has("partner_told")) partner.told = fields.flag("partner_told", true);
  if (fields.has("partner_from")) partner.first_day = fields.optional_day("partner_from");
  if (fields.has("partner_until")) partner.last_day = fields.optional_day("partner_until");
  if (!row.partner && (none.first_day || none.last_day))
    fields.complain("partner", "is empty, but it has days");
}

Contract read_contract(Fields& fields, const Context& context) {
  const auto* customer = customer_of(fields, context);
  auto row = standing(context, customer != nullptr ? customer->id : 0, fields.text("name"));
  row.model = directory::model_from(fields.choice("model", directory::model_words())).value_or(row.model);
  row.template_name = fields.text("template");
  row.start_day = fields.day("start");
  row.end_day = fields.optional_day("end");
  row.time_zone = fields.optional_text("time_zone").empty() ? "UTC" : fields.optional_text("time_zone");
  if (fields.has("holiday_calendar")) row.holiday_calendar = holiday_calendar(fields, context);
  row.mail_window_min = fields.integer("mail_window_min", 0, 60 * 24 * 31, 60);
  row.mail_no_charge = fields.flag("mail_no_charge", true);
  read_terms(fields, row.terms);
  read_notice_left(fields, row);
  read_partner(fields, context, row);
  return row;
}

// What the row says was bought with the contract, in its own unit; nothing if it does not say.
std::optional<std::int64_t> purchase(Fields& fields, const Contract& row) {
  const auto minutes = fields.optional_integer("purchased_min", 0, ledger::kGrantMax);
  const bool has_amount = fields.has("purchased_amount") && !fields.optional_text("purchased_amount").empty();
  const auto amount =
      has_amount ? std::optional{money(fields, "purchased_amount", row.terms.currency)} : std::nullopt;
  if (row.model != Model::prepaid && minutes.value_or(0) > 0) {
    fields.complain("purchased_min", "is for contracts of prepaid time only");
  }
  if (row.model != Model::prepaid_money && amount.value_or(0) != 0) {
    fields.complain("purchased_amount", "is for contracts of prepaid money only");
  }
  return row.model == Model::prepaid_money ? amount : minutes;
}

// Sold from the contract's first day on; for one that exists, the figure must be the one of then.
base::Status note_purchase(Fields& fields, const Context& context, const Put& put, const Contract& row,
                           std::optional<std::int64_t> bought) {
  const bool of_money = row.model == Model::prepaid_money;
  if (put.created && bought.value_or(0) > 0) {
    const auto begin = context.start_of_day(row.start_day, row.time_zone);
    if (!begin) return std::unexpected{begin.error()};
    const auto grant =
        ledger::grant(put.id, *begin, of_money ? row.terms.currency : std::string{ledger::kMinutes}, *bought,
                      "", kPurchased);
    if (!grant) {
      fields.complain(of_money ? "purchased_amount" : "purchased_min", grant.error().message);
      return {};
    }
    const auto id = store::add_entry(context.tx, store::row_of(*grant, row, context.actor.now), "");
    if (!id) return std::unexpected{id.error()};
    auto sold = *grant;
    sold.id = *id;
    return actions::note(context.tx, context.actor, "sell", "contract", std::to_string(put.id), "",
                         actions::json_text(sold));
  }
  if (put.created || !bought) return {};
  const auto entries = store::entries_of_contract(context.tx, put.id);
  if (!entries) return std::unexpected{entries.error()};
  const auto first = std::ranges::find(*entries, kPurchased, &store::EntryRow::reason);
  const std::int64_t then = first == entries->end() ? 0 : of_money ? first->amount : first->minutes;
  if (then != *bought) {
    const auto text = [&](std::int64_t quantity) {
      return of_money ? rating::money_text(quantity, row.terms.currency) : std::to_string(quantity);
    };
    fields.complain(
        of_money ? "purchased_amount" : "purchased_min",
        "says " + text(*bought) + ", but " + text(then) + " were purchased; to add more use: contracts sell");
  }
  return {};
}

}  // namespace

base::Result<Put> contract_row(Fields& fields, const Context& context) {
  auto row = read_contract(fields, context);
  const auto bought = purchase(fields, row);
  const auto rule = store::find_template(context.tx, row.template_name);
  if (!rule && rule.error().code != base::ErrorCode::not_found) return std::unexpected{rule.error()};
  if (!rule && !row.template_name.empty()) {
    fields.complain("template", "'" + row.template_name + "' is no template");
  }
  if (rule) {
    row.template_id = rule->id;
    row.rule = rule->rule;
  }
  if (fields.problems().empty()) {
    const auto good = actions::check_contract(row, context.start_of_day);
    if (!good) {
      // It begins with the field.
      const auto& what = good.error().message;
      const auto blank = std::min(what.find(' '), what.size());
      fields.complain(what.substr(0, blank), what.substr(std::min(blank + 1, what.size())));
    }
  }
  if (!fields.problems().empty()) return Put{};
  const auto put = store::upsert_contract(context.tx, row);
  if (!put) return put;
  if (put->changed) {
    const auto owner =
        std::ranges::find(context.directory.customers, row.customer_id, &directory::Customer::id);
    const auto before = std::ranges::find(context.directory.contracts, put->id, &Contract::id);
    const auto noted = actions::note(
        context.tx, context.actor, "import", "contract", std::to_string(put->id),
        before != context.directory.contracts.end() ? actions::json_text(*before, owner->code) : "",
        actions::json_text(row, owner->code));
    if (!noted) return std::unexpected{noted.error()};
  }
  if (auto done = note_purchase(fields, context, *put, row, bought); !done)
    return std::unexpected{done.error()};
  return put;
}

}  // namespace collector::import
