#include "collector/ledger/notice.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

#include "collector/rating/money.h"

namespace collector::ledger {

namespace {

using directory::Contract;
using directory::Model;
using timing::UtcMs;

constexpr std::array kNames{
    std::pair{NoticeKind::used, std::string_view{"used"}},
    std::pair{NoticeKind::left, std::string_view{"left"}},
    std::pair{NoticeKind::exhausted, std::string_view{"exhausted"}},
    std::pair{NoticeKind::contract_ends, std::string_view{"contract_ends"}},
    std::pair{NoticeKind::lot_ends, std::string_view{"lot_ends"}},
};

bool is_prepaid(const Contract& contract) {
  return contract.model == Model::prepaid || contract.model == Model::prepaid_money;
}

// In the order in which the plan has them at one instant (plan.cc).
int rank_of(Kind kind) {
  switch (kind) {
    case Kind::expiry:
    case Kind::roll_over: return 0;
    case Kind::fee:
    case Kind::included: return 1;
    case Kind::grant:
    case Kind::adjustment:
    case Kind::completion: return 2;
    case Kind::settle: return 3;
    default: return 4;
  }
}

bool is_of_charge(Kind kind) {
  return rank_of(kind) == 4;
}

// A sale, or a period that begins.
bool fills(Kind kind) {
  return kind == Kind::grant || kind == Kind::included || kind == Kind::roll_over;
}

// When something with days of its own can be used.
struct Days {
  Lot lot;
  UtcMs from;
  UtcMs to;
};

class Teller {
 public:
  Teller(const Contract& contract, NoticeState since, UtcMs now, const StartOfDay& start_of_day)
      : contract_{contract}, now_{now}, start_of_day_{start_of_day}, state_{std::move(since)} {}

  base::Result<Notices> run(std::span<const Entry> entries, UtcMs keep_at) {
    if (contract_.valid_to && now_ >= *contract_.valid_to) return Notices{};
    for (const auto& [name, stock] : state_.lots) {
      if (auto done = know(name); !done) return std::unexpected{done.error()};
    }
    std::vector<const Entry*> order;
    for (const auto& entry : entries) order.push_back(&entry);
    std::ranges::sort(order, {}, [](const Entry* one) {
      return std::tuple{one->at, rank_of(one->kind), std::string_view{one->subject}, one->id};
    });
    std::optional<NoticeState> kept;
    for (const auto* entry : order) {
      if (!kept && entry->at >= keep_at) kept = state_;
      if (entry->at > now_) {
        comes(entry->at);
        break;
      }
      if (auto done = take(*entry); !done) return std::unexpected{done.error()};
    }
    result_.all = state_.told;
    if (auto done = tell_ends(); !done) return std::unexpected{done.error()};
    std::ranges::sort(result_.all, {}, [](const Notice& one) {
      return std::tuple{one.at, one.kind, one.kind == NoticeKind::used ? one.threshold : -one.threshold,
                        std::string_view{one.occasion}};
    });
    result_.state = kept ? *std::move(kept) : std::move(state_);
    return std::move(result_);
  }

 private:
  void comes(UtcMs at) {
    if (!result_.next || at < *result_.next) result_.next = at;
  }

  base::Status take(const Entry& entry) {
    for (const auto& line : entry.lines) {
      if (line.account.kind != AccountKind::left || line.account.unit != state_.unit) continue;
      if (line.account.lot.empty()) {
        if (entry.kind == Kind::grant || entry.kind == Kind::roll_over) buy(entry.at, line.quantity);
        state_.pot += line.quantity;
        continue;
      }
      if (auto done = know(line.account.lot); !done) return done;
      auto& stock = state_.lots[line.account.lot];
      if (fills(entry.kind) && line.quantity > 0) stock.size += line.quantity;
      stock.left += line.quantity;
    }
    const auto by = sum_of(entry, AccountKind::left, state_.unit);
    if (is_of_charge(entry.kind) || (entry.kind == Kind::adjustment && by < 0)) {
      pass(entry);
    } else if (fills(entry.kind) || (entry.kind == Kind::adjustment && by > 0)) {
      rise(entry);
    }
    return {};
  }

  // What is sold at one instant is one purchase.
  void buy(UtcMs at, std::int64_t quantity) {
    if (state_.bought_at != at) state_.bought = 0;
    state_.bought_at = at;
    state_.bought += quantity;
  }

  base::Status know(const std::string& name) {
    if (days_.contains(name)) return {};
    const auto lot = lot_from(name);
    if (!lot) return std::unexpected{lot.error()};
    const auto from = start_of_day_(lot->first_day, contract_.time_zone);
    const auto to = start_of_day_(plus_days(lot->last_day, 1), contract_.time_zone);
    if (!from) return std::unexpected{from.error()};
    if (!to) return std::unexpected{to.error()};
    days_[name] = {.lot = *lot, .from = *from, .to = *to};
    return {};
  }

  // What counts at that moment: left, and of how much.
  std::pair<std::int64_t, std::int64_t> at_hand(UtcMs at) const {
    auto left = state_.pot;
    auto of = state_.bought;
    for (const auto& [name, stock] : state_.lots) {
      const auto& days = days_.at(name);
      if (at < days.from || at >= days.to) continue;
      left += stock.left;
      of += stock.size;
    }
    return {left, of};
  }

  static bool is_passed(const NoticeState::Mark& mark, std::int64_t left, std::int64_t of) {
    switch (mark.kind) {
      case NoticeKind::used: return of <= 0 || left * 100 <= of * (100 - mark.threshold);
      case NoticeKind::left: return left <= mark.threshold;
      default: return left <= 0;
    }
  }

  void pass(const Entry& entry) {
    // Without lines it took nothing: it cost nothing, or it is held.
    if (entry.lines.empty() && entry.kind != Kind::hold) return;
    const auto [left, of] = at_hand(entry.at);
    for (auto& mark : state_.marks) {
      if (!mark.armed || !is_passed(mark, left, of)) continue;
      mark.armed = false;
      mark.passed_by = state_.told.size();
      state_.told.push_back({.contract_id = contract_.id,
                             .kind = mark.kind,
                             .threshold = mark.threshold,
                             .occasion = mark.occasion,
                             .at = entry.at,
                             .left = left,
                             .of = of,
                             .unit = state_.unit,
                             .session_id = entry.session_id});
    }
  }

  // Names what cannot be named otherwise when the ledger is worked out again.
  std::string occasion_of(const Entry& entry) const {
    if (!is_derived(entry.kind)) return "entry " + std::to_string(entry.id);
    if (const auto lot = std::ranges::find_if(
            entry.lines, [](const Line& line) { return line.quantity > 0 && !line.account.lot.empty(); });
        lot != entry.lines.end()) {
      return "period " + day_text(days_.at(lot->account.lot).lot.first_day);
    }
    return entry.subject;
  }

  void rise(const Entry& entry) {
    const auto [left, of] = at_hand(entry.at);
    for (auto& mark : state_.marks) {
      if (is_passed(mark, left, of)) continue;
      mark.armed = true;
      mark.occasion = occasion_of(entry);
      if (mark.passed_by) state_.told[*mark.passed_by].over = true;
      mark.passed_by.reset();
    }
  }

  base::Status tell_ends() {
    const auto left = at_hand(now_).first;
    if (contract_.end_day) {
      const Notice notice{.contract_id = contract_.id,
                          .kind = NoticeKind::contract_ends,
                          .threshold = 0,
                          .occasion = day_text(*contract_.end_day),
                          .at = {},
                          .left = left,
                          .of = 0,
                          .unit = state_.unit};
      if (auto done = tell_end(notice, *contract_.end_day, contract_.valid_from); !done) return done;
    }
    for (const auto& [name, stock] : state_.lots) {
      const auto& days = days_.at(name);
      if (days.lot.origin != Origin::bought || now_ >= days.to) continue;
      const Notice notice{.contract_id = contract_.id,
                          .kind = NoticeKind::lot_ends,
                          .threshold = 0,
                          .occasion = name,
                          .at = {},
                          .left = stock.left,
                          .of = stock.size,
                          .unit = state_.unit};
      if (stock.left <= 0) continue;
      if (auto done = tell_end(notice, days.lot.last_day, days.from); !done) return done;
    }
    return {};
  }

  base::Status tell_end(Notice notice, std::chrono::year_month_day last, UtcMs from) {
    for (const auto days : contract_.terms.notice_days) {
      const auto at = start_of_day_(plus_days(last, -static_cast<int>(days)), contract_.time_zone);
      if (!at) return std::unexpected{at.error()};
      if (*at < from) continue;
      if (*at > now_) {
        comes(*at);
        continue;
      }
      notice.threshold = days;
      notice.at = *at;
      result_.all.push_back(notice);
    }
    return {};
  }

  const Contract& contract_;
  UtcMs now_;
  const StartOfDay& start_of_day_;
  NoticeState state_;
  std::map<std::string, Days> days_;  // Of the lots of the state.
  Notices result_;
};

std::string quantity(const Notice& notice, std::int64_t count, bool with_unit = true) {
  if (notice.unit == kMinutes) return std::to_string(count) + (with_unit ? " min" : "");
  return rating::money_text(count, notice.unit) + (with_unit ? " " + notice.unit : "");
}

std::string left_text(const Notice& notice) {
  if (notice.left < 0) return quantity(notice, -notice.left) + " below zero";
  return (notice.of > 0 ? quantity(notice, notice.left, false) + " of " + quantity(notice, notice.of)
                        : quantity(notice, notice.left)) +
         " left";
}

std::string in_days(const Notice& notice) {
  return " in " + std::to_string(notice.threshold) + (notice.threshold == 1 ? " day" : " days");
}

}  // namespace

std::string_view to_string(NoticeKind kind) {
  return std::ranges::find(kNames, kind, &decltype(kNames)::value_type::first)->second;
}

base::Result<NoticeKind> notice_kind_from(std::string_view name) {
  const auto found = std::ranges::find(kNames, name, &decltype(kNames)::value_type::second);
  if (found != kNames.end()) return found->first;
  return base::fail(base::ErrorCode::corrupt, "'" + std::string{name} + "' is no kind of notice");
}

NoticeState first_notice_state(const Contract& contract) {
  NoticeState state;
  state.unit = contract.model == Model::prepaid_money ? contract.terms.currency : std::string{kMinutes};
  state.time_zone = contract.time_zone;
  for (const auto percent : contract.terms.notice_percent)
    state.marks.push_back({.kind = NoticeKind::used, .threshold = percent});
  for (const auto left : contract.terms.notice_left)
    state.marks.push_back({.kind = NoticeKind::left, .threshold = left});
  // Nothing was bought, and something is used: that is news, too.
  state.marks.push_back({.kind = NoticeKind::exhausted, .armed = is_prepaid(contract)});
  return state;
}

bool can_go_on_from(const NoticeState& state, const Contract& contract) {
  const auto first = first_notice_state(contract);
  return state.unit == first.unit && state.time_zone == first.time_zone &&
         std::ranges::equal(
             state.marks, first.marks, {},
             [](const NoticeState::Mark& mark) { return std::pair{mark.kind, mark.threshold}; },
             [](const NoticeState::Mark& mark) { return std::pair{mark.kind, mark.threshold}; });
}

std::int64_t left_by(const NoticeState& state) {
  auto left = state.pot;
  for (const auto& [name, stock] : state.lots) left += stock.left;
  return left;
}

base::Result<Notices> notices(const Contract& contract, NoticeState since, std::span<const Entry> entries,
                              UtcMs now, UtcMs keep_at, const StartOfDay& start_of_day) {
  return Teller{contract, std::move(since), now, start_of_day}.run(entries, keep_at);
}

std::string text(const Notice& notice) {
  switch (notice.kind) {
    case NoticeKind::used: return std::to_string(notice.threshold) + " % used: " + left_text(notice);
    case NoticeKind::left:
      return "at most " + quantity(notice, notice.threshold) + " left: " + left_text(notice);
    case NoticeKind::exhausted:
      return "used up: " + (notice.left == 0 ? std::string{"nothing left"} : left_text(notice));
    case NoticeKind::contract_ends:
      return "ends" + in_days(notice) + ", on " + notice.occasion +
             (notice.left > 0 ? ": " + left_text(notice) : "");
    case NoticeKind::lot_ends:
      return "what was " + notice.occasion + " ends" + in_days(notice) + ": " + left_text(notice);
  }
  return "";
}

}  // namespace collector::ledger
