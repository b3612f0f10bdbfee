// One customer with one terminal and one contract, one technician, one agent:
// enough for rows that refer to others. Ids are those the store gave.

#pragma once

#include <string>

#include "collector/store/agents.h"
#include "collector/store/attributions.h"
#include "collector/store/charges.h"
#include "collector/store/comments.h"
#include "collector/store/directory.h"
#include "collector/store/ledger.h"
#include "collector/store/mails.h"
#include "collector/store/records.h"
#include "collector/store/sessions.h"

namespace collector::store {

struct SmallWorld {
  std::string agent_id = std::string(15, '\0') + '\x01';
  std::int64_t customer_id = 0;
  std::int64_t terminal_id = 0;
  std::int64_t technician_id = 0;
  std::int64_t template_id = 0;
  std::int64_t contract_id = 0;
};

SmallWorld make_small_world(Transaction& transaction);

// Rows with every field set to something of its own; tests change what matters.
AgentRow agent_row(std::int64_t token_id, const std::string& agent_id);
BatchRow batch_row(const std::string& agent_id, std::int64_t first_seq);
directory::Contract contract_of(const SmallWorld& world, const std::string& name);
SessionRow session_row(const SmallWorld& world, const std::string& key);
CommentRow comment_row(const std::string& remote_id, std::int64_t started_ms, const std::string& text);
AttributionRow attribution_row(const SmallWorld& world, std::int64_t session_id,
                               const std::string& disposition);
ChargeRow charge_row(const SmallWorld& world, std::int64_t session_id, std::int64_t attribution_id);
EntryRow entry_row(const ChargeRow& charge);
// Minutes that a person sold.
EntryRow grant_row(const SmallWorld& world, std::int64_t minutes);
EntryRow reversal_of(const EntryRow& entry);
// Minutes that are left or, where nothing is sold in advance, due.
std::int64_t balance_of(Transaction& transaction, std::int64_t contract_id);
MailRow mail_row(std::int64_t customer_id, const std::string& message_id);

// A session, ready attribution, charge and entry, all in force.
struct Posted {
  std::int64_t session_id = 0;
  std::int64_t attribution_id = 0;
  ChargeRow charge;
  EntryRow entry;
};
Posted post_session(Transaction& transaction, const SmallWorld& world, const std::string& key);

// Takes what happens at midnight UTC for the start of every day.
base::Result<timing::UtcMs> utc_start_of_day(std::chrono::year_month_day day, const std::string& zone);

}  // namespace collector::store
