// Whom what was posted is told to: the customer, and the partner of the contract. Inside this room.

#pragma once

#include <map>
#include <vector>

#include "collector/directory/nouns.h"
#include "collector/ledger/entry.h"
#include "collector/pipeline/statement.h"
#include "collector/store/directory.h"
#include "collector/store/mails.h"
#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::pipeline {

// An entry of a charge, now in the ledger of the contract.
struct PostedEntry {
  const directory::Contract* contract = nullptr;
  store::EntryRow entry;  // With its id and lines.
};

// Queues for one customer's mails, in the transaction that posts. All it is made of must outlive it.
class Teller {
 public:
  Teller(store::Transaction& tx, const store::StartOfDay& start_of_day, timing::UtcMs now)
      : tx_{tx}, start_of_day_{start_of_day}, now_{now} {}

  // All entries that speak for one charge, which began at `began`. Each reader is told once, unless his last
  // mails say the same of the same sessions: what he is told are minutes, money and which sessions they are
  // for, not from which lot they are taken. `is_new`: nothing was ever posted under the charge's name.
  [[nodiscard]] base::Status tell(const std::vector<PostedEntry>& posted, timing::UtcMs began, bool is_new);

  // The reversals of all entries that spoke for one charge, where nothing speaks for it any more: who was
  // told that it costs something is told that it does not. Whether that is still so is looked at again when
  // the mail is made (load_told).
  [[nodiscard]] base::Status take_back(const std::vector<PostedEntry>& reversals);

 private:
  using Readers = std::map<store::MailReader, std::vector<const PostedEntry*>>;

  [[nodiscard]] base::Result<Readers> readers_of(const std::vector<PostedEntry>& posted,
                                                 timing::UtcMs began) const;
  [[nodiscard]] base::Result<bool> is_of_partner(const directory::Contract& contract, timing::UtcMs at) const;
  [[nodiscard]] base::Result<bool> costs_or_was_told(const store::MailReader& reader,
                                                     const Statement& statement);
  [[nodiscard]] base::Status queue(const store::MailReader& reader, const PostedEntry& posted);

  store::Transaction& tx_;
  const store::StartOfDay& start_of_day_;
  timing::UtcMs now_;
  store::QueuedSoFar queued_;
};

}  // namespace collector::pipeline
