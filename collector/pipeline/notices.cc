#include "collector/pipeline/notices.h"

#include <algorithm>

#include "collector/ledger/notice.h"
#include "collector/store/ledger.h"
#include "collector/store/ledger_rows.h"
#include "collector/store/notices.h"

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
         std::vector<NoticeRow> kept, timing::UtcMs now)
      : tx_{tx}, contract_{contract}, found_{found}, kept_{std::move(kept)}, now_{now} {}

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
      return store::set_notice_over(tx_, told->id, std::nullopt);
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
    return {};
  }

  store::Transaction& tx_;
  const directory::Contract& contract_;
  const std::vector<Notice>& found_;
  std::vector<NoticeRow> kept_;
  timing::UtcMs now_;
};

}  // namespace

base::Result<std::optional<timing::UtcMs>> keep_notices(store::Transaction& tx,
                                                        const directory::Contract& contract,
                                                        const store::StartOfDay& start_of_day,
                                                        timing::UtcMs now) {
  auto kept = store::notices_of_contract(tx, contract.id);
  if (!kept) return std::unexpected{kept.error()};
  const bool over = contract.valid_to && now >= *contract.valid_to;
  if (over && kept->empty()) return std::nullopt;
  std::vector<ledger::Entry> entries;
  // Where nothing is ever bought or included there is nothing to be used up, however many sessions there are.
  const bool has_something_left = contract.model == directory::Model::prepaid ||
                                  contract.model == directory::Model::prepaid_money ||
                                  contract.terms.included_min > 0;
  if (!over && has_something_left) {
    const auto rows = store::entries_that_count(tx, contract.id);
    if (!rows) return std::unexpected{rows.error()};
    for (const auto& row : *rows) {
      auto entry = store::entry_of(row);
      if (!entry) return std::unexpected{entry.error()};
      entries.push_back(std::move(*entry));
    }
  }
  const auto found = ledger::notices(contract, entries, now, start_of_day);
  if (!found) return base::fail("the notices of contract " + std::to_string(contract.id), found.error());
  if (auto done = Keeper{tx, contract, found->all, std::move(*kept), now}.run(); !done)
    return std::unexpected{done.error()};
  return found->next;
}

}  // namespace collector::pipeline
