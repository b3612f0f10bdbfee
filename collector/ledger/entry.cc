#include "collector/ledger/entry.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "collector/ledger/plan.h"
#include "common/base/invariant.h"

namespace collector::ledger {

namespace {

using base::ErrorCode;
using base::fail;

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

// Wide enough for any number of 64-bit quantities, so that no order of adding can overflow on the way.
__extension__ using Wide = __int128;

constexpr std::array kAccountKinds{
    std::pair{AccountKind::left, std::string_view{"left"}},
    std::pair{AccountKind::due, std::string_view{"due"}},
    std::pair{AccountKind::sold, std::string_view{"sold"}},
    std::pair{AccountKind::work, std::string_view{"work"}},
    std::pair{AccountKind::covered, std::string_view{"covered"}},
    std::pair{AccountKind::expired, std::string_view{"expired"}},
    std::pair{AccountKind::fees, std::string_view{"fees"}},
};

constexpr std::array kKinds{
    std::pair{Kind::grant, std::string_view{"grant"}},
    std::pair{Kind::consumption, std::string_view{"consumption"}},
    std::pair{Kind::accrual, std::string_view{"accrual"}},
    std::pair{Kind::cover, std::string_view{"cover"}},
    std::pair{Kind::overage, std::string_view{"overage"}},
    std::pair{Kind::hold, std::string_view{"hold"}},
    std::pair{Kind::included, std::string_view{"included"}},
    std::pair{Kind::settle, std::string_view{"settle"}},
    std::pair{Kind::expiry, std::string_view{"expiry"}},
    std::pair{Kind::roll_over, std::string_view{"roll_over"}},
    std::pair{Kind::fee, std::string_view{"fee"}},
    std::pair{Kind::completion, std::string_view{"completion"}},
    std::pair{Kind::adjustment, std::string_view{"adjustment"}},
    std::pair{Kind::reversal, std::string_view{"reversal"}},
};

template <class Table, class Value>
std::string_view name_in(const Table& table, Value value) {
  return std::ranges::find(table, value, &Table::value_type::first)->second;
}

std::unexpected<base::Error> broken(const Entry& entry, std::string_view what) {
  return fail(ErrorCode::corrupt, "ledger entry " + std::to_string(entry.id) + " " + std::string{what});
}

// Work and what is sold, covered, expired or a fee stand against what the customer has or owes.
bool sign_fits(AccountKind kind, std::int64_t quantity) {
  switch (kind) {
    case AccountKind::due:
    case AccountKind::covered:
    case AccountKind::sold: return quantity < 0;
    case AccountKind::work:
    case AccountKind::expired:
    case AccountKind::fees: return quantity > 0;
    case AccountKind::left: break;
  }
  return true;
}

base::Status check_lines(const Entry& entry) {
  std::map<std::string, Wide> sums;
  for (const auto& line : entry.lines) {
    if (line.quantity == 0) return broken(entry, "has a line of nothing");
    if (line.quantity == kMin) return broken(entry, "has a line that cannot be reversed");
    const bool free_sign = entry.kind == Kind::adjustment || entry.kind == Kind::reversal;
    if (!free_sign && !sign_fits(line.account.kind, line.quantity)) {
      return broken(entry, "has the wrong sign on '" + std::string{to_string(line.account.kind)} + "'");
    }
    sums[line.account.unit] += line.quantity;
  }
  for (const auto& [unit, sum] : sums) {
    if (sum != 0) return broken(entry, "does not sum to zero in '" + unit + "'");
  }
  return {};
}

// Whether `reversal` undoes an entry of `by_id` for the first time.
base::Status check_reversal(const Entry& reversal, const std::map<std::int64_t, const Entry*>& by_id,
                            std::set<std::int64_t>& reversed) {
  const auto target = by_id.find(*reversal.reverses_entry_id);
  if (target == by_id.end()) return broken(reversal, "reverses an entry that is not there");
  const Entry& undone = *target->second;
  if (undone.kind == Kind::reversal) return broken(reversal, "reverses a reversal");
  if (reverse(undone, "").lines != reversal.lines) {
    return broken(reversal, "is not the opposite of what it reverses");
  }
  if (!reversed.insert(undone.id).second) return broken(reversal, "reverses an entry a second time");
  return {};
}

}  // namespace

std::string_view to_string(AccountKind kind) {
  return name_in(kAccountKinds, kind);
}

base::Result<AccountKind> account_kind_from(std::string_view name) {
  for (const auto& [kind, text] : kAccountKinds) {
    if (text == name) return kind;
  }
  return fail(ErrorCode::corrupt, "'" + std::string{name} + "' is no kind of ledger account");
}

std::string_view to_string(Kind kind) {
  return name_in(kKinds, kind);
}

base::Result<Kind> kind_from(std::string_view name) {
  for (const auto& [kind, text] : kKinds) {
    if (text == name) return kind;
  }
  return fail(ErrorCode::corrupt, "'" + std::string{name} + "' is no kind of ledger entry");
}

bool is_derived(Kind kind) {
  switch (kind) {
    case Kind::grant:
    case Kind::completion:
    case Kind::adjustment:
    case Kind::reversal: return false;
    default: return true;
  }
}

std::int64_t sum_of(const Entry& entry, AccountKind kind, std::string_view unit) {
  std::int64_t sum = 0;
  for (const auto& line : entry.lines) {
    if (line.account.kind == kind && line.account.unit == unit) sum += line.quantity;
  }
  return sum;
}

std::int64_t figure(directory::Model model, const Entry& entry, std::string_view unit) {
  const bool prepaid = model == directory::Model::prepaid || model == directory::Model::prepaid_money;
  return prepaid ? sum_of(entry, AccountKind::left, unit) : -sum_of(entry, AccountKind::due, unit);
}

base::Result<Entry> grant(std::int64_t contract_id, timing::UtcMs at, std::string unit, std::int64_t quantity,
                          std::string lot, std::string reason) {
  if (quantity < 1 || quantity > kGrantMax) {
    return fail(ErrorCode::invalid_argument, "a grant of " + std::to_string(quantity) +
                                                 "; it may be from 1 to " + std::to_string(kGrantMax));
  }
  Entry entry{
      .id = 0, .contract_id = contract_id, .kind = Kind::grant, .at = at, .subject = lot, .lines = {}};
  entry.lines.push_back(
      {.account = {.kind = AccountKind::left, .lot = std::move(lot), .unit = unit}, .quantity = quantity});
  entry.lines.push_back(
      {.account = {.kind = AccountKind::sold, .unit = std::move(unit)}, .quantity = -quantity});
  entry.reason = std::move(reason);
  return entry;
}

base::Result<Entry> adjust(const directory::Contract& contract, timing::UtcMs at, std::string unit,
                           std::int64_t quantity, std::string reason) {
  if (quantity == 0 || quantity < -kGrantMax || quantity > kGrantMax) {
    return fail(ErrorCode::invalid_argument, "an adjustment of " + std::to_string(quantity) +
                                                 "; it may be up to " + std::to_string(kGrantMax) +
                                                 " either way, and not nothing");
  }
  if (reason.empty()) return fail(ErrorCode::invalid_argument, "an adjustment needs a reason");
  const bool prepaid =
      contract.model == directory::Model::prepaid || contract.model == directory::Model::prepaid_money;
  Entry entry{
      .id = 0, .contract_id = contract.id, .kind = Kind::adjustment, .at = at, .subject = "", .lines = {}};
  entry.lines.push_back({.account = {.kind = prepaid ? AccountKind::left : AccountKind::due, .unit = unit},
                         .quantity = quantity});
  entry.lines.push_back(
      {.account = {.kind = AccountKind::work, .unit = std::move(unit)}, .quantity = -quantity});
  entry.reason = std::move(reason);
  return entry;
}

Entry correct(const directory::Contract& contract, Kind as, timing::UtcMs at, std::int64_t minutes,
              std::int64_t amount, std::string reason) {
  Entry entry{.id = 0,
              .contract_id = contract.id,
              .kind = Kind::adjustment,
              .at = at,
              .subject = "",
              .lines = {},
              .reason = std::move(reason)};
  const auto put = [&](AccountKind kind, std::string unit, std::int64_t more) {
    if (more == 0) return;
    entry.lines.push_back({.account = {.kind = kind, .unit = unit}, .quantity = -more});
    entry.lines.push_back(
        {.account = {.kind = AccountKind::work, .unit = std::move(unit)}, .quantity = more});
  };
  const std::string in_minutes{kMinutes};
  const auto& currency = contract.terms.currency;
  if (as == Kind::cover) {
    put(AccountKind::covered, in_minutes, minutes);
  } else if (as == Kind::consumption) {
    const bool money = contract.model == directory::Model::prepaid_money;
    put(AccountKind::left, money ? currency : in_minutes, money ? amount : minutes);
  } else {
    // What a fee does not cover costs what was agreed for that.
    if (contract.model == directory::Model::flat_fee) {
      const auto whole = price(contract.terms.overage_per_hour, std::abs(minutes));
      amount = minutes < 0 ? -whole : whole;
    }
    put(AccountKind::due, in_minutes, minutes);
    put(AccountKind::due, currency, amount);
  }
  return entry;
}

Entry complete(const directory::Contract& contract, timing::UtcMs at, std::string reason) {
  Entry entry{.id = 0,
              .contract_id = contract.id,
              .kind = Kind::completion,
              .at = at,
              .subject = "",
              .lines = {},
              .reason = std::move(reason)};
  if (contract.terms.fee == 0) return entry;
  const auto& unit = contract.terms.currency;
  entry.lines.push_back(
      {.account = {.kind = AccountKind::due, .unit = unit}, .quantity = -contract.terms.fee});
  entry.lines.push_back(
      {.account = {.kind = AccountKind::fees, .unit = unit}, .quantity = contract.terms.fee});
  return entry;
}

Entry reverse(const Entry& entry, std::string reason) {
  DESKLEDGER_ASSERT(entry.id > 0);
  DESKLEDGER_ASSERT(entry.kind != Kind::reversal);
  Entry reversal = entry;
  reversal.id = 0;
  reversal.kind = Kind::reversal;
  reversal.reverses_entry_id = entry.id;
  reversal.reason = std::move(reason);
  for (auto& line : reversal.lines) {
    DESKLEDGER_ASSERT(line.quantity > kMin);
    line.quantity = -line.quantity;
  }
  return reversal;
}

base::Status check(std::span<const Entry> entries) {
  std::map<std::int64_t, const Entry*> by_id;
  for (const auto& entry : entries) {
    if (entry.id <= 0) return broken(entry, "is not stored");
    if (!by_id.emplace(entry.id, &entry).second) return broken(entry, "is there twice");
    if (entry.contract_id != entries.front().contract_id) return broken(entry, "belongs to another contract");
    if (auto fits = check_lines(entry); !fits) return fits;
    if ((entry.kind == Kind::reversal) != entry.reverses_entry_id.has_value()) {
      return broken(entry, "does not say what it reverses, or reverses without being a reversal");
    }
  }
  std::set<std::int64_t> reversed;
  for (const auto& entry : entries) {
    if (entry.kind != Kind::reversal) continue;
    if (auto ok = check_reversal(entry, by_id, reversed); !ok) return ok;
  }
  return {};
}

base::Result<std::vector<Line>> balances(std::span<const Entry> entries) {
  std::map<Account, Wide> sums;
  for (const auto& entry : entries) {
    for (const auto& line : entry.lines) sums[line.account] += line.quantity;
  }
  std::vector<Line> lines;
  for (const auto& [account, sum] : sums) {
    if (sum < kMin || sum > kMax) return fail(ErrorCode::corrupt, "the sum of a ledger does not fit 64 bits");
    lines.push_back({.account = account, .quantity = static_cast<std::int64_t>(sum)});
  }
  return lines;
}

}  // namespace collector::ledger
