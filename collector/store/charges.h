// Charges: minutes and money from a rule, with the steps that led to them. Never changed; of one subject the
// newest is in force.

#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "collector/store/connection.h"
#include "collector/store/reratings.h"
#include "common/timing/utc.h"

namespace collector::store {

// A session that is charged, and the attribution it is charged by.
struct ChargePart {
  std::int64_t session_id = 0;
  std::int64_t attribution_id = 0;
  std::int64_t seconds = 0;

  bool operator==(const ChargePart&) const = default;
};

struct ChargeRow {
  std::int64_t id = 0;  // Given by the store; grows.
  std::string subject;  // What is charged: "s12" a session, and so on; see pipeline/steps.h.
  std::int64_t customer_id = 0;
  std::int64_t contract_id = 0;
  std::int64_t template_id = 0;     // The template version that was applied.
  std::int64_t rating_version = 0;  // 0: it could not be rated; `steps` say why.
  std::int64_t seconds = 0;
  std::int64_t minutes = 0;
  std::int64_t amount = 0;  // In the smallest unit of the contract's currency; 0 where no rate was agreed.
  timing::UtcMs at;         // When it began.
  std::string tie;          // Decides between charges of one instant.
  std::int64_t session_id = 0;  // Its first session.
  bool voided = false;          // It has no sessions any more, and costs nothing.
  std::string steps;            // Opaque to the store.
  std::string inputs = {};      // What it can be worked out from again, opaque to the store; empty: not kept.
  timing::UtcMs created;
  bool may_exceed = false;  // A person released it where it is held: it may take more than there is.
  std::vector<ChargePart> parts = {};  // In order of sessions.
  std::int64_t rerating_id = 0;        // The newest decision to rate again that it knew; 0: there was none.
};

// Returns its id.
[[nodiscard]] base::Result<std::int64_t> add_charge(Transaction& transaction, const ChargeRow& charge);

// The one in force.
[[nodiscard]] base::Result<std::optional<ChargeRow>> newest_charge(Transaction& transaction,
                                                                   const std::string& subject);

[[nodiscard]] base::Result<std::optional<ChargeRow>> find_charge(Transaction& transaction,
                                                                 std::int64_t charge_id);

// The one in force that the session is a part of.
[[nodiscard]] base::Result<std::optional<ChargeRow>> charge_of(Transaction& transaction,
                                                               std::int64_t session_id);

// Those the session was ever a part of, or the first session of; oldest first.
[[nodiscard]] base::Result<std::vector<ChargeRow>> charges_of(Transaction& transaction,
                                                              std::int64_t session_id);

// The document in which one of its sessions stands: then the charge stays as it is.
[[nodiscard]] base::Result<std::optional<std::string>> charge_billed_with(Transaction& transaction,
                                                                          std::int64_t charge_id);

// What those are called, each once.
[[nodiscard]] base::Result<std::set<std::string>> subjects_of(Transaction& transaction,
                                                              std::int64_t session_id);

// Those in force that are not voided, not billed, and began at `from` or later, in order of time; without
// parts and steps.
[[nodiscard]] base::Result<std::vector<ChargeRow>> charges_from(Transaction& transaction,
                                                                std::int64_t customer_id, timing::UtcMs from);

// Up to `limit` in force that the decision covers and that do not know it, in order of time; none that is
// billed.
[[nodiscard]] base::Result<std::vector<ChargeRow>> charges_to_rerate(Transaction& transaction,
                                                                     const ReratingRow& rerating,
                                                                     std::int64_t limit);

struct RuledCharge {
  ChargeRow charge;
  std::string template_name;
  std::int64_t template_version = 0;
  std::optional<std::string> document = {};  // With which one of its sessions was billed.
};

// A contract's charges in force that began in [from, to), in order of time.
[[nodiscard]] base::Result<std::vector<RuledCharge>> charges_between(Transaction& transaction,
                                                                     std::int64_t contract_id,
                                                                     timing::UtcMs from, timing::UtcMs to);

}  // namespace collector::store
