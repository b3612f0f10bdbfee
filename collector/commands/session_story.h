// All rows that belong to one session, read in one moment. For `explain`.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "collector/directory/nouns.h"
#include "collector/store/adjustments.h"
#include "collector/store/attributions.h"
#include "collector/store/charges.h"
#include "collector/store/comments.h"
#include "collector/store/ledger.h"
#include "collector/store/mails.h"
#include "collector/store/records.h"
#include "collector/store/reratings.h"
#include "collector/store/sessions.h"
#include "common/base/result.h"

namespace collector::commands {

struct SessionStory {
  store::SessionRow session;
  std::vector<store::ProvenRecordRow> records;
  std::vector<store::AttributionRow> attributions;
  std::vector<store::CommentRow> comments;  // Those the attributions considered, in their order.
  std::vector<store::ChargeRow> charges;
  std::map<std::int64_t, store::ReratingRow> reratings;  // By which charges were rated again, by their ids.
  std::vector<store::AdjustmentStory> adjustments;       // Since it was billed.
  std::vector<store::EntryRow> entries;
  std::vector<store::MailItemRow> mail_items;
  std::vector<store::MailRow> mails;  // Of the items that are told.
  directory::Directory directory;     // As of now, for names.
};

// not_found if there is no such session.
[[nodiscard]] base::Result<SessionStory> load_story(store::Connection& database, std::int64_t session_id);

}  // namespace collector::commands
