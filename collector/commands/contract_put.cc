#include <algorithm>
#include <boost/json.hpp>
#include <ostream>

#include "collector/actions/contracts.h"
#include "collector/commands/contract_change.h"
#include "collector/commands/desk_work.h"
#include "collector/commands/moment.h"
#include "collector/commands/named_contract.h"
#include "collector/commands/workspace.h"
#include "collector/commands/zones.h"
#include "collector/ledger/lot.h"
#include "collector/store/partners.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;
using base::ErrorCode;
using base::fail;
using directory::Agreed;
using directory::Contract;

namespace {

std::unexpected<base::Error> refuse(std::string what) {
  return fail(ErrorCode::invalid_argument, std::move(what));
}

// What was said on the command line of what a template can agree, too.
std::vector<Agreed> given(const ContractPutOptions& o) {
  std::vector<Agreed> all;
  const auto text = [&](const char* name, const std::optional<std::string>& value) {
    if (value) all.push_back({.name = name, .value = *value});
  };
  const auto number = [&](const char* name, const std::optional<std::int64_t>& value) {
    if (value) all.push_back({.name = name, .value = std::to_string(*value)});
  };
  text("model", o.model);
  text("currency", o.currency);
  text("duration", o.duration);
  number("purchased_min", o.purchased_min);
  text("purchased_amount", o.purchased_amount);
  text("exhaustion", o.exhaustion);
  text("overage_per_hour", o.overage_per_hour);
  text("period", o.period);
  number("included_min", o.included_min);
  text("roll_over_min", o.roll_over_min);
  text("fee", o.fee);
  number("units", o.units);
  text("notice_percent", o.notice_percent);
  text("notice_left", o.notice_left);
  text("notice_days", o.notice_days);
  text("time_zone", o.time_zone);
  number("mail_window_min", o.mail_window_min);
  if (o.mail_no_charge)
    all.push_back({.name = "mail_no_charge", .value = *o.mail_no_charge ? "true" : "false"});
  return all;
}

// The contract as it is, or a new one of the customer.
base::Result<Contract> standing(store::Transaction& tx, const ContractPutOptions& o) {
  const auto directory = store::load_directory(tx, start_of_day_in_zone);
  if (!directory) return std::unexpected{directory.error()};
  const auto customer = std::ranges::find(directory->customers, o.customer, &directory::Customer::code);
  if (customer == directory->customers.end()) {
    return fail(ErrorCode::not_found, "'" + o.customer + "' is no customer's code");
  }
  const auto found = std::ranges::find_if(directory->contracts, [&](const Contract& one) {
    return one.customer_id == customer->id && one.name == o.name;
  });
  const bool there = found != directory->contracts.end();
  if (there && o.add) {
    return fail(ErrorCode::conflict,
                "customer " + o.customer + " has a contract '" + o.name + "': see `contracts change`");
  }
  if (!there && !o.add) {
    return fail(ErrorCode::not_found,
                "customer " + o.customer + " has no contract '" + o.name + "': see `contracts add`");
  }
  if (there) return *found;
  Contract contract;
  contract.customer_id = customer->id;
  contract.name = o.name;
  return contract;
}

// One thing that is agreed, and who said so.
struct Origin {
  std::string field, value, from;
};

// A contract as it is to be, with what is sold with it.
struct Draft {
  Contract contract;
  std::optional<std::int64_t> purchased;
  std::vector<Origin> origins;
};

class Drafting {
 public:
  Drafting(store::Transaction& tx, const ContractPutOptions& options, Contract contract)
      : tx_{tx}, o_{options}, given_{given(options)} {
    draft_.contract = std::move(contract);
  }

  base::Result<Draft> run() {
    for (const auto step :
         {&Drafting::take_template, &Drafting::take_terms, &Drafting::take_days, &Drafting::take_partner}) {
      if (auto done = (this->*step)(); !done) return std::unexpected{done.error()};
    }
    tell();
    return std::move(draft_);
  }

 private:
  base::Status take_template() {
    auto& contract = draft_.contract;
    if (!o_.template_name && contract.template_id != 0) return {};
    auto found = store::find_template(tx_, o_.template_name.value_or("standard"));
    if (!found) return std::unexpected{found.error()};
    contract.template_id = found->id;
    contract.template_name = found->name;
    contract.template_version = found->version;
    contract.rule = found->rule;
    // What stands agreed is not agreed anew because a rule is exchanged.
    if (o_.add) template_ = std::move(found->contract);
    return {};
  }

  base::Status take_terms() {
    auto& contract = draft_.contract;
    if (!o_.add && (o_.duration || o_.purchased_min || o_.purchased_amount)) {
      return refuse("duration and what is bought are for a new contract; see: --end, contracts sell");
    }
    agreement_ = {.model = contract.model,
                  .terms = contract.terms,
                  .time_zone = contract.time_zone,
                  .mail_window_min = contract.mail_window_min,
                  .mail_no_charge = contract.mail_no_charge};
    auto fields = template_;
    fields.insert(fields.end(), given_.begin(), given_.end());
    if (auto ok = directory::agree(agreement_, fields); !ok) return ok;
    contract.model = agreement_.model;
    contract.terms = agreement_.terms;
    contract.time_zone = agreement_.time_zone;
    contract.mail_window_min = agreement_.mail_window_min;
    contract.mail_no_charge = agreement_.mail_no_charge;
    return take_purchase();
  }

  // What the template sells, if the contract is still of that kind; what was said must fit.
  base::Status take_purchase() {
    const bool of_time = agreement_.model == directory::Model::prepaid;
    const bool of_money = agreement_.model == directory::Model::prepaid_money;
    if ((o_.purchased_min && !of_time) || (o_.purchased_amount && !of_money)) {
      return refuse("purchased_min is for the model prepaid, purchased_amount for prepaid_money");
    }
    if (!of_time) agreement_.purchased_min.reset();
    if (!of_money) agreement_.purchased_amount.reset();
    draft_.purchased = of_money ? agreement_.purchased_amount : agreement_.purchased_min;
    if (draft_.purchased == 0) draft_.purchased.reset();
    return {};
  }

  base::Status take_days() {
    auto& contract = draft_.contract;
    if (o_.start) {
      const auto day = parse_day(*o_.start, "start");
      if (!day) return std::unexpected{day.error()};
      contract.start_day = *day;
    }
    if (o_.end && o_.duration) return refuse("give --end or --duration, one of the two");
    if (o_.end && o_.end->empty()) {
      contract.end_day.reset();
    } else if (o_.end) {
      const auto day = parse_day(*o_.end, "end");
      if (!day) return std::unexpected{day.error()};
      contract.end_day = *day;
    } else if (agreement_.duration) {
      contract.end_day = directory::last_day(contract.start_day, *agreement_.duration);
    }
    return {};
  }

  base::Status take_partner() {
    auto& contract = draft_.contract;
    if (o_.customer_told) contract.mail_customer = *o_.customer_told;
    if (o_.partner && o_.partner->empty()) contract.partner.reset();
    if (o_.partner && !o_.partner->empty()) {
      const auto found = store::find_partner(tx_, *o_.partner);
      if (!found) return std::unexpected{found.error()};
      if (!*found) {
        return fail(ErrorCode::not_found,
                    "'" + *o_.partner + "' is no partner's code; see: deskledger-collector partners list");
      }
      if (!contract.partner) contract.partner = directory::ContractPartner{};
      contract.partner->id = (*found)->id;
      contract.partner->code = (*found)->code;
    }
    const bool about_partner = o_.partner_told || o_.partner_from || o_.partner_until;
    if (about_partner && !contract.partner) return refuse("the contract names no partner: give --partner");
    if (o_.partner_told) contract.partner->told = *o_.partner_told;
    if (auto ok = take_day("partner_from", o_.partner_from, &directory::ContractPartner::first_day); !ok)
      return ok;
    return take_day("partner_until", o_.partner_until, &directory::ContractPartner::last_day);
  }

  base::Status take_day(const char* field, const std::optional<std::string>& text,
                        std::optional<std::chrono::year_month_day> directory::ContractPartner::* place) {
    if (!text) return {};
    if (text->empty()) {
      ((*draft_.contract.partner).*place).reset();
      return {};
    }
    const auto day = parse_day(*text, field);
    if (!day) return std::unexpected{day.error()};
    (*draft_.contract.partner).*place = *day;
    return {};
  }

  // Who said it: a person now, the template, or nobody.
  std::string from(std::string_view name) const {
    if (std::ranges::find(given_, name, &Agreed::name) != given_.end()) return "given";
    if (std::ranges::find(template_, name, &Agreed::name) != template_.end())
      return "template " + draft_.contract.template_name + " v" +
             std::to_string(draft_.contract.template_version);
    return o_.add ? "standard" : "as agreed";
  }

  void tell() {
    const auto& contract = draft_.contract;
    auto& all = draft_.origins;
    all.push_back({"template", contract.template_name + " v" + std::to_string(contract.template_version),
                   o_.template_name ? "given" : from("")});
    all.push_back({"start", ledger::day_text(contract.start_day), o_.start ? "given" : from("")});
    if (contract.end_day) {
      const bool by_duration = !o_.end && agreement_.duration.has_value();
      all.push_back({"end", ledger::day_text(*contract.end_day),
                     by_duration ? "duration"
                     : o_.end    ? "given"
                                 : from("")});
    }
    for (const auto name : directory::agreed_names()) {
      if (name == "duration" && o_.end) continue;
      auto value = directory::agreed_text(agreement_, name);
      if (!value.empty()) all.push_back({std::string{name}, std::move(value), from(name)});
    }
    if (contract.partner) all.push_back({"partner", contract.partner->code, o_.partner ? "given" : from("")});
    all.push_back(
        {"customer_told", contract.mail_customer ? "true" : "false", o_.customer_told ? "given" : from("")});
  }

  store::Transaction& tx_;
  const ContractPutOptions& o_;
  std::vector<Agreed> given_;
  std::vector<Agreed> template_;  // What it agrees, for a new contract.
  directory::Agreement agreement_;
  Draft draft_;
};

// The contract, and what was bought with it, from its first day on.
base::Result<store::Put> write(store::Transaction& tx, const ContractPutOptions& o, Draft& draft) {
  auto actor = this_actor(o.reason);
  const auto put = actions::put_contract(tx, actor, draft.contract, start_of_day_in_zone);
  if (!put || !draft.purchased) return put;
  draft.contract.id = put->id;
  // As an import says it, so that a file with the same figure finds it.
  if (actor.why.empty()) actor.why = "purchased";
  const actions::Sale sale{
      .quantity = *draft.purchased, .first_day = draft.contract.start_day, .last_day = {}};
  if (const auto sold = actions::sell(tx, actor, draft.contract, sale, start_of_day_in_zone); !sold)
    return std::unexpected{sold.error()};
  return put;
}

std::string table_of(const std::vector<Origin>& origins) {
  base::TextTable table{{{.heading = "AGREED"}, {.heading = "VALUE", .width_max = 60}, {.heading = "FROM"}}};
  for (const auto& one : origins) table.add({one.field, one.value, one.from});
  return table.text();
}

void tell(const ContractPutOptions& options, const store::Put& put, const Draft& draft, bool previewed,
          std::ostream& out) {
  const std::string what = put.created ? "added" : put.changed ? "changed" : "as before";
  if (options.json) {
    json::array fields;
    for (const auto& one : draft.origins)
      fields.push_back(json::object{{"field", one.field}, {"value", one.value}, {"from", one.from}});
    out << json::serialize(json::object{{"contract", put.id},
                                        {"created", put.created},
                                        {"changed", put.changed},
                                        {"committed", !previewed},
                                        {"agreed", std::move(fields)}})
        << '\n';
  } else if (previewed) {
    out << table_of(draft.origins) << "The contract would be " << what
        << ". This was a preview: nothing was changed.\n";
  } else {
    out << "Contract " << put.id << ", " << options.name << ": " << what << '\n';
  }
}

}  // namespace

int run_contract_put(const ContractPutOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  if (options.add && !options.start)
    return report(err, refuse("start: a new contract needs its first day").error());
  store::Put put;
  Draft draft;
  bool previewed = false;
  const auto done = workspace->database.transaction([&](store::Transaction& tx) -> base::Status {
    auto contract = standing(tx, options);
    if (!contract) return std::unexpected{contract.error()};
    auto drafted = Drafting{tx, options, std::move(*contract)}.run();
    if (!drafted) return std::unexpected{drafted.error()};
    draft = std::move(*drafted);
    const auto written = write(tx, options, draft);
    if (!written) return std::unexpected{written.error()};
    put = *written;
    previewed = options.preview;
    return previewed ? fail(ErrorCode::cancelled, "a preview") : base::Status{};
  });
  if (!done && !previewed) return report(err, done.error());
  tell(options, put, draft, previewed, out);
  return 0;
}

}  // namespace collector::commands
