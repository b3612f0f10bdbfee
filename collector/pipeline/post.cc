#include <algorithm>
#include <map>
#include <tuple>

#include "collector/ledger/plan.h"
#include "collector/pipeline/notices.h"
#include "collector/pipeline/steps.h"
#include "collector/rating/rate.h"
#include "collector/store/attributions.h"
#include "collector/store/charges.h"
#include "collector/store/ledger.h"
#include "collector/store/ledger_rows.h"
#include "collector/store/mails.h"

namespace collector::pipeline {

using base::ErrorCode;
using base::fail;

namespace {

// What of two entries must be the same for one to stand for the other.
using Key = std::tuple<std::int64_t, std::string, std::string>;
Key key_of(const ledger::Entry& entry) {
  return {entry.contract_id, store::about(entry.kind), entry.subject};
}

bool says_the_same(const ledger::Entry& a, const ledger::Entry& b) {
  return a.kind == b.kind && a.at == b.at && a.lines == b.lines;
}

// One customer's ledgers, from a moment on.
class Books {
 public:
  Books(store::Transaction& tx, const directory::Directory& directory, const store::TodoRow& todo,
        const Settings& settings, const store::StartOfDay& start_of_day, timing::UtcMs now)
      : tx_{tx}, settings_{settings}, todo_{todo}, from_{todo.from}, start_of_day_{start_of_day}, now_{now} {
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

  // Reverses what the plan does not say, adds what it says beside that; in the order of the plan.
  base::Status write(const std::vector<ledger::Entry>& plan) {
    std::map<Key, const ledger::Entry*> wanted;
    for (const auto& entry : plan) wanted[key_of(entry)] = &entry;
    for (auto& [key, entry] : open_) {
      const auto same = wanted.find(key);
      if (same != wanted.end() && says_the_same(*same->second, entry)) {
        wanted.erase(same);
        continue;
      }
      const bool gone = same == wanted.end();
      if (auto done = reverse(entry, gone ? "it no longer applies" : "worked out again"); !done) return done;
    }
    for (const auto& entry : plan) {
      const auto want = wanted.find(key_of(entry));
      if (want == wanted.end() || want->second != &entry) continue;
      if (auto done = add(entry); !done) return done;
    }
    return store::keep_gains(tx_, gains_);
  }

  base::Status reverse(const ledger::Entry& entry, std::string reason) {
    const auto contract = contract_of(entry.contract_id);
    if (!contract) return std::unexpected{contract.error()};
    const auto row = store::row_of(ledger::reverse(entry, std::move(reason)), **contract, now_);
    if (auto id = store::add_entry(tx_, row, "", &gains_); !id) return std::unexpected{id.error()};
    return {};
  }

  base::Status add(const ledger::Entry& entry) {
    const auto contract = contract_of(entry.contract_id);
    if (!contract) return std::unexpected{contract.error()};
    const auto id =
        store::add_entry(tx_, store::row_of(entry, **contract, now_), store::about(entry.kind), &gains_);
    if (!id) return std::unexpected{id.error()};
    if (!entry.session_id || entry.kind == ledger::Kind::hold) return {};
    if (auto done = queue_mail(**contract, *entry.session_id, *id); !done) return done;
    return queue_copy(**contract, entry, *id);
  }

  MailedNotices mailed_notices(const directory::Contract& contract) const {
    return {.kinds = settings_.mail_notices,
            .customer_id = contract.mail_customer ? std::optional{contract.customer_id} : std::nullopt};
  }

  // Queues the entry for the customer's next mail, unless he is not to be told. One who has no address may
  // get one.
  base::Status queue_mail(const directory::Contract& contract, std::int64_t session_id,
                          std::int64_t entry_id) {
    if (!contract.mail_customer) return {};
    return queue(contract, {.id = 0,
                            .customer_id = contract.customer_id,
                            .session_id = session_id,
                            .entry_id = entry_id,
                            .window_closes = {},
                            .mail_id = std::nullopt,
                            .created = now_});
  }

  // Queues the entry for the next copy to who passed the customer on, while he is told.
  base::Status queue_copy(const directory::Contract& contract, const ledger::Entry& entry,
                          std::int64_t entry_id) {
    if (!contract.partner || !contract.partner->told) return {};
    const auto his = is_of_partner(contract, entry.at);
    if (!his) return std::unexpected{his.error()};
    if (!*his) return {};
    return queue(contract, {.id = 0,
                            .customer_id = contract.customer_id,
                            .session_id = *entry.session_id,
                            .entry_id = entry_id,
                            .window_closes = {},
                            .mail_id = std::nullopt,
                            .created = now_,
                            .kind = "partner_copy",
                            .partner_id = contract.partner->id,
                            .notice_id = std::nullopt});
  }

  // Whether the moment is in the days that the partner was given.
  base::Result<bool> is_of_partner(const directory::Contract& contract, timing::UtcMs at) const {
    const auto& partner = *contract.partner;
    if (partner.first_day) {
      const auto from = start_of_day_(*partner.first_day, contract.time_zone);
      if (!from) return std::unexpected{from.error()};
      if (at < *from) return false;
    }
    if (!partner.last_day) return true;
    const std::chrono::year_month_day behind{std::chrono::sys_days{*partner.last_day} + std::chrono::days{1}};
    const auto to = start_of_day_(behind, contract.time_zone);
    if (!to) return std::unexpected{to.error()};
    return at < *to;
  }

  base::Status queue(const directory::Contract& contract, store::MailItemRow item) {
    if (!contract.mail_no_charge) {
      const auto is_news = costs_or_was_told(item.session_id, item.kind);
      if (!is_news) return std::unexpected{is_news.error()};
      if (!*is_news) return {};
    }
    item.window_closes = now_ + std::chrono::minutes{contract.mail_window_min};
    const auto closes = store::queue_item(tx_, item, window_);
    if (!closes) return std::unexpected{closes.error()};
    window_ = *closes;
    return {};
  }

  // A session without charge is no news, unless it was told with one: then that it costs nothing after all
  // is.
  base::Result<bool> costs_or_was_told(std::int64_t session_id, const std::string& kind) {
    const auto attribution = store::latest_attribution(tx_, session_id);
    if (!attribution) return std::unexpected{attribution.error()};
    if (!*attribution || !(*attribution)->no_charge) return true;
    const auto items = store::items_of_session(tx_, session_id, kind);
    if (!items) return std::unexpected{items.error()};
    return std::ranges::any_of(*items,
                               [](const store::MailItemRow& item) { return item.mail_id.has_value(); });
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
  std::optional<timing::UtcMs> window_;  // When that of the customer's mail closes, once it is known.
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
