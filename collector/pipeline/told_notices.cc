#include "collector/pipeline/told_notices.h"

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <tuple>

#include "collector/ledger/entry.h"
#include "collector/ledger/lot.h"
#include "collector/ledger/notice.h"
#include "collector/rating/money.h"
#include "collector/store/ledger.h"
#include "common/timing/zone.h"

namespace collector::pipeline {

using ledger::NoticeKind;

namespace {

bool is_of_an_end(const ledger::Notice& notice) {
  return notice.kind == NoticeKind::contract_ends || notice.kind == NoticeKind::lot_ends;
}

// The lower, the more is said: what is left where it is passed, or the days until an end.
std::int64_t level_of(const ledger::Notice& notice) {
  if (notice.kind == NoticeKind::exhausted) return std::numeric_limits<std::int64_t>::min();
  if (notice.kind != NoticeKind::used) return notice.threshold;
  __extension__ using Wide = __int128;
  return static_cast<std::int64_t>(Wide{notice.of} * (100 - notice.threshold) / 100);
}

// "2026-11-16" in the contract's zone; both it and the days of lots compare as text.
std::string today(const directory::Contract& contract, timing::UtcMs now) {
  return timing::local_text(now, contract.time_zone).value_or(timing::to_rfc3339(now)).substr(0, 10);
}

base::Result<std::int64_t> left_now(store::Transaction& tx, const ledger::Notice& notice,
                                    const directory::Contract& contract, timing::UtcMs now) {
  const auto accounts = store::accounts_of(tx, contract.id);
  if (!accounts) return std::unexpected{accounts.error()};
  const auto day = today(contract, now);
  std::int64_t left = 0;
  for (const auto& account : *accounts) {
    if (account.kind != ledger::to_string(ledger::AccountKind::left) || account.unit != notice.unit) continue;
    if (notice.kind == NoticeKind::lot_ends) {
      if (account.lot == notice.occasion) left += account.quantity;
      continue;
    }
    if (!account.lot.empty()) {
      const auto lot = ledger::lot_from(account.lot);
      if (!lot) return std::unexpected{lot.error()};
      if (ledger::day_text(lot->first_day) > day) continue;
    }
    left += account.quantity;
  }
  return left;
}

}  // namespace

std::vector<std::size_t> worth_telling(std::span<const store::NoticeRow> all) {
  std::map<std::tuple<std::int64_t, NoticeKind, std::string>, std::size_t> best;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& notice = all[i].notice;
    const auto about = is_of_an_end(notice) ? std::tuple{notice.contract_id, notice.kind, notice.occasion}
                                            : std::tuple{notice.contract_id, NoticeKind::left, std::string{}};
    const auto [known, is_new] = best.try_emplace(about, i);
    if (!is_new && level_of(notice) < level_of(all[known->second].notice)) known->second = i;
  }
  std::vector<std::size_t> places;
  for (const auto& [about, place] : best) places.push_back(place);
  std::ranges::sort(places);
  return places;
}

base::Result<mail::NoticeLine> line_of(store::Transaction& tx, const store::NoticeRow& row,
                                       const directory::Contract& contract, timing::UtcMs now) {
  const auto& notice = row.notice;
  const auto left = left_now(tx, notice, contract, now);
  if (!left) return std::unexpected{left.error()};
  const bool of_money = notice.unit != ledger::kMinutes;
  const auto money = [&](std::int64_t amount) {
    return of_money ? rating::money_text(amount, notice.unit) + " " + notice.unit : std::string{};
  };
  mail::NoticeLine line;
  line.contract = contract.name;
  line.balance_min = of_money ? 0 : *left;
  line.balance_money = money(*left);
  switch (notice.kind) {
    case NoticeKind::used: line.used_percent = notice.threshold; break;
    case NoticeKind::left:
      if (!of_money) line.left_min = notice.threshold;
      line.left_money = money(notice.threshold);
      break;
    case NoticeKind::exhausted: line.kind = mail::NoticeKind::exhausted; break;
    case NoticeKind::contract_ends:
      line.kind = mail::NoticeKind::expiry;
      line.day = contract.end_day;
      break;
    case NoticeKind::lot_ends:
      line.kind = mail::NoticeKind::expiry;
      line.part = true;
      if (const auto lot = ledger::lot_from(notice.occasion)) line.day = lot->last_day;
      break;
  }
  return line;
}

}  // namespace collector::pipeline
