// What mails tell of sessions and contracts, read from the ledger. Inside this room.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/directory/nouns.h"
#include "collector/mail/message.h"
#include "collector/store/attributions.h"
#include "collector/store/charges.h"
#include "collector/store/ledger.h"
#include "collector/store/mails.h"
#include "collector/store/notices.h"
#include "collector/store/sessions.h"
#include "common/base/result.h"

namespace collector::pipeline {

// One queued session with everything its line in the mail needs.
struct Told {
  store::MailItemRow item;
  store::SessionRow session;
  store::AttributionRow attribution;
  store::ChargeRow charge;
  store::EntryRow entry;
};

// Nothing if the entry was reversed since it was queued: another one tells the truth.
[[nodiscard]] base::Result<std::optional<Told>> load_told(store::Transaction& tx,
                                                          const store::MailItemRow& item);

// Whether mails of that kind, a "partner_copy" to that partner, are to tell of the contract; whether anybody
// has an address is another question. False without a contract.
bool is_told(const directory::Contract* contract, std::string_view kind,
             std::optional<std::int64_t> partner_id);

// When what is told of the session began, as a person stated it or as it was captured.
timing::UtcMs start_of(const Told& told);

// By their starts; with why each costs what it costs if they are to `explain` it.
std::vector<mail::SessionLine> lines_of(const std::vector<Told>& all, const directory::Directory& directory,
                                        bool explain);

// One for each contract among them, with its balance now; `exhausted` in the first mail of `kind` after it
// was used up, `low` while a threshold of its notices is passed.
[[nodiscard]] base::Result<std::vector<mail::ContractBlock>> blocks_of(store::Transaction& tx,
                                                                       const std::vector<Told>& all,
                                                                       const directory::Directory& directory,
                                                                       const std::string& kind);

// A notice as its mail tells it.
mail::NoticeLine line_of(const store::NoticeRow& row, const directory::Contract& contract);

// Null if there is none of that id.
template <class Row>
const Row* row_of(const std::vector<Row>& rows, std::optional<std::int64_t> id) {
  if (!id) return nullptr;
  for (const auto& row : rows) {
    if (row.id == *id) return &row;
  }
  return nullptr;
}

}  // namespace collector::pipeline
