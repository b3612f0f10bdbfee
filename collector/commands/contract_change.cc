#include "collector/commands/contract_change.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <ostream>

#include "collector/actions/contracts.h"
#include "collector/commands/named_contract.h"
#include "collector/commands/person.h"
#include "collector/commands/workspace.h"
#include "collector/commands/zones.h"
#include "collector/directory/money.h"
#include "collector/ledger/lot.h"

namespace collector::commands {

namespace json = boost::json;
using base::ErrorCode;
using base::fail;
using directory::Contract;

namespace {

std::unexpected<base::Error> refuse(std::string what) {
  return fail(ErrorCode::invalid_argument, std::move(what));
}

base::Result<std::chrono::year_month_day> day(std::string_view field, const std::string& text) {
  const auto at =
      text.size() == 10 ? timing::from_rfc3339(text + "T00:00:00Z") : base::Result<timing::UtcMs>{refuse("")};
  if (!at) return refuse(std::string{field} + ": '" + text + "' is no day such as 2026-11-01");
  return std::chrono::floor<std::chrono::days>(*at);
}

template <class Value>
base::Result<Value> word(std::string_view field, const std::optional<Value>& value, const std::string& text,
                         const std::vector<std::string>& words) {
  if (value) return *value;
  std::string all;
  for (const auto& one : words) all += (all.empty() ? "" : ", ") + one;
  return refuse(std::string{field} + ": '" + text + "' is none of " + all);
}

base::Result<std::int64_t> number(std::string_view field, std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && end == text.data() + text.size()) return value;
  return refuse(std::string{field} + ": '" + std::string{text} + "' is no whole number");
}

base::Result<std::vector<std::int64_t>> numbers(std::string_view field, const std::string& text) {
  std::vector<std::int64_t> all;
  for (std::size_t at = 0; at < text.size();) {
    const auto comma = std::min(text.find(',', at), text.size());
    const auto value = number(field, std::string_view{text}.substr(at, comma - at));
    if (!value) return std::unexpected{value.error()};
    all.push_back(*value);
    at = comma + 1;
  }
  return all;
}

// Puts what `read` gives into `place`, or remembers its error; nothing if the option was not given.
class Reader {
 public:
  template <class Place, class Option, class Read>
  Reader& take(Place& place, const std::optional<Option>& option, Read read) {
    if (!option || !status_) return *this;
    auto value = read(*option);
    if (value) {
      place = std::move(*value);
    } else {
      status_ = std::unexpected{value.error()};
    }
    return *this;
  }
  base::Status status() const { return status_; }

 private:
  base::Status status_;
};

base::Status read_terms(const ContractPutOptions& o, directory::Terms& terms) {
  Reader reader;
  // First, because the digits of money depend on it.
  if (o.currency) terms.currency = *o.currency;
  const auto money = [&](const std::string& text) { return directory::money_from(text, terms.currency); };
  reader.take(terms.exhaustion, o.exhaustion, [](const std::string& text) {
    return word("exhaustion", directory::exhaustion_from(text), text, directory::exhaustion_words());
  });
  reader.take(terms.period, o.period, [](const std::string& text) {
    return word("period", directory::period_from(text), text, directory::period_words());
  });
  reader.take(terms.overage_per_hour, o.overage_per_hour, money).take(terms.fee, o.fee, money);
  reader.take(terms.roll_over_min, o.roll_over_min,
              [](const std::string& text) -> base::Result<std::optional<std::int64_t>> {
                if (text == "all") return std::nullopt;
                const auto value = number("roll-over", text);
                if (!value) return std::unexpected{value.error()};
                return *value;
              });
  reader.take(terms.notice_percent, o.notice_percent,
              [](const std::string& text) { return numbers("notice-percent", text); });
  reader.take(terms.notice_days, o.notice_days,
              [](const std::string& text) { return numbers("notice-days", text); });
  if (o.included_min) terms.included_min = *o.included_min;
  if (o.units) terms.units = *o.units;
  return reader.status();
}

base::Status read_contract(store::Transaction& tx, const ContractPutOptions& o, Contract& contract) {
  Reader reader;
  reader.take(contract.model, o.model, [](const std::string& text) {
    return word("model", directory::model_from(text), text, directory::model_words());
  });
  reader.take(contract.start_day, o.start, [](const std::string& text) { return day("start", text); });
  if (o.end && o.end->empty()) {
    contract.end_day.reset();
  } else {
    reader.take(contract.end_day, o.end, [](const std::string& text) { return day("end", text); });
  }
  if (o.time_zone) contract.time_zone = *o.time_zone;
  if (o.mail_window_min) contract.mail_window_min = *o.mail_window_min;
  if (o.mail_no_charge) contract.mail_no_charge = *o.mail_no_charge;
  if (auto ok = reader.status(); !ok) return ok;
  if (o.template_name || contract.template_id == 0) {
    const auto rule = store::find_template(tx, o.template_name.value_or("standard"));
    if (!rule) return std::unexpected{rule.error()};
    contract.template_id = rule->id;
    contract.template_name = rule->name;
    contract.rule = rule->rule;
  }
  return read_terms(o, contract.terms);
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

// What an action did to a contract's books, told.
int tell(const NamedContract& found, const ledger::Entry& entry, const std::vector<store::LineRow>& accounts,
         bool as_json, std::ostream& out) {
  const auto balance = balance_text(found.contract, accounts);
  if (as_json) {
    out << json::serialize(json::object{{"entry", entry.id},
                                        {"kind", ledger::to_string(entry.kind)},
                                        {"contract", found.contract.id},
                                        {"at_utc", timing::to_rfc3339(entry.at)},
                                        {"balance", balance}})
        << '\n';
  } else {
    out << found.customer.name << ", " << found.contract.name << ": entry " << entry.id << " ("
        << ledger::to_string(entry.kind) << "), " << balance << '\n';
  }
  return 0;
}

// Does `act` with the contract in one transaction, and tells what came of it.
template <class Act>
int enter(const std::filesystem::path& config, std::int64_t contract_id, bool as_json, std::ostream& out,
          std::ostream& err, Act act) {
  auto workspace = open_workspace(config);
  if (!workspace) return report(err, workspace.error());
  NamedContract found;
  ledger::Entry entry;
  std::vector<store::LineRow> accounts;
  const auto done = workspace->database.transaction([&](store::Transaction& tx) -> base::Status {
    auto named = named_contract(tx, contract_id);
    if (!named) return std::unexpected{named.error()};
    found = std::move(*named);
    auto written = act(tx, found.contract);
    if (!written) return std::unexpected{written.error()};
    entry = std::move(*written);
    auto held = store::accounts_of(tx, contract_id);
    if (!held) return std::unexpected{held.error()};
    accounts = std::move(*held);
    return {};
  });
  if (!done) return report(err, done.error());
  return tell(found, entry, accounts, as_json, out);
}

// Minutes or an amount, exactly one of them; of which unit, and how much.
base::Result<std::pair<std::string, std::int64_t>> quantity(const Contract& contract,
                                                            const std::optional<std::int64_t>& minutes,
                                                            const std::optional<std::string>& amount) {
  if (minutes.has_value() == amount.has_value()) return refuse("give --minutes or --amount, one of the two");
  if (minutes) return std::pair{std::string{ledger::kMinutes}, *minutes};
  const auto money = directory::money_from(*amount, contract.terms.currency);
  if (!money) return std::unexpected{money.error()};
  return std::pair{contract.terms.currency, *money};
}

}  // namespace

int run_contract_put(const ContractPutOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  if (options.add && !options.start)
    return report(err, refuse("start: a new contract needs its first day").error());
  store::Put put;
  bool previewed = false;
  const auto done = workspace->database.transaction([&](store::Transaction& tx) -> base::Status {
    auto contract = standing(tx, options);
    if (!contract) return std::unexpected{contract.error()};
    if (auto ok = read_contract(tx, options, *contract); !ok) return ok;
    const auto written =
        actions::put_contract(tx, this_actor(options.reason), *contract, start_of_day_in_zone);
    if (!written) return std::unexpected{written.error()};
    put = *written;
    previewed = options.preview;
    return previewed ? fail(ErrorCode::cancelled, "a preview") : base::Status{};
  });
  if (!done && !previewed) return report(err, done.error());
  const std::string what = put.created ? "added" : put.changed ? "changed" : "as before";
  if (options.json) {
    out << json::serialize(json::object{{"contract", put.id},
                                        {"created", put.created},
                                        {"changed", put.changed},
                                        {"committed", !previewed}})
        << '\n';
  } else if (previewed) {
    out << "The contract would be " << what << ". This was a preview: nothing was changed.\n";
  } else {
    out << "Contract " << put.id << ", " << options.name << ": " << what << '\n';
  }
  return 0;
}

int run_sell(const SellOptions& options, std::ostream& out, std::ostream& err) {
  return enter(
      options.config, options.contract, options.json, out, err,
      [&](store::Transaction& tx, const Contract& contract) -> base::Result<ledger::Entry> {
        const auto sold = quantity(contract, options.minutes, options.amount);
        if (!sold) return std::unexpected{sold.error()};
        const bool of_money = contract.model == directory::Model::prepaid_money;
        if (of_money != options.amount.has_value()) {
          return refuse(of_money ? "the contract is of money: give --amount" : "give --minutes");
        }
        actions::Sale sale{.quantity = sold->second};
        Reader reader;
        reader.take(sale.first_day, options.from, [](const std::string& text) { return day("from", text); });
        reader.take(sale.last_day, options.until, [](const std::string& text) { return day("until", text); });
        if (auto ok = reader.status(); !ok) return std::unexpected{ok.error()};
        return actions::sell(tx, this_actor(options.reason), contract, sale, start_of_day_in_zone);
      });
}

int run_adjust(const AdjustOptions& options, std::ostream& out, std::ostream& err) {
  return enter(options.config, options.contract, options.json, out, err,
               [&](store::Transaction& tx, const Contract& contract) -> base::Result<ledger::Entry> {
                 const auto by = quantity(contract, options.minutes, options.amount);
                 if (!by) return std::unexpected{by.error()};
                 return actions::adjust(tx, this_actor(options.reason), contract, by->first, by->second);
               });
}

int run_complete(const CompleteOptions& options, std::ostream& out, std::ostream& err) {
  return enter(options.config, options.contract, options.json, out, err,
               [&](store::Transaction& tx, const Contract& contract) {
                 return actions::complete(tx, this_actor(options.reason), contract);
               });
}

}  // namespace collector::commands
