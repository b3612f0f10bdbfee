#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "collector/ledger/plan.h"
#include "collector/pipeline/notices.h"
#include "collector/pipeline/rating_unit.h"
#include "collector/pipeline/statement.h"
#include "collector/pipeline/steps.h"
#include "collector/pipeline/tell.h"
#include "collector/rating/rate.h"
#include "collector/store/charges.h"
#include "collector/store/ledger.h"
#include "collector/store/ledger_rows.h"

namespace collector::pipeline {

using base::ErrorCode;
using base::fail;

namespace {

// What of two entries must be the same for one to stand for the other.
using Key = std::tuple<std::int64_t, std::string, std::string>;
Key key_of(const ledger::Entry& entry) {
  return {entry.contract_id, store::about(entry.kind), entry.subject};
}

bool is_of_charge(const ledger::Entry& entry) {
  return store::about(entry.kind) == store::about(ledger::Kind::consumption);
}

// One customer's ledgers, from a moment on.
class Books {
 public:
  Books(store::Transaction& tx, const directory::Directory& directory, const store::TodoRow& todo,
        const Settings& settings, const store::StartOfDay& start_of_day, timing::UtcMs now)
      : tx_{tx},
        settings_{settings},
        todo_{todo},
        from_{todo.from},
        start_of_day_{start_of_day},
        now_{now},
        teller_{tx, start_of_day, now} {
    std::ranges::copy_if(directory.contracts, std::back_inserter(contracts_),
                         [&](const directory::Contract& one) { return one.customer_id == todo.customer_id; });
  }

  // How many charges and entries it looked at.
  std::int64_t looked_at() const { return looked_at_; }

  base::Status bring_up_to_date() {
    const auto from = store::plan_begins(tx_, todo_.customer_id, todo_.from);
    if (!from) return std::unexpected{from.error()};
    from_ = *from;
    ledger::Situation situation{.contracts = contracts_,
                                .from = from_,
                                .now = now_,
                                .left_before = {},
                                .standing = {},
                                .charges = {}};
    if (auto done = load_entries(situation); !done) return done;
    if (auto done = load_accounts(situation); !done) return done;
    if (auto done = load_charges(situation); !done) return done;
    looked_at_ = std::ssize(situation.charges) + std::ssize(situation.standing) + std::ssize(open_);
    const auto plan = ledger::plan(situation, start_of_day_);
    if (!plan)
      return fail("planning the ledgers of customer " + std::to_string(todo_.customer_id), plan.error());
    if (auto done = write(plan->entries); !done) return done;
    if (auto done = store::planned(tx_, todo_.customer_id); !done) return done;
    auto next = plan->next;
    for (const auto& contract : contracts_) {
      const auto notice = keep_notices(tx_, contract, from_, mailed_notices(contract), start_of_day_, now_);
      if (!notice) return std::unexpected{notice.error()};
      if (*notice && (!next || **notice < *next)) next = *notice;
    }
    return next ? store::plan_again(tx_, todo_.customer_id, *next, *next) : base::Status{};
  }

 private:
  base::Result<const directory::Contract*> contract_of(std::int64_t id) const {
    const auto found = std::ranges::find(contracts_, id, &directory::Contract::id);
    if (found == contracts_.end())
      return fail(ErrorCode::internal, "contract " + std::to_string(id) + " vanished");
    return &*found;
  }

  // Those that stand, and those that the plan may replace; what all of them did to the accounts is undone in
  // thought.
  base::Status load_entries(ledger::Situation& situation) {
    const auto rows = store::entries_from(tx_, todo_.customer_id, from_);
    if (!rows) return std::unexpected{rows.error()};
    for (const auto& row : *rows) {
      auto entry = store::entry_of(row.entry);
      if (!entry) return std::unexpected{entry.error()};
      for (const auto& line : entry->lines) since_[{entry->contract_id, line.account}] += line.quantity;
      if (entry->charge_id) posted_before_.insert(entry->subject);
      if (row.billed) {
        situation.standing.push_back(std::move(*entry));
      } else if (row.open) {
        open_.emplace(key_of(*entry), std::move(*entry));
      } else if (!ledger::is_derived(entry->kind) && entry->kind != ledger::Kind::reversal) {
        situation.standing.push_back(std::move(*entry));
      }
    }
    return {};
  }

  base::Status load_accounts(ledger::Situation& situation) {
    for (const auto& contract : contracts_) {
      const auto accounts = store::accounts_of(tx_, contract.id);
      if (!accounts) return std::unexpected{accounts.error()};
      for (const auto& account : *accounts) {
        auto line = store::line_of(account);
        if (!line) return std::unexpected{line.error()};
        if (line->account.kind != ledger::AccountKind::left) continue;
        line->quantity -= since_[{contract.id, line->account}];
        if (line->quantity != 0) situation.left_before.emplace_back(contract.id, std::move(*line));
      }
    }
    return {};
  }

  base::Status load_charges(ledger::Situation& situation) {
    const auto charges = store::charges_from(tx_, todo_.customer_id, from_);
    if (!charges) return std::unexpected{charges.error()};
    for (const auto& row : *charges) {
      began_[row.id] = row.at;
      situation.charges.push_back({.id = row.id,
                                   .session_id = row.session_id,
                                   .subject = row.subject,
                                   .at = row.at,
                                   .tie = row.tie,
                                   .contract_id = row.contract_id,
                                   .minutes = row.minutes,
                                   .amount = row.amount,
                                   .unrated = row.rating_version == rating::kNotRated,
                                   .may_exceed = row.may_exceed});
    }
    return {};
  }

  // Whether one can stand for the other: a charge is also of the same sessions.
  base::Result<bool> says_the_same(const ledger::Entry& wanted, const ledger::Entry& stored) {
    if (wanted.kind != stored.kind || wanted.at != stored.at || wanted.lines != stored.lines) return false;
    if (wanted.charge_id == stored.charge_id || is_of_one_session(wanted.subject)) return true;
    if (wanted.session_id != stored.session_id) return false;
    const auto sessions = sessions_of(tx_, wanted.charge_id);
    if (!sessions) return std::unexpected{sessions.error()};
    const auto before = sessions_of(tx_, stored.charge_id);
    if (!before) return std::unexpected{before.error()};
    return *sessions == *before;
  }

  // What does not stand as the plan says; a charge that is spread over several contracts as a whole, so that
  // its entries always tell of the same sessions together.
  base::Result<std::set<Key>> changed(const std::map<Key, const ledger::Entry*>& wanted) {
    std::set<Key> keys;
    std::set<std::string> charges;
    for (const auto& [key, entry] : open_) {
      const auto found = wanted.find(key);
      const auto same =
          found == wanted.end() ? base::Result<bool>{false} : says_the_same(*found->second, entry);
      if (!same) return std::unexpected{same.error()};
      if (*same) continue;
      keys.insert(key);
      if (is_of_charge(entry)) charges.insert(entry.subject);
    }
    for (const auto& [key, entry] : wanted) {
      if (open_.contains(key)) continue;
      keys.insert(key);
      if (is_of_charge(*entry)) charges.insert(entry->subject);
    }
    const auto insert_of_charges = [&](const Key& key, const ledger::Entry& entry) {
      if (is_of_charge(entry) && charges.contains(entry.subject)) keys.insert(key);
    };
    for (const auto& [key, entry] : open_) insert_of_charges(key, entry);
    for (const auto& [key, entry] : wanted) insert_of_charges(key, *entry);
    return keys;
  }

  // Reverses what the plan does not say, adds what it says beside that, in the order of the plan; then tells
  // who is to be told.
  base::Status write(const std::vector<ledger::Entry>& plan) {
    std::map<Key, const ledger::Entry*> wanted;
    for (const auto& entry : plan) wanted[key_of(entry)] = &entry;
    const auto keys = changed(wanted);
    if (!keys) return std::unexpected{keys.error()};
    std::set<std::string> charged;
    for (const auto& entry : plan) {
      if (is_of_charge(entry) && entry.kind != ledger::Kind::hold) charged.insert(entry.subject);
    }
    std::map<std::string, std::vector<PostedEntry>> taken_back;  // By charge.
    for (const auto& [key, entry] : open_) {
      if (!keys->contains(key)) continue;
      const bool gone = !wanted.contains(key);
      auto reversal = reverse(entry, gone ? "it no longer applies" : "worked out again");
      if (!reversal) return std::unexpected{reversal.error()};
      if (is_of_charge(entry) && entry.kind != ledger::Kind::hold && !charged.contains(entry.subject))
        taken_back[entry.subject].push_back(std::move(*reversal));
    }
    std::vector<std::vector<PostedEntry>> posted;  // By charge.
    std::map<std::int64_t, std::size_t> places;
    for (const auto& entry : plan) {
      const auto key = key_of(entry);
      if (!keys->contains(key) || wanted[key] != &entry) continue;
      auto added = add(entry);
      if (!added) return std::unexpected{added.error()};
      if (!entry.charge_id || entry.kind == ledger::Kind::hold) continue;
      const auto [place, is_new] = places.try_emplace(*entry.charge_id, posted.size());
      if (is_new) posted.emplace_back();
      posted[place->second].push_back(std::move(*added));
    }
    for (const auto& entries : posted) {
      const auto& entry = entries.front().entry;
      auto done = teller_.tell(entries, began_.at(*entry.charge_id), !posted_before_.contains(entry.subject));
      if (!done) return done;
    }
    for (const auto& [subject, reversals] : taken_back) {
      if (auto done = teller_.take_back(reversals); !done) return done;
    }
    return store::keep_gains(tx_, gains_);
  }

  base::Result<PostedEntry> reverse(const ledger::Entry& entry, std::string reason) {
    const auto contract = contract_of(entry.contract_id);
    if (!contract) return std::unexpected{contract.error()};
    PostedEntry posted{.contract = *contract,
                       .entry = store::row_of(ledger::reverse(entry, std::move(reason)), **contract, now_)};
    const auto id = store::add_entry(tx_, posted.entry, "", &gains_);
    if (!id) return std::unexpected{id.error()};
    posted.entry.id = *id;
    return posted;
  }

  base::Result<PostedEntry> add(const ledger::Entry& entry) {
    const auto contract = contract_of(entry.contract_id);
    if (!contract) return std::unexpected{contract.error()};
    PostedEntry posted{.contract = *contract, .entry = store::row_of(entry, **contract, now_)};
    const auto id = store::add_entry(tx_, posted.entry, store::about(entry.kind), &gains_);
    if (!id) return std::unexpected{id.error()};
    posted.entry.id = *id;
    return posted;
  }

  MailedNotices mailed_notices(const directory::Contract& contract) const {
    return {.kinds = settings_.mail_notices,
            .customer_id = contract.mail_customer ? std::optional{contract.customer_id} : std::nullopt};
  }

  store::Transaction& tx_;
  const Settings& settings_;
  const store::TodoRow& todo_;
  timing::UtcMs from_;
  const store::StartOfDay& start_of_day_;
  timing::UtcMs now_;
  std::int64_t looked_at_ = 0;
  std::vector<directory::Contract> contracts_;
  std::map<std::pair<std::int64_t, ledger::Account>, std::int64_t> since_;
  std::map<Key, ledger::Entry> open_;
  store::Gains gains_;
  std::map<std::int64_t, timing::UtcMs> began_;  // Charges.
  std::set<std::string> posted_before_;          // Names of charges.
  Teller teller_;
};

}  // namespace

base::Result<std::int64_t> post(store::Transaction& tx, const directory::Directory& directory,
                                const Settings& settings, const store::StartOfDay& start_of_day,
                                timing::UtcMs now) {
  const auto todos = store::ledgers_to_plan(tx, now, kPostCustomersMax);
  if (!todos) return std::unexpected{todos.error()};
  std::int64_t customers = 0, looked_at = 0;
  for (const auto& todo : *todos) {
    Books books{tx, directory, todo, settings, start_of_day, now};
    if (auto done = books.bring_up_to_date(); !done) return std::unexpected{done.error()};
    ++customers;
    looked_at += books.looked_at();
    if (looked_at >= kPostRowsMax) break;
  }
  return customers;
}

}  // namespace collector::pipeline
