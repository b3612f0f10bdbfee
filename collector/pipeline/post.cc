#include <algorithm>

#include "collector/ledger/entry.h"
#include "collector/pipeline/steps.h"
#include "collector/store/attributions.h"
#include "collector/store/charges.h"
#include "collector/store/ledger.h"
#include "collector/store/mails.h"

namespace collector::pipeline {

using base::ErrorCode;
using base::fail;

namespace {

store::EntryRow row_of(const ledger::Entry& entry, timing::UtcMs now) {
  return {.id = 0,
          .contract_id = entry.contract_id,
          .kind = std::string{ledger::to_string(entry.kind)},
          .minutes = entry.minutes,
          .session_id = entry.session_id,
          .charge_id = entry.charge_id,
          .reverses_entry_id = entry.reverses_entry_id,
          .reason = entry.reason,
          .created = now};
}

base::Result<ledger::Entry> entry_of(const store::EntryRow& row) {
  const auto kind = ledger::kind_from(row.kind);
  if (!kind) return std::unexpected{kind.error()};
  return ledger::Entry{.id = row.id,
                       .contract_id = row.contract_id,
                       .kind = *kind,
                       .minutes = row.minutes,
                       .session_id = row.session_id,
                       .charge_id = row.charge_id,
                       .reverses_entry_id = row.reverses_entry_id,
                       .reason = row.reason};
}

base::Status reverse(store::Transaction& tx, const store::EntryRow& row, std::string reason,
                     timing::UtcMs now) {
  const auto entry = entry_of(row);
  if (!entry) return std::unexpected{entry.error()};
  const auto reversal = row_of(ledger::reverse(*entry, std::move(reason)), now);
  if (auto id = store::add_entry(tx, reversal); !id) return std::unexpected{id.error()};
  return {};
}

// Queues the entry for the customer's next mail, unless nobody is to be told.
base::Status queue_mail(store::Transaction& tx, const directory::Directory& directory,
                        const directory::Contract& contract, const store::ChargeRow& charge,
                        std::int64_t entry_id, timing::UtcMs now) {
  const auto customer =
      std::ranges::find(directory.customers, contract.customer_id, &directory::Customer::id);
  if (customer == directory.customers.end() || customer->email.empty()) return {};
  const auto attribution = store::latest_attribution(tx, charge.session_id);
  if (!attribution) return std::unexpected{attribution.error()};
  if (*attribution && (*attribution)->no_charge && !contract.mail_no_charge) {
    // Unless it was told with a charge: then that it costs nothing after all is news.
    const auto items = store::items_of_session(tx, charge.session_id);
    if (!items) return std::unexpected{items.error()};
    const bool told =
        std::ranges::any_of(*items, [](const store::MailItemRow& item) { return item.mail_id.has_value(); });
    if (!told) return {};
  }
  const store::MailItemRow item{.id = 0,
                                .customer_id = customer->id,
                                .session_id = charge.session_id,
                                .entry_id = entry_id,
                                .window_closes = now + std::chrono::minutes{contract.mail_window_min},
                                .mail_id = std::nullopt,
                                .created = now};
  if (auto queued = store::queue_item(tx, item); !queued) return std::unexpected{queued.error()};
  return {};
}

base::Status post_one(store::Transaction& tx, const store::ChargeRow& charge,
                      const directory::Directory& directory, timing::UtcMs now) {
  const auto contract = std::ranges::find(directory.contracts, charge.contract_id, &directory::Contract::id);
  if (contract == directory.contracts.end()) {
    return fail(ErrorCode::internal, "charge " + std::to_string(charge.id) + " has no contract");
  }
  const auto earlier = store::find_open_entry(tx, charge.session_id);
  if (!earlier) return std::unexpected{earlier.error()};
  if (*earlier) {
    if (auto done = reverse(tx, **earlier, "rated again", now); !done) return done;
  }
  const auto entry = ledger::post({.contract_id = contract->id,
                                   .model = contract->model,
                                   .session_id = charge.session_id,
                                   .charge_id = charge.id,
                                   .minutes = charge.minutes,
                                   .reason = "session " + std::to_string(charge.session_id)});
  const auto id = store::add_entry(tx, row_of(entry, now));
  if (!id) return std::unexpected{id.error()};
  return queue_mail(tx, directory, *contract, charge, *id, now);
}

}  // namespace

base::Result<std::int64_t> post(store::Transaction& tx, const directory::Directory& directory,
                                timing::UtcMs now) {
  const auto withdrawn = store::entries_to_reverse(tx, kStepRowsMax);
  if (!withdrawn) return std::unexpected{withdrawn.error()};
  for (const auto& entry : *withdrawn) {
    if (auto done = reverse(tx, entry, "back to review", now); !done) return std::unexpected{done.error()};
  }
  const auto charges = store::charges_to_post(tx, kStepRowsMax);
  if (!charges) return std::unexpected{charges.error()};
  for (const auto& charge : *charges) {
    if (auto done = post_one(tx, charge, directory, now); !done) return std::unexpected{done.error()};
  }
  return static_cast<std::int64_t>(withdrawn->size() + charges->size());
}

}  // namespace collector::pipeline
