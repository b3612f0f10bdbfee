// All rows that belong to what `explain` is asked about, read in one moment: the sessions with how they were
// attributed, the charges with what became of them, and the entry.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "collector/commands/coverage_story.h"
#include "collector/commands/explain_subject.h"
#include "collector/commands/worked_again.h"
#include "collector/directory/nouns.h"
#include "collector/store/adjustments.h"
#include "collector/store/attributions.h"
#include "collector/store/changes.h"
#include "collector/store/charges.h"
#include "collector/store/comments.h"
#include "collector/store/decisions.h"
#include "collector/store/ledger.h"
#include "collector/store/mails.h"
#include "collector/store/overview.h"
#include "collector/store/records.h"
#include "collector/store/reratings.h"
#include "collector/store/templates.h"
#include "common/base/result.h"

namespace collector::commands {

struct AttributionStory {
  store::AttributionRow attribution;
  bool in_force = false;
  CoverageStory coverage;
};

struct SessionStory {
  store::OverviewRow overview;
  std::vector<store::ProvenRecordRow> records;
  std::vector<store::CommentRow> comments;          // Those that the attributions considered, in their order.
  std::optional<store::DecisionRow> decision;       // What people decided, the newest: it says all.
  std::vector<AttributionStory> attributions;       // Oldest first.
  std::vector<store::AdjustmentStory> adjustments;  // Since it was billed.
};

struct ChargeStory {
  store::ChargeRow charge;
  WorkedAgain worked_again;
  store::TemplateName template_name;
  std::optional<store::ReratingRow> rerating;  // The decision by which it was rated again.
  std::optional<std::int64_t> replaced_by;     // The charge in force of the same sessions, series or day.
  // Where its sessions, and the one it began with, are charged now, if that is in none of the same: of a
  // series that was left, of a day that was moved.
  std::vector<std::int64_t> moved_to;
};

struct EntryStory {
  store::EntryRow entry;                       // With its lines.
  std::optional<std::int64_t> reversed_by;     // An entry.
  std::optional<store::ChangeRow> person;      // The change by which a person made it, if one did.
  std::vector<store::LineRow> accounts_after;  // Of its contract, when it had been written.
  std::vector<store::LineRow> accounts_now;
};

struct ToldMail {
  store::MailItemRow item;
  std::optional<store::MailRow> mail;  // Absent: it waits for its window.
};

struct Story {
  Subject subject;
  std::vector<SessionStory> sessions;
  std::vector<ChargeStory> charges;  // Oldest first.
  std::vector<EntryStory> entries;  // What the charges made, oldest first; with the one that was asked about.
  std::vector<ToldMail> mails;
  directory::Directory directory;  // As of now, for names.
};

// not_found, saying where to look, if there is no such thing.
[[nodiscard]] base::Result<Story> load_story(store::Connection& database, const Subject& subject);

}  // namespace collector::commands
