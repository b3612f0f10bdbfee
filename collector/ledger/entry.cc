#include "collector/ledger/entry.h"

#include <limits>
#include <map>
#include <set>

#include "common/base/invariant.h"

namespace collector::ledger {

namespace {

using base::ErrorCode;
using base::fail;

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

// Wide enough for any number of 64-bit entries, so that no order of adding can overflow on the way.
__extension__ using Wide = __int128;

bool sign_fits(const Entry& entry) {
  switch (entry.kind) {
    case Kind::grant: return entry.minutes > 0;
    case Kind::consumption: return entry.minutes <= 0;
    case Kind::accrual: return entry.minutes >= 0;
    case Kind::reversal: return true;
  }
  return false;
}

std::unexpected<base::Error> broken(const Entry& entry, std::string_view what) {
  return fail(ErrorCode::corrupt, "ledger entry " + std::to_string(entry.id) + " " + std::string{what});
}

// Whether `reversal` undoes an entry of `by_id` for the first time.
base::Status check_reversal(const Entry& reversal, const std::map<std::int64_t, const Entry*>& by_id,
                            std::set<std::int64_t>& reversed) {
  const auto target = by_id.find(*reversal.reverses_entry_id);
  if (target == by_id.end()) return broken(reversal, "reverses an entry that is not there");
  const Entry& undone = *target->second;
  if (undone.kind == Kind::reversal) return broken(reversal, "reverses a reversal");
  if (undone.minutes == kMin || reversal.minutes != -undone.minutes) {
    return broken(reversal, "is not the opposite of what it reverses");
  }
  if (!reversed.insert(undone.id).second) return broken(reversal, "reverses an entry a second time");
  return {};
}

}  // namespace

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::grant: return "grant";
    case Kind::consumption: return "consumption";
    case Kind::accrual: return "accrual";
    case Kind::reversal: return "reversal";
  }
  return "unknown";
}

base::Result<Kind> kind_from(std::string_view name) {
  for (const auto kind : {Kind::grant, Kind::consumption, Kind::accrual, Kind::reversal}) {
    if (to_string(kind) == name) return kind;
  }
  return fail(ErrorCode::corrupt, "'" + std::string{name} + "' is no kind of ledger entry");
}

base::Result<Entry> grant(std::int64_t contract_id, std::int64_t minutes, std::string reason) {
  if (minutes < 1 || minutes > kGrantMax_min) {
    return fail(ErrorCode::invalid_argument, "a grant of " + std::to_string(minutes) +
                                                 " min; it may be from 1 to " +
                                                 std::to_string(kGrantMax_min));
  }
  return Entry{.id = 0,
               .contract_id = contract_id,
               .kind = Kind::grant,
               .minutes = minutes,
               .session_id = {},
               .charge_id = {},
               .reverses_entry_id = {},
               .reason = std::move(reason)};
}

Entry post(const Posting& posting) {
  DESKLEDGER_ASSERT(posting.minutes >= 0);
  const bool prepaid = posting.model == directory::Model::prepaid;
  return {.id = 0,
          .contract_id = posting.contract_id,
          .kind = prepaid ? Kind::consumption : Kind::accrual,
          .minutes = prepaid ? -posting.minutes : posting.minutes,
          .session_id = posting.session_id,
          .charge_id = posting.charge_id,
          .reverses_entry_id = {},
          .reason = posting.reason};
}

Entry reverse(const Entry& entry, std::string reason) {
  DESKLEDGER_ASSERT(entry.id > 0);
  DESKLEDGER_ASSERT(entry.kind != Kind::reversal);
  DESKLEDGER_ASSERT(entry.minutes > kMin);
  return {.id = 0,
          .contract_id = entry.contract_id,
          .kind = Kind::reversal,
          .minutes = -entry.minutes,
          .session_id = entry.session_id,
          .charge_id = entry.charge_id,
          .reverses_entry_id = entry.id,
          .reason = std::move(reason)};
}

base::Result<std::int64_t> balance(std::span<const Entry> entries) {
  Wide sum = 0;
  for (const auto& entry : entries) sum += entry.minutes;
  if (sum < kMin || sum > kMax) return fail(ErrorCode::corrupt, "the sum of a ledger does not fit 64 bits");
  return static_cast<std::int64_t>(sum);
}

base::Status check(std::span<const Entry> entries) {
  std::map<std::int64_t, const Entry*> by_id;
  for (const auto& entry : entries) {
    if (entry.id <= 0) return broken(entry, "is not stored");
    if (!by_id.emplace(entry.id, &entry).second) return broken(entry, "is there twice");
    if (entry.contract_id != entries.front().contract_id) return broken(entry, "belongs to another contract");
    if (!sign_fits(entry)) return broken(entry, "has the wrong sign for its kind");
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

}  // namespace collector::ledger
