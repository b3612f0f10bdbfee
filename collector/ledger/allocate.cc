#include "collector/ledger/allocate.h"

#include <algorithm>
#include <set>

#include "collector/directory/burn_order.h"
#include "collector/directory/rule_at.h"
#include "common/base/invariant.h"

namespace collector::ledger {

namespace {

using directory::Contract;
using directory::Exhaustion;
using directory::Model;

// What of a charge is not on any contract yet.
struct Rest {
  std::int64_t minutes = 0;
  std::int64_t amount = 0;
};

// `part` of `whole` of the amount, to the nearest unit, half up.
std::int64_t share(std::int64_t amount, std::int64_t part, std::int64_t whole) {
  if (whole == 0) return amount;
  __extension__ using Wide = __int128;
  return static_cast<std::int64_t>((static_cast<Wide>(amount) * part * 2 + whole) / (Wide{2} * whole));
}

class Allocation {
 public:
  Allocation(const Charge& charge, timing::UtcMs at, std::vector<Holding>& holdings)
      : charge_{charge}, at_{at}, holdings_{holdings} {}

  std::vector<Entry> run() {
    if (charge_.unrated) return hold();
    const auto before = holdings_;
    if (spread()) return std::move(entries_);
    holdings_ = before;
    if (!charge_.may_exceed) return hold();
    // A person said so: all of it on its own contract, whatever was agreed.
    entries_.clear();
    held_ = false;
    exceeds_ = true;
    Rest rest{.minutes = charge_.minutes, .amount = charge_.amount};
    put_on(of(charge_.contract_id), rest);
    return std::move(entries_);
  }

 private:
  std::vector<Entry> hold() const { return {entry(Kind::hold, charge_.contract_id, {})}; }

  // From contract to contract, as it was agreed. False if something is left that no contract takes.
  bool spread() {
    auto* holding = &of(charge_.contract_id);
    Rest rest{.minutes = charge_.minutes, .amount = charge_.amount};
    while (holding != nullptr) {
      tried_.insert(holding->contract->id);
      if (put_on(*holding, rest)) return true;
      holding = held_ ? nullptr : next();
      // On another contract the rest costs what an hour costs there.
      if (holding != nullptr)
        rest.amount =
            price(directory::rule_at(*holding->contract, charge_.at).rule->rate_per_hour, rest.minutes);
    }
    return false;
  }

  Holding& of(std::int64_t contract_id) {
    const auto at =
        std::ranges::find_if(holdings_, [&](const Holding& one) { return one.contract->id == contract_id; });
    DESKLEDGER_ASSERT(at != holdings_.end());
    return *at;
  }

  // The customer's next contract in the order of use that could have taken the session on its own day.
  Holding* next() {
    Holding* best = nullptr;
    for (auto& holding : holdings_) {
      const Contract& contract = *holding.contract;
      if (tried_.contains(contract.id) || !in_force(contract, charge_.at) ||
          !takes_sessions(contract.model)) {
        continue;
      }
      if (best == nullptr || burn_order(contract) < burn_order(*best->contract)) best = &holding;
    }
    return best;
  }

  Entry entry(Kind kind, std::int64_t contract_id, std::vector<Line> lines) const {
    return {.id = 0,
            .contract_id = contract_id,
            .kind = kind,
            .at = at_,
            .subject = charge_.subject,
            .lines = std::move(lines),
            .charge_id = charge_.id,
            .session_id = charge_.session_id};
  }

  // Puts as much of the rest onto the contract as it takes. True if nothing is left to be put anywhere.
  bool put_on(Holding& holding, Rest& rest) {
    const Contract& contract = *holding.contract;
    std::vector<Line> lines;
    if (contract.model == Model::prepaid_money) {
      use_money(holding, rest, lines);
    } else {
      const auto lots = take_from_stocks(holding, at_, std::string{kMinutes}, rest.minutes, lines);
      reduce(rest, lots);
      use_minutes(holding, rest, lines);
    }
    if (held_) return false;
    const bool done = rest.minutes == 0 && rest.amount == 0;
    // A contract that has nothing left takes no part in what goes on to the next.
    if (!done && lines.empty()) return false;
    const auto kind = kind_of(contract.model, lines);
    balance_against(AccountKind::work, lines);
    entries_.push_back(entry(kind, contract.id, std::move(lines)));
    return done;
  }

  // What the lines say; where there are none, what they would say.
  static Kind kind_of(Model model, const std::vector<Line>& lines) {
    const auto has = [&](AccountKind kind) {
      return std::ranges::any_of(lines, [&](const Line& line) { return line.account.kind == kind; });
    };
    const bool prepaid = model == Model::prepaid || model == Model::prepaid_money;
    if (has(AccountKind::due)) return prepaid || has(AccountKind::left) ? Kind::overage : Kind::accrual;
    if (has(AccountKind::left) || prepaid) return Kind::consumption;
    const bool bills = model == Model::indefinite || model == Model::hourly || model == Model::project_hourly;
    return bills ? Kind::accrual : Kind::cover;
  }

  static void reduce(Rest& rest, std::int64_t minutes) {
    rest.amount -= share(rest.amount, minutes, rest.minutes);
    rest.minutes -= minutes;
  }

  static void add(std::vector<Line>& lines, AccountKind kind, std::string unit, std::int64_t quantity) {
    if (quantity == 0) return;
    lines.push_back({.account = {.kind = kind, .unit = std::move(unit)}, .quantity = quantity});
  }

  // How much of `wanted` the pot gives, by what was agreed for when it has less; the rest stays.
  std::int64_t take_from_pot(Holding& holding, std::int64_t wanted) {
    const auto policy = exceeds_ ? Exhaustion::negative : holding.contract->terms.exhaustion;
    const auto there = std::max<std::int64_t>(holding.pot, 0);
    auto taken = wanted;
    if (wanted > there && policy != Exhaustion::negative) taken = there;
    if (wanted > there && policy == Exhaustion::hold) {
      held_ = true;
      return 0;
    }
    holding.pot -= taken;
    return taken;
  }

  void use_money(Holding& holding, Rest& rest, std::vector<Line>& lines) {
    const auto& terms = holding.contract->terms;
    const auto whole = rest;
    rest.amount -= take_from_stocks(holding, at_, terms.currency, rest.amount, lines);
    const auto taken = take_from_pot(holding, rest.amount);
    if (held_) return;
    add(lines, AccountKind::left, terms.currency, -taken);
    rest.amount -= taken;
    // What is paid for is done with, in minutes, too.
    rest.minutes = whole.amount == 0 ? 0 : share(whole.minutes, rest.amount, whole.amount);
    if (rest.amount == 0) rest.minutes = 0;
    if (rest.amount == 0 || terms.exhaustion != Exhaustion::split) return;
    add(lines, AccountKind::due, terms.currency, -rest.amount);
    rest = {};
  }

  // What the lots did not give.
  void use_minutes(Holding& holding, Rest& rest, std::vector<Line>& lines) {
    const Contract& contract = *holding.contract;
    const auto& terms = contract.terms;
    const std::string minutes{kMinutes};
    const auto bill = [&](std::int64_t amount) {
      add(lines, AccountKind::due, minutes, -rest.minutes);
      add(lines, AccountKind::due, terms.currency, -amount);
      rest = {};
    };
    const auto cover = [&] {
      add(lines, AccountKind::covered, minutes, -rest.minutes);
      rest = {};
    };
    switch (contract.model) {
      case Model::prepaid: {
        const auto taken = take_from_pot(holding, rest.minutes);
        if (held_) return;
        add(lines, AccountKind::left, minutes, -taken);
        reduce(rest, taken);
        if (rest.minutes == 0) rest.amount = 0;
        if (rest.minutes > 0 && terms.exhaustion == Exhaustion::split) {
          bill(price(terms.overage_per_hour, rest.minutes));
        }
        return;
      }
      case Model::indefinite:
      case Model::hourly:
      case Model::project_hourly: return bill(rest.amount);
      case Model::flat_fee:
        return terms.overage_per_hour == 0 ? cover() : bill(price(terms.overage_per_hour, rest.minutes));
      default: return cover();  // The fee of a project or of something recurring; money is used above.
    }
  }

  const Charge& charge_;
  timing::UtcMs at_;
  std::vector<Holding>& holdings_;
  std::vector<Entry> entries_;
  std::set<std::int64_t> tried_;
  bool held_ = false;
  bool exceeds_ = false;
};

}  // namespace

std::vector<Entry> allocate(const Charge& charge, timing::UtcMs at, std::vector<Holding>& holdings) {
  return Allocation{charge, at, holdings}.run();
}

}  // namespace collector::ledger
