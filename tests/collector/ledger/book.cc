#include "tests/collector/ledger/book.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "collector/directory/typed.h"
#include "common/timing/zone.h"

namespace collector::ledger {

using directory::Contract;

timing::UtcMs moment(const std::string& text) {
  const auto at = directory::typed_moment(text);
  if (!at) throw std::runtime_error{at.error().message};
  return *at;
}

std::chrono::year_month_day day(const std::string& text) {
  return std::chrono::floor<std::chrono::days>(moment(text));
}

base::Result<timing::UtcMs> start_of_day(std::chrono::year_month_day one, const std::string& zone) {
  return timing::start_of_day(one, zone);
}

Contract contract(std::int64_t id, directory::Model model, const std::string& first,
                  const std::string& last) {
  Contract one;
  one.id = id;
  one.customer_id = 1;
  one.name = "contract " + std::to_string(id);
  one.model = model;
  one.rule.rate_per_hour = 6'000;
  one.start_day = day(first);
  one.valid_from = moment(first);
  if (!last.empty()) {
    one.end_day = day(last);
    one.valid_to = moment(last) + std::chrono::days{1};
  }
  return one;
}

const Contract& Book::of(std::int64_t contract_id) const {
  return *std::ranges::find(contracts, contract_id, &Contract::id);
}

void Book::grant(std::int64_t contract_id, const std::string& at, std::int64_t quantity,
                 const std::string& first, const std::string& last) {
  const auto& one = of(contract_id);
  const std::string unit =
      one.model == directory::Model::prepaid_money ? one.terms.currency : std::string{kMinutes};
  const auto lot = first.empty() ? "" : to_string(Lot{Origin::bought, day(first), day(last)});
  auto entry = ledger::grant(contract_id, moment(at), unit, quantity, lot, "bought").value();
  entry.id = static_cast<std::int64_t>(standing.size()) + 1;
  standing.push_back(std::move(entry));
}

void Book::charge(std::int64_t contract_id, const std::string& at, std::int64_t minutes) {
  const auto number = static_cast<std::int64_t>(charges.size()) + 1;
  charges.push_back({.id = number,
                     .session_id = number,
                     .subject = "s" + std::to_string(number),
                     .at = moment(at),
                     .tie = "key " + std::to_string(number),
                     .contract_id = contract_id,
                     .minutes = minutes,
                     .amount = price(of(contract_id).rule.rate_per_hour, minutes)});
}

std::vector<Entry> Book::plan() const {
  return plan_from(moment("2000-01-01"), {});
}

std::vector<Entry> Book::plan_from(timing::UtcMs from, const std::vector<Entry>& before) const {
  Situation situation{
      .contracts = contracts, .from = from, .now = now, .left_before = {}, .standing = {}, .charges = {}};
  std::map<std::pair<std::int64_t, Account>, std::int64_t> left;
  const auto count = [&](const Entry& entry) {
    for (const auto& line : entry.lines) {
      if (entry.at < from && line.account.kind == AccountKind::left) {
        left[{entry.contract_id, line.account}] += line.quantity;
      }
    }
  };
  for (const auto& entry : standing) {
    count(entry);
    if (entry.at >= from) situation.standing.push_back(entry);
  }
  for (const auto& entry : before) count(entry);
  for (const auto& [account, quantity] : left) {
    situation.left_before.push_back({account.first, {.account = account.second, .quantity = quantity}});
  }
  for (const auto& charge : charges) {
    if (charge.at >= from) situation.charges.push_back(charge);
  }
  auto planned = ledger::plan(situation, start_of_day);
  if (!planned) throw std::runtime_error{planned.error().message};
  return std::move(planned->entries);
}

std::vector<std::string> words(const std::vector<Entry>& entries) {
  std::vector<std::string> all;
  for (const auto& entry : entries) {
    auto text = timing::to_rfc3339(entry.at).substr(0, 16) + " #" + std::to_string(entry.contract_id) + " " +
                std::string{to_string(entry.kind)} + (entry.subject.empty() ? "" : " " + entry.subject) + ":";
    text[10] = ' ';
    for (const auto& line : entry.lines) {
      text += (text.back() == ':' ? " " : ", ") + std::string{to_string(line.account.kind)};
      if (!line.account.lot.empty()) text += " [" + line.account.lot + "]";
      text += " " + std::to_string(line.quantity);
      if (line.account.unit != kMinutes) text += " " + line.account.unit;
    }
    all.push_back(std::move(text));
  }
  return all;
}

std::vector<Entry> stored(const Book& book, std::vector<Entry> plan) {
  plan.insert(plan.begin(), book.standing.begin(), book.standing.end());
  std::int64_t id = 0;
  for (auto& entry : plan) entry.id = ++id;
  return plan;
}

std::int64_t balance(const std::vector<Entry>& entries, std::int64_t contract_id, AccountKind kind,
                     std::string_view unit) {
  std::int64_t sum = 0;
  for (const auto& entry : entries) {
    if (entry.contract_id == contract_id) sum += sum_of(entry, kind, unit);
  }
  return sum;
}

base::Result<Notices> notices_of_all(const directory::Contract& contract, std::span<const Entry> entries,
                                     timing::UtcMs now, const StartOfDay& days) {
  return notices(contract, first_notice_state(contract), entries, now, now, days);
}

}  // namespace collector::ledger
