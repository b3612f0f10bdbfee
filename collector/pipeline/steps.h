// The steps that carry rows from record to ledger, one transaction each.
//
// Each step takes what an earlier one left and no later one has seen, writes
// only its own tables, and is finished when the transaction commits: killed at
// any point and run again, it gives the same rows. A step returns how many rows
// it wrote; 0 means there is nothing to do now.

#pragma once

#include <cstdint>

#include "collector/directory/nouns.h"
#include "collector/pipeline/due.h"
#include "collector/pipeline/settings.h"
#include "collector/store/connection.h"
#include "collector/store/directory.h"
#include "collector/store/sessions.h"
#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::pipeline {

// How many rows a step takes in one transaction: so many that a backlog does not wait for the disk, so few
// that whoever stores does not wait long; while one of these runs, nobody else writes.
inline constexpr std::int64_t kAssembleRowsMax = 500;
inline constexpr std::int64_t kAttributeRowsMax = 250;
inline constexpr std::int64_t kRateRowsMax = 500;
inline constexpr std::int64_t kAdjustRowsMax = 100;
// Of customers; and no further one behind so many charges and entries.
inline constexpr std::int64_t kPostCustomersMax = 100;
inline constexpr std::int64_t kPostRowsMax = 500;
inline constexpr std::int64_t kComposeBatchesMax = 50;

// record -> session, gap: applies facts in the order of their commits. A fact that
// knows less of its session than an earlier one is an old one told again, and
// changes nothing; one that tells the same times without a measurement leaves the measurement there is.
[[nodiscard]] base::Result<std::int64_t> assemble(store::Transaction& tx);

// Carries out a step of those below in the caller's transaction.
[[nodiscard]] base::Result<std::int64_t> carry_out(Step step, store::Transaction& tx,
                                                   const directory::Directory& directory,
                                                   const Settings& settings,
                                                   const store::StartOfDay& start_of_day, timing::UtcMs now);

// Everything that can be done at `now`, up to the ledgers, in the caller's transaction and so in one go: what
// is to be looked at only, and rolled back.
[[nodiscard]] base::Status bring_up_to_date(store::Transaction& tx, const Settings& settings,
                                            const store::StartOfDay& start_of_day, timing::UtcMs now);

// When a session is due, under these settings.
store::AttributionDue attribution_due(const Settings& settings, timing::UtcMs now);

// session, comment, directory -> attribution. A session beside which another one changed is only attributed
// again if its comment is another one now.
[[nodiscard]] base::Result<std::int64_t> attribute(store::Transaction& tx,
                                                   const directory::Directory& directory,
                                                   const Settings& settings, timing::UtcMs now);

// attribution, rerating -> charge, of each subject that one of them touched; one whose sessions are all gone
// is voided, one that is billed stays. What is rated as one, and its name, is told by rating_unit.h.
[[nodiscard]] base::Result<std::int64_t> rate(store::Transaction& tx, const directory::Directory& directory,
                                              timing::UtcMs now);

// comment about a billed session -> adjustment, which waits for a person or is released as `settings` says;
// released adjustment -> entry, of the difference to what was charged so far.
[[nodiscard]] base::Result<std::int64_t> adjust(store::Transaction& tx, const directory::Directory& directory,
                                                const Settings& settings, timing::UtcMs now);

// charge, person's entry, time -> entries and queued mail: plans the ledgers that are to be planned
// (collector/ledger, plan.h), reverses what is not as planned, adds what is missing; and notes what somebody
// should be told of them (notices.h).
[[nodiscard]] base::Result<std::int64_t> post(store::Transaction& tx, const directory::Directory& directory,
                                              const Settings& settings, const store::StartOfDay& start_of_day,
                                              timing::UtcMs now);

// queued mail whose window has closed -> composed mail: one for each customer, one for each partner of the
// contracts in it, one of notices. Returns how many batches (store/mails.h) it looked at. One that waits for
// a review, or of which no mail can be made (a bad address), is held (store/mail_holds.h), shown, and looked
// at later.
[[nodiscard]] base::Result<std::int64_t> compose_mails(store::Transaction& tx,
                                                       const directory::Directory& directory,
                                                       const Settings& settings, timing::UtcMs now);

}  // namespace collector::pipeline
