#include "collector/pipeline/notices.h"

#include <algorithm>

#include "collector/ledger/entry.h"
#include "collector/ledger/notice.h"
#include "collector/pipeline/notice_ladder.h"
#include "collector/pipeline/notice_state.h"
#include "collector/store/ledger.h"
#include "collector/store/ledger_rows.h"
#include "collector/store/mails.h"
#include "collector/store/notices.h"
#include "common/logging/log.h"

namespace collector::pipeline {

namespace {

using ledger::Notice;
using ledger::NoticeKind;
using store::NoticeRow;

bool same_threshold(const Notice& a, const Notice& b) {
  return a.kind == b.kind && a.threshold == b.threshold;
}

bool same_occasion(const Notice& a, const Notice& b) {
  return same_threshold(a, b) && a.occasion == b.occasion;
}

bool is_of_an_end(NoticeKind kind) {
  return kind == NoticeKind::contract_ends || kind == NoticeKind::lot_ends;
}

// One contract's notices: those of the ledger, and those that are kept.
class Keeper {
 public:
  Keeper(store::Transaction& tx, const directory::Contract& contract, const std::vector<Notice>& found,
         std::vector<NoticeRow> kept, const MailedNotices& mailed, timing::UtcMs now)
      : tx_{tx}, contract_{contract}, found_{found}, kept_{std::move(kept)}, mailed_{mailed}, now_{now} {}

  base::Status run() {
    for (const auto& notice : found_) {
      if (notice.over) continue;
      if (auto done = keep(notice); !done) return done;
    }
    for (auto& row : kept_) {
      if (row.over || is_so(row.notice)) continue;
      row.over = now_;
      if (auto done = store::set_notice_over(tx_, row.id, now_); !done) return done;
    }
    return {};
  }

 private:
  bool is_so(const Notice& told) const {
    return std::ranges::any_of(found_,
                               [&](const Notice& one) { return !one.over && same_occasion(one, told); });
  }

  bool is_known(const Notice& told) const {
    return std::ranges::any_of(found_, [&](const Notice& one) { return same_occasion(one, told); });
  }

  base::Status keep(const Notice& notice) {
    const auto told =
        std::ranges::find_if(kept_, [&](const NoticeRow& row) { return same_occasion(row.notice, notice); });
    if (told != kept_.end()) {
      if (!told->over) return {};
      told->over.reset();
      if (auto done = store::set_notice_over(tx_, told->id, std::nullopt); !done) return done;
      // Its item was dropped if a mail was composed while it was over.
      return told->mailed ? base::Status{} : queue_mail(notice.kind, told->id, store::requeue_notice);
    }
    const auto moved = std::ranges::find_if(kept_, [&](const NoticeRow& row) {
      return !row.over && !is_of_an_end(notice.kind) && same_threshold(row.notice, notice) &&
             !is_known(row.notice);
    });
    if (moved != kept_.end()) {
      moved->notice.occasion = notice.occasion;
      return store::move_notice(tx_, moved->id, notice.occasion);
    }
    const auto id = store::add_notice(
        tx_, {.id = 0, .customer_id = contract_.customer_id, .notice = notice, .created = now_});
    if (!id) return std::unexpected{id.error()};
    return queue_mail(notice.kind, *id, [](store::Transaction& tx, const store::MailItemRow& item) {
      const auto closes = store::queue_item(tx, item);
      return closes ? base::Status{} : std::unexpected{closes.error()};
    });
  }

  template <class Queue>
  base::Status queue_mail(NoticeKind kind, std::int64_t notice_id, Queue queue) {
    const bool wanted = std::ranges::find(mailed_.kinds, ledger::to_string(kind)) != mailed_.kinds.end();
    if (!wanted || !mailed_.customer_id) return {};
    const store::MailItemRow item{.id = 0,
                                  .customer_id = *mailed_.customer_id,
                                  .session_id = 0,
                                  .entry_id = 0,
                                  .window_closes = now_,
                                  .mail_id = std::nullopt,
                                  .created = now_,
                                  .kind = "notice",
                                  .partner_id = std::nullopt,
                                  .notice_id = notice_id};
    return queue(tx_, item);
  }

  store::Transaction& tx_;
  const directory::Contract& contract_;
  const std::vector<Notice>& found_;
  std::vector<NoticeRow> kept_;
  const MailedNotices& mailed_;
  timing::UtcMs now_;
};

// What the notices are worked out from: the state before a moment, and the entries from then on.
struct Past {
  timing::UtcMs before = timing::UtcMs::min();
  std::int64_t entries_before = 0;
  ledger::NoticeState state;
  std::vector<ledger::Entry> entries;
};

base::Result<std::vector<ledger::Entry>> entries_from(store::Transaction& tx,
                                                      const directory::Contract& contract,
                                                      timing::UtcMs from) {
  const auto rows = store::entries_that_count(tx, contract.customer_id, contract.id, from);
  if (!rows) return std::unexpected{rows.error()};
  std::vector<ledger::Entry> entries;
  for (const auto& row : *rows) {
    auto entry = store::entry_of(row);
    if (!entry) return std::unexpected{entry.error()};
    entries.push_back(std::move(*entry));
  }
  return entries;
}

// All of it has to be read; nothing that was kept is of use any more.
base::Result<Past> from_the_beginning(store::Transaction& tx, const directory::Contract& contract) {
  const auto dropped = store::drop_notice_states_behind(tx, contract.id, timing::UtcMs::min());
  if (!dropped) return std::unexpected{dropped.error()};
  auto entries = entries_from(tx, contract, timing::UtcMs::min());
  if (!entries) return std::unexpected{entries.error()};
  Past past{.state = ledger::first_notice_state(contract), .entries = *std::move(entries)};
  return past;
}

// What was kept for the latest moment before which nothing was planned again, if it is by the terms of today.
base::Result<std::optional<Past>> kept_past(store::Transaction& tx, const directory::Contract& contract,
                                            timing::UtcMs planned_from) {
  const auto dropped = store::drop_notice_states_behind(tx, contract.id, planned_from);
  if (!dropped) return std::unexpected{dropped.error()};
  const auto row = store::find_notice_state(tx, contract.id, planned_from);
  if (!row) return std::unexpected{row.error()};
  if (!*row) return std::nullopt;
  auto state = notice_state_from((*row)->state);
  if (!state) {
    logging::warning("what was kept of a contract's notices cannot be read; all of its entries are",
                     {{"contract", std::to_string(contract.id)}, {"reason", state.error().message}});
    return std::nullopt;
  }
  if (!ledger::can_go_on_from(*state, contract)) return std::nullopt;
  auto entries = entries_from(tx, contract, (*row)->before);
  if (!entries) return std::unexpected{entries.error()};
  return Past{.before = (*row)->before,
              .entries_before = (*row)->entries,
              .state = *std::move(state),
              .entries = *std::move(entries)};
}

// Whether state and entries say of what is left what the accounts say.
base::Result<bool> agrees(store::Transaction& tx, const directory::Contract& contract, const Past& past) {
  const auto accounts = store::accounts_of(tx, contract.id);
  if (!accounts) return std::unexpected{accounts.error()};
  std::int64_t left = 0;
  for (const auto& account : *accounts) {
    if (account.kind == ledger::to_string(ledger::AccountKind::left) && account.unit == past.state.unit)
      left += account.quantity;
  }
  auto told = ledger::left_by(past.state);
  for (const auto& entry : past.entries)
    told += ledger::sum_of(entry, ledger::AccountKind::left, past.state.unit);
  return told == left;
}

base::Result<Past> past_of(store::Transaction& tx, const directory::Contract& contract,
                           timing::UtcMs planned_from) {
  auto past = kept_past(tx, contract, planned_from);
  if (!past) return std::unexpected{past.error()};
  if (!*past) return from_the_beginning(tx, contract);
  const auto same = agrees(tx, contract, **past);
  if (!same) return std::unexpected{same.error()};
  if (*same) return *std::move(*past);
  logging::warning("what was kept of a contract's notices is not what its accounts say; all of it is read",
                   {{"contract", std::to_string(contract.id)}});
  return from_the_beginning(tx, contract);
}

// The moment before which the state is to be kept: the old one while there is not much behind it.
timing::UtcMs moment_to_keep(const Past& past, timing::UtcMs planned_from, timing::UtcMs now) {
  if (std::ssize(past.entries) <= kEntriesMax) return past.before;
  std::vector<timing::UtcMs> moments;
  for (const auto& entry : past.entries) moments.push_back(entry.at);
  const auto late = moments.end() - kEntriesBehind;
  std::ranges::nth_element(moments, late);
  return std::max(past.before, std::min({*late, planned_from, now}));
}

base::Status keep_state(store::Transaction& tx, const directory::Contract& contract, timing::UtcMs before,
                        const Past& past, const ledger::NoticeState& state) {
  const auto since =
      std::ranges::count_if(past.entries, [&](const ledger::Entry& entry) { return entry.at < before; });
  if (since == 0) return {};  // It is what is known already.
  auto done = store::put_notice_state(tx, {.contract_id = contract.id,
                                           .before = before,
                                           .entries = past.entries_before + since,
                                           .state = to_json(state)});
  if (!done) return done;
  const auto rungs = store::notice_states_of(tx, contract.id);
  if (!rungs) return std::unexpected{rungs.error()};
  std::vector<std::int64_t> entries;
  for (const auto& rung : *rungs) entries.push_back(rung.entries);
  for (const auto place : rungs_to_drop(entries)) {
    if (done = store::drop_notice_state(tx, contract.id, (*rungs)[place].before); !done) return done;
  }
  return {};
}

}  // namespace

base::Result<std::optional<timing::UtcMs>> keep_notices(
    store::Transaction& tx, const directory::Contract& contract, timing::UtcMs planned_from,
    const MailedNotices& mailed, const store::StartOfDay& start_of_day, timing::UtcMs now) {
  auto kept = store::notices_of_contract(tx, contract.id);
  if (!kept) return std::unexpected{kept.error()};
  const bool over = contract.valid_to && now >= *contract.valid_to;
  if (over && kept->empty()) return std::nullopt;
  Past past{.state = ledger::first_notice_state(contract), .entries = {}};
  // Where nothing is ever bought or included there is nothing to be used up, however many sessions there are.
  const bool has_something_left = contract.model == directory::Model::prepaid ||
                                  contract.model == directory::Model::prepaid_money ||
                                  contract.terms.included_min > 0;
  if (!over && has_something_left) {
    auto read = past_of(tx, contract, planned_from);
    if (!read) return std::unexpected{read.error()};
    past = *std::move(read);
  }
  const auto moment = moment_to_keep(past, planned_from, now);
  const auto found = ledger::notices(contract, past.state, past.entries, now, moment, start_of_day);
  if (!found) return base::fail("the notices of contract " + std::to_string(contract.id), found.error());
  if (moment > past.before) {
    if (auto done = keep_state(tx, contract, moment, past, found->state); !done)
      return std::unexpected{done.error()};
  }
  if (auto done = Keeper{tx, contract, found->all, std::move(*kept), mailed, now}.run(); !done)
    return std::unexpected{done.error()};
  return found->next;
}

}  // namespace collector::pipeline
