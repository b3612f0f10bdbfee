// What a mail says of sessions that are charged as one, in figures: which they are, and what they cost as far
// as its reader is concerned. Two of them are compared to know whether somebody has to be told again. Inside
// this room.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "collector/store/ledger.h"
#include "collector/store/mails.h"
#include "common/base/result.h"

namespace collector::pipeline {

// What entries charge for work, as their lines say it: so the sum of mails is the sum of the ledger.
struct Figures {
  std::int64_t minutes = 0;
  std::map<std::string, std::int64_t> money;  // By currency, in its smallest unit; none that is 0.

  bool operator==(const Figures&) const = default;
  bool is_nothing() const { return minutes == 0 && money.empty(); }
};

struct Statement {
  std::set<std::int64_t> sessions;
  Figures figures;

  bool operator==(const Statement&) const = default;
};

// Adds what the entry charges; its lines are needed. One that reverses another adds nothing: who is told of
// it is told that it costs nothing any more.
void add(Figures& figures, const store::EntryRow& entry);

// The sessions that a charge, or an entry's charge, is made of. internal if there is no such charge.
[[nodiscard]] base::Result<std::set<std::int64_t>> sessions_of(store::Transaction& tx,
                                                               std::optional<std::int64_t> charge_id);
[[nodiscard]] base::Result<std::set<std::int64_t>> sessions_of(store::Transaction& tx,
                                                               const store::EntryRow& entry);

// What the newest mail to the reader said of the session and all that was charged as one with it; nothing if
// no mail told him of it.
[[nodiscard]] base::Result<std::optional<Statement>> last_statement(store::Transaction& tx,
                                                                    const store::MailReader& reader,
                                                                    std::int64_t session_id);

// Whether the newest mails to the reader say exactly that, of each of its sessions.
[[nodiscard]] base::Result<bool> was_told(store::Transaction& tx, const store::MailReader& reader,
                                          const Statement& statement);

}  // namespace collector::pipeline
