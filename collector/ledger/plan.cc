#include "collector/ledger/plan.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "collector/directory/burn_order.h"
#include "collector/ledger/allocate.h"
#include "collector/ledger/stock.h"

namespace collector::ledger {

namespace {

using base::ErrorCode;
using base::fail;
using directory::Contract;
using directory::Model;
using std::chrono::year_month_day;
using timing::UtcMs;

// What can happen at an instant, in this order.
enum class Rank { end_of_stock, end_of_contract, period, standing, begin_of_stock, charge };

struct Event {
  UtcMs at;
  Rank rank = Rank::period;
  std::string tie;               // Between events of one instant and rank.
  std::int64_t contract_id = 0;  // Of what ends or begins.
  int period = 0;
  const Entry* standing = nullptr;
  const Charge* charge = nullptr;

  auto key() const {
    return std::tuple{at, rank, std::string_view{tie}, contract_id, period, charge ? charge->id : 0};
  }
  friend bool operator<(const Event& a, const Event& b) { return a.key() < b.key(); }
};

bool is_prepaid(Model model) {
  return model == Model::prepaid || model == Model::prepaid_money;
}

class Planner {
 public:
  Planner(const Situation& situation, const StartOfDay& start_of_day)
      : situation_{situation}, start_of_day_{start_of_day} {}

  base::Result<Plan> run() {
    if (auto done = open(); !done) return std::unexpected{done.error()};
    while (!events_.empty()) {
      const Event event = *events_.begin();
      // When all is there that the instant brings beside charges.
      if (brought_ && (event.at != *brought_ || event.rank == Rank::charge)) try_held_again();
      events_.erase(events_.begin());
      if (auto done = happen(event); !done) return std::unexpected{done.error()};
      if (event.rank != Rank::charge) brought_ = event.at;
    }
    if (brought_) try_held_again();
    return Plan{.entries = std::move(entries_), .next = next_};
  }

 private:
  Holding* holding_of(std::int64_t contract_id) {
    const auto at =
        std::ranges::find_if(holdings_, [&](const Holding& one) { return one.contract->id == contract_id; });
    return at == holdings_.end() ? nullptr : &*at;
  }

  std::unexpected<base::Error> stranger(const std::string& what, std::int64_t contract_id) {
    return fail(ErrorCode::corrupt, what + " is of contract " + std::to_string(contract_id) +
                                        ", which is none of the customer's");
  }

  // An event, unless it is before the plan or has not come yet. What is on the books is: clocks may be ahead.
  void expect(Event event) {
    if (event.at > situation_.now && event.standing == nullptr && event.charge == nullptr) {
      comes(event.at);
    } else if (event.at >= situation_.from) {
      events_.insert(std::move(event));
    }
  }

  void comes(UtcMs at) {
    if (!next_ || at < *next_) next_ = at;
  }

  base::Status open() {
    for (const auto& contract : situation_.contracts) {
      holdings_.push_back({.contract = &contract, .pot = 0, .stocks = {}});
      if (contract.valid_to) {
        expect(
            {.at = *contract.valid_to, .rank = Rank::end_of_contract, .tie = "", .contract_id = contract.id});
      }
      if (auto done = expect_period(contract, 0); !done) return done;
      if (contract.model == Model::flat_fee && contract.terms.period == directory::Period::none) {
        expect({.at = contract.valid_from, .rank = Rank::period, .tie = "", .contract_id = contract.id});
      }
    }
    for (const auto& [contract_id, line] : situation_.left_before) {
      if (auto done = apply(contract_id, line); !done) return done;
    }
    int number = 0;
    for (const auto& entry : situation_.standing) {
      // Where one sets a lot up another counts on, the order is that of their ids.
      auto tie = std::to_string(number++);
      tie.insert(0, 10 - std::min<std::size_t>(10, tie.size()), '0');
      expect({.at = entry.at,
              .rank = Rank::standing,
              .tie = tie,
              .contract_id = entry.contract_id,
              .standing = &entry});
    }
    for (const auto& charge : situation_.charges) {
      if (holding_of(charge.contract_id) == nullptr)
        return stranger("charge " + std::to_string(charge.id), charge.contract_id);
      expect({.at = charge.at, .rank = Rank::charge, .tie = charge.tie, .contract_id = 0, .charge = &charge});
    }
    return {};
  }

  // The first period of the contract, from number `index` on, that begins in the plan; the ones before were.
  base::Status expect_period(const Contract& contract, int index) {
    for (;; ++index) {
      const auto day = period_start(contract, index);
      if (!day || (contract.end_day && *day > *contract.end_day)) return {};
      const auto begin = start_of_day_(*day, contract.time_zone);
      if (!begin) return fail("a period of contract '" + contract.name + "'", begin.error());
      if (*begin > situation_.now) {
        comes(*begin);
        return {};
      }
      if (*begin < situation_.from) continue;
      expect({.at = *begin, .rank = Rank::period, .tie = "", .contract_id = contract.id, .period = index});
      return {};
    }
  }

  // Lines on what is left change what is left; a lot that was not there is set up.
  base::Status apply(std::int64_t contract_id, const Line& line) {
    if (line.account.kind != AccountKind::left) return {};
    auto* holding = holding_of(contract_id);
    if (holding == nullptr) return stranger("an account", contract_id);
    if (auto ready = set_up(*holding, line.account); !ready) return ready;
    put(*holding, line.account, line.quantity);
    return {};
  }

  base::Status set_up(Holding& holding, const Account& account) {
    if (account.lot.empty()) return {};
    const auto known = std::ranges::find_if(holding.stocks, [&](const Stock& stock) {
      return stock.name == account.lot && stock.unit == account.unit;
    });
    if (known != holding.stocks.end()) return {};
    const auto lot = lot_from(account.lot);
    if (!lot) return std::unexpected{lot.error()};
    const auto& zone = holding.contract->time_zone;
    const auto from = start_of_day_(lot->first_day, zone);
    const auto to = start_of_day_(plus_days(lot->last_day, 1), zone);
    if (!from) return std::unexpected{from.error()};
    if (!to) return std::unexpected{to.error()};
    holding.stocks.push_back(
        {.lot = *lot, .name = account.lot, .from = *from, .to = *to, .unit = account.unit});
    const auto id = holding.contract->id;
    expect({.at = *from, .rank = Rank::begin_of_stock, .tie = account.lot, .contract_id = id});
    expect({.at = *to, .rank = Rank::end_of_stock, .tie = "", .contract_id = id});
    return {};
  }

  base::Status happen(const Event& event) {
    if (event.rank == Rank::charge) {
      auto entries = allocate(*event.charge, event.at, holdings_);
      if (entries.front().kind == Kind::hold) held_.push_back(event.charge);
      std::ranges::move(entries, std::back_inserter(entries_));
      return {};
    }
    if (event.rank == Rank::standing) return stand(*event.standing);
    auto& holding = *holding_of(event.contract_id);
    switch (event.rank) {
      case Rank::end_of_stock: return end_stocks(holding, event.at);
      case Rank::end_of_contract: end_contract(holding, event.at); return {};
      case Rank::begin_of_stock: settle(holding, event); return {};
      default: return begin_period(holding, event);
    }
  }

  // What fits now is no longer held.
  void try_held_again() {
    std::erase_if(held_, [this](const Charge* charge) {
      auto entries = allocate(*charge, *brought_, holdings_);
      if (entries.front().kind == Kind::hold) return false;
      std::erase_if(entries_, [&](const Entry& entry) { return entry.charge_id == charge->id; });
      for (auto& entry : entries) {
        entry.reason = "held until then";
        entries_.push_back(std::move(entry));
      }
      return true;
    });
    brought_.reset();
  }

  base::Status stand(const Entry& entry) {
    for (const auto& line : entry.lines) {
      if (auto done = apply(entry.contract_id, line); !done) return done;
    }
    return {};
  }

  // A new entry, which takes effect. The lots of its lines are set up.
  void add(Holding& holding, Kind kind, UtcMs at, std::string subject, std::vector<Line> lines) {
    for (const auto& line : lines) {
      if (line.account.kind == AccountKind::left) put(holding, line.account, line.quantity);
    }
    entries_.push_back({.id = 0,
                        .contract_id = holding.contract->id,
                        .kind = kind,
                        .at = at,
                        .subject = std::move(subject),
                        .lines = std::move(lines)});
  }

  static std::vector<Line> two_lines(Account on, std::int64_t quantity, AccountKind against) {
    Account other{.kind = against, .lot = "", .unit = on.unit};
    return {{.account = std::move(on), .quantity = quantity},
            {.account = std::move(other), .quantity = -quantity}};
  }

  // What was taken below zero before the lot began is made good by it.
  void settle(Holding& holding, const Event& event) {
    for (auto& stock : holding.stocks) {
      if (stock.name != event.tie || stock.unit != holding.pot_unit() || stock.left <= 0 || holding.pot >= 0)
        continue;
      const auto some = std::min(stock.left, -holding.pot);
      stock.left -= some;
      holding.pot += some;
      entries_.push_back(
          {.id = 0,
           .contract_id = holding.contract->id,
           .kind = Kind::settle,
           .at = event.at,
           .subject = stock.name,
           .lines = {{.account = {.kind = AccountKind::left, .lot = stock.name, .unit = stock.unit},
                      .quantity = -some},
                     {.account = {.kind = AccountKind::left, .unit = stock.unit}, .quantity = some}}});
    }
  }

  // Of a period's fee and minutes.
  base::Status begin_period(Holding& holding, const Event& event) {
    const Contract& contract = *holding.contract;
    const auto& terms = contract.terms;
    const auto first = period_start(contract, event.period).value_or(contract.start_day);
    const bool has_fee = contract.model == Model::flat_fee || contract.model == Model::recurring;
    if (has_fee && terms.fee > 0) {
      const Account due{.kind = AccountKind::due, .lot = "", .unit = terms.currency};
      auto lines = two_lines(due, -terms.fee * terms.units, AccountKind::fees);
      add(holding, Kind::fee, event.at, day_text(first), std::move(lines));
    }
    const auto next = period_start(contract, event.period + 1);
    if (!next) return {};
    if (terms.included_min > 0) {
      const auto name = to_string(period_lot(contract, Origin::included, first, *next));
      const Account lot{.kind = AccountKind::left, .lot = name, .unit = std::string{kMinutes}};
      if (auto ready = set_up(holding, lot); !ready) return ready;
      add(holding, Kind::included, event.at, name, two_lines(lot, terms.included_min, AccountKind::sold));
    }
    return expect_period(contract, event.period + 1);
  }

  // From the first day of a period until the day before the next one, or the contract's last.
  static Lot period_lot(const Contract& contract, Origin origin, year_month_day first, year_month_day next) {
    auto last = plus_days(next, -1);
    if (contract.end_day && *contract.end_day < last) last = *contract.end_day;
    return {.origin = origin, .first_day = first, .last_day = last};
  }

  // All lots that end there: what of a period may roll on does, the rest expires.
  base::Status end_stocks(Holding& holding, UtcMs at) {
    std::vector<Line> ended;
    std::int64_t of_period = 0;
    for (const auto& stock : holding.stocks) {
      if (stock.to != at || stock.left <= 0) continue;
      ended.push_back({.account = {.kind = AccountKind::left, .lot = stock.name, .unit = stock.unit},
                       .quantity = stock.left});
      if (stock.lot.origin != Origin::bought) of_period += stock.left;
    }
    if (ended.empty()) return {};
    // What is included comes before what rolled over already, so that what is newer rolls on.
    std::ranges::sort(ended, {},
                      [](const Line& line) { return std::tie(line.account.unit, line.account.lot); });
    const auto onward = next_lot(holding, at);
    if (!onward) return std::unexpected{onward.error()};
    auto rolls = *onward ? std::min(holding.contract->terms.roll_over_min.value_or(of_period), of_period) : 0;
    for (const auto& line : ended) {
      const bool bought = lot_from(line.account.lot)->origin == Origin::bought;
      const auto rolled = bought ? 0 : std::min(rolls, line.quantity);
      rolls -= rolled;
      if (rolled > 0) {
        const Account from = line.account;
        const Account to{.kind = AccountKind::left, .lot = **onward, .unit = from.unit};
        if (auto ready = set_up(holding, to); !ready) return ready;
        add(holding, Kind::roll_over, at, from.lot,
            {{.account = from, .quantity = -rolled}, {.account = to, .quantity = rolled}});
      }
      if (line.quantity > rolled) {
        auto lines = two_lines(line.account, rolled - line.quantity, AccountKind::expired);
        add(holding, Kind::expiry, at, line.account.lot, std::move(lines));
      }
    }
    return {};
  }

  // The lot into which what a period left over goes: of the period that begins there, if one does.
  base::Result<std::optional<std::string>> next_lot(const Holding& holding, UtcMs at) {
    const Contract& contract = *holding.contract;
    if (contract.valid_to && at >= *contract.valid_to) return std::nullopt;
    for (int index = 1;; ++index) {
      const auto first = period_start(contract, index);
      const auto next = period_start(contract, index + 1);
      if (!first) return std::nullopt;
      const auto begin = start_of_day_(*first, contract.time_zone);
      if (!begin) return std::unexpected{begin.error()};
      if (*begin > at) return std::nullopt;
      if (*begin == at) return to_string(period_lot(contract, Origin::rolled, *first, *next));
    }
  }

  // What is left in the pot of a contract that ends goes on into the next of its kind, or expires.
  void end_contract(Holding& holding, UtcMs at) {
    if (!is_prepaid(holding.contract->model) || holding.pot <= 0) return;
    const auto left = holding.pot;
    const Account pot{.kind = AccountKind::left, .lot = "", .unit = holding.pot_unit()};
    auto* heir = heir_of(holding, at);
    const auto rolled =
        heir == nullptr ? 0 : std::min(holding.contract->terms.roll_over_min.value_or(left), left);
    if (rolled > 0) {
      const auto& from = *holding.contract;
      const auto& to = *heir->contract;
      add(holding, Kind::roll_over, at, "to contract " + std::to_string(to.id),
          two_lines(pot, -rolled, AccountKind::expired));
      add(*heir, Kind::roll_over, at, "from contract " + std::to_string(from.id),
          two_lines(pot, rolled, AccountKind::sold));
    }
    if (left == rolled) return;
    add(holding, Kind::expiry, at, "the contract's end", two_lines(pot, rolled - left, AccountKind::expired));
  }

  Holding* heir_of(const Holding& holding, UtcMs at) {
    Holding* best = nullptr;
    for (auto& other : holdings_) {
      const bool fits = other.contract != holding.contract &&
                        other.contract->model == holding.contract->model &&
                        other.pot_unit() == holding.pot_unit() && in_force(*other.contract, at);
      if (fits && (best == nullptr || burn_order(*other.contract) < burn_order(*best->contract)))
        best = &other;
    }
    return best;
  }

  const Situation& situation_;
  const StartOfDay& start_of_day_;
  std::vector<Holding> holdings_;
  std::set<Event> events_;
  std::vector<Entry> entries_;
  std::vector<const Charge*> held_;  // In order of time.
  std::optional<UtcMs> brought_;  // When something other than a charge happened last, until held_ was tried.
  std::optional<UtcMs> next_;
};

}  // namespace

base::Result<Plan> plan(const Situation& situation, const StartOfDay& start_of_day) {
  return Planner{situation, start_of_day}.run();
}

std::int64_t price(std::int64_t per_hour, std::int64_t minutes) {
  __extension__ using Wide = __int128;
  return static_cast<std::int64_t>((static_cast<Wide>(per_hour) * minutes + 30) / 60);
}

}  // namespace collector::ledger
