// A customer's contracts and charges in few words, and a plan in words that a person can compare.

#pragma once

#include <span>
#include <string>
#include <vector>

#include "collector/ledger/notice.h"
#include "collector/ledger/plan.h"

namespace collector::ledger {

std::chrono::year_month_day day(const std::string& text);  // "2026-11-16"
timing::UtcMs moment(const std::string& text);             // "2026-11-16" or "2026-11-16 09:05"
base::Result<timing::UtcMs> start_of_day(std::chrono::year_month_day day, const std::string& zone);

// The rule costs 60.00 an hour; days are of UTC; no end if `last` is empty.
directory::Contract contract(std::int64_t id, directory::Model model, const std::string& first,
                             const std::string& last = "");

struct Book {
  std::vector<directory::Contract> contracts;
  std::vector<Entry> standing;
  std::vector<Charge> charges;
  timing::UtcMs now = moment("2030-01-01");

  // Time or money, by the contract's model; with days of its own if both are given.
  void grant(std::int64_t contract_id, const std::string& at, std::int64_t quantity,
             const std::string& first = "", const std::string& last = "");
  // Subject "s1", "s2", ...; priced by the contract's rule.
  void charge(std::int64_t contract_id, const std::string& at, std::int64_t minutes);

  const directory::Contract& of(std::int64_t contract_id) const;
  // The whole history at once; throws what went wrong.
  std::vector<Entry> plan() const;
  // From `from` on, with `before` as what was planned for the time before.
  std::vector<Entry> plan_from(timing::UtcMs from, const std::vector<Entry>& before) const;
};

// "2026-11-16 09:05 #1 consumption s1: left -20, work 20": one for each entry.
std::vector<std::string> words(const std::vector<Entry>& entries);

// All that is there, standing entries and plan, as the store would have it.
std::vector<Entry> stored(const Book& book, std::vector<Entry> plan);

// What is told by all entries from the first one on.
base::Result<Notices> notices_of_all(const directory::Contract& contract, std::span<const Entry> entries,
                                     timing::UtcMs now, const StartOfDay& days = start_of_day);

// What account `kind` of a contract holds, all lots together.
std::int64_t balance(const std::vector<Entry>& entries, std::int64_t contract_id, AccountKind kind,
                     std::string_view unit = kMinutes);

}  // namespace collector::ledger
