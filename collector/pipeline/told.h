// What mails tell of sessions and their contracts, read from the ledger. Inside this room.

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
#include "collector/store/sessions.h"
#include "common/base/result.h"

namespace collector::pipeline {

// A session that is charged, with everything its line in the mail needs.
struct ToldSession {
  store::SessionRow session;
  store::AttributionRow attribution;
  std::int64_t seconds = 0;
};

// A queued entry, or one in its place, and all sessions that it charges.
struct Told {
  store::MailItemRow item;
  store::EntryRow entry;  // With its lines.
  store::ChargeRow charge;
  std::vector<ToldSession> sessions;  // In order of their starts; at least one.

  bool is_taken_back() const { return entry.reverses_entry_id.has_value(); }
};

// What the queued entry says. Nothing if it was reversed since: others tell the truth, all of which, on
// whatever contracts, stand in its place here if none of them was queued and the reader does not know what
// they say. Of a reversal, which says that sessions are not charged to the customer any more, those of which
// that is so for good, as they were told: none that is charged to him otherwise, or waits for a person or a
// comment.
[[nodiscard]] base::Result<std::vector<Told>> load_told(store::Transaction& tx,
                                                        const store::MailItemRow& item);

// Whether mails of that kind, a "partner_copy" to that partner, are to tell of the contract; whether anybody
// has an address is another question. False without a contract.
bool is_told(const directory::Contract* contract, std::string_view kind,
             std::optional<std::int64_t> partner_id);

// When the first of what is told began, as a person stated it or as it was captured.
timing::UtcMs start_of(const Told& told);

// A line for each session, once however many contracts its charge is spread over, and however often an entry
// is among them; those that are charged as one stay together, all by the start of the first. `all` is for one
// reader. What is charged is what the entries say; it stands with the first session that is not without
// charge. With why it costs what it costs if they are to `explain` it.
[[nodiscard]] base::Result<std::vector<mail::SessionLine>> lines_of(store::Transaction& tx,
                                                                    const std::vector<Told>& all,
                                                                    const directory::Directory& directory,
                                                                    bool explain);

// One for each contract among them, with its balance now; `exhausted` in the first mail of `kind` after it
// was used up, `low` while a threshold of its notices is passed.
[[nodiscard]] base::Result<std::vector<mail::ContractBlock>> blocks_of(store::Transaction& tx,
                                                                       const std::vector<Told>& all,
                                                                       const directory::Directory& directory,
                                                                       const std::string& kind);

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
