#include "collector/commands/story.h"

#include <algorithm>
#include <boost/json.hpp>
#include <limits>
#include <set>
#include <utility>

#include "collector/commands/session_rows.h"
#include "collector/commands/stored_json.h"
#include "collector/commands/zones.h"
#include "collector/ledger/entry.h"
#include "collector/store/directory.h"
#include "collector/store/ledger_past.h"

namespace collector::commands {

namespace {

// Puts a store function's rows into place, or passes its error on.
template <class T>
base::Status fill(T& place, base::Result<T> rows) {
  if (!rows) return std::unexpected{rows.error()};
  place = std::move(*rows);
  return {};
}

class Loader {
 public:
  Loader(store::Transaction& tx, Story& story) : tx_{tx}, story_{story} {}

  base::Status load() {
    if (auto done = fill(story_.directory, store::load_directory(tx_, start_of_day_in_zone)); !done)
      return done;
    switch (story_.subject.kind) {
      case SubjectKind::session: return load_of_session();
      case SubjectKind::charge: return load_of_charge(story_.subject.id);
      case SubjectKind::entry: return load_of_entry();
    }
    return {};
  }

 private:
  base::Status load_of_session() {
    if (auto done = add_session(story_.subject.id); !done) return done;
    auto charges = store::charges_of(tx_, story_.subject.id);
    if (!charges) return std::unexpected{charges.error()};
    for (auto& charge : *charges) {
      if (auto done = add_charge(std::move(charge)); !done) return done;
    }
    return load_mails();
  }

  base::Status load_of_charge(std::int64_t id) {
    auto charge = store::find_charge(tx_, id);
    if (!charge) return std::unexpected{charge.error()};
    if (!*charge) return missing("explain SESSION, which names its charges");
    std::set<std::int64_t> sessions;
    for (const auto& part : (*charge)->parts) sessions.insert(part.session_id);
    if (sessions.empty()) sessions.insert((*charge)->session_id);
    for (const auto session : sessions) {
      if (auto done = add_session(session); !done) return done;
    }
    if (auto done = add_charge(std::move(**charge)); !done) return done;
    return load_mails();
  }

  base::Status load_of_entry() {
    auto entry = store::find_entry(tx_, story_.subject.id);
    if (!entry) return std::unexpected{entry.error()};
    if (!*entry) return missing("contracts --json, which has all entries");
    if (auto done = add_entry(story_.subject.id); !done) return done;
    return (*entry)->charge_id ? load_of_charge(*(*entry)->charge_id) : base::Status{};
  }

  // `where`: the command that names those there are.
  std::unexpected<base::Error> missing(const std::string& where) {
    return base::fail(base::ErrorCode::not_found,
                      "there is no " + subject_text(story_.subject) + "; see: deskledger-collector " + where);
  }

  base::Status add_session(std::int64_t id) {
    SessionStory session;
    if (auto done = fill(session.overview, row_of(tx_, id)); !done) return done;
    if (auto done = fill(session.records, store::records_of_session(tx_, id)); !done) return done;
    auto attributions = store::attributions_of(tx_, id);
    if (!attributions) return std::unexpected{attributions.error()};
    std::int64_t last_comment = 0;
    const auto place = place_in_ledger(session.overview);
    if (!place) return std::unexpected{place.error()};
    for (auto& attribution : *attributions) {
      auto coverage = load_coverage(tx_, attribution, story_.directory, place->first, place->second);
      if (!coverage) return std::unexpected{coverage.error()};
      if (attribution.comment_id && *attribution.comment_id != last_comment) {
        last_comment = *attribution.comment_id;
        auto comment = store::find_comment(tx_, last_comment);
        if (!comment) return std::unexpected{comment.error()};
        if (*comment) session.comments.push_back(std::move(**comment));
      }
      session.attributions.push_back(
          {.attribution = std::move(attribution), .in_force = false, .coverage = std::move(*coverage)});
    }
    if (!session.attributions.empty()) session.attributions.back().in_force = true;
    auto decisions = store::decisions_of(tx_, id);
    if (!decisions) return std::unexpected{decisions.error()};
    if (!decisions->empty()) session.decision = std::move(decisions->back());
    if (auto done = fill(session.adjustments, store::adjustments_of(tx_, id)); !done) return done;
    story_.sessions.push_back(std::move(session));
    return {};
  }

  // Where the session's charge stands, or would stand, among those of its contract: moment and tie.
  base::Result<std::pair<timing::UtcMs, std::string>> place_in_ledger(const store::OverviewRow& row) {
    if (row.charge_id) {
      const auto charge = store::find_charge(tx_, *row.charge_id);
      if (!charge) return std::unexpected{charge.error()};
      if (*charge) return std::pair{(*charge)->at, (*charge)->tie};
    }
    return std::pair{moment_of(row).value_or(timing::UtcMs{}), row.session.session_key};
  }

  base::Status add_charge(store::ChargeRow charge) {
    ChargeStory one;
    const auto name = store::template_name(tx_, charge.template_id);
    if (!name) return std::unexpected{name.error()};
    one.template_name = name->value_or(store::TemplateName{.name = "unknown"});
    if (charge.rerating_id != 0) {
      if (auto done = fill(one.rerating, store::find_rerating(tx_, charge.rerating_id)); !done) return done;
    }
    if (auto done = fill(one.worked_again, work_out_again(tx_, charge)); !done) return done;
    const auto newest = store::newest_charge(tx_, charge.subject);
    if (!newest) return std::unexpected{newest.error()};
    if (*newest && (*newest)->id != charge.id) one.replaced_by = (*newest)->id;
    if (auto done = load_moves(charge, one); !done) return done;
    if (auto done = load_entries(charge, !one.replaced_by); !done) return done;
    one.charge = std::move(charge);
    story_.charges.push_back(std::move(one));
    return {};
  }

  // Charges in force of others that the sessions are in now.
  base::Status load_moves(const store::ChargeRow& charge, ChargeStory& one) {
    std::set<std::int64_t> sessions{charge.session_id};
    for (const auto& part : charge.parts) sessions.insert(part.session_id);
    std::set<std::int64_t> moved;
    for (const auto session : sessions) {
      const auto row = row_of(tx_, session);
      if (!row) return std::unexpected{row.error()};
      if (!row->charge_id) continue;
      const auto now = store::find_charge(tx_, *row->charge_id);
      if (!now) return std::unexpected{now.error()};
      if (*now && (*now)->subject != charge.subject) moved.insert((*now)->id);
    }
    one.moved_to.assign(moved.begin(), moved.end());
    return {};
  }

  // What the charge made. An entry that says the same as an earlier charge of the subject stands for both.
  base::Status load_entries(const store::ChargeRow& charge, bool in_force) {
    const auto entries = store::entries_of_session(tx_, charge.session_id);
    if (!entries) return std::unexpected{entries.error()};
    for (const auto& entry : *entries) {
      bool of_charge = entry.charge_id == charge.id;
      if (!of_charge && in_force && entry.subject == charge.subject && !charge.voided) {
        const auto open = store::is_open(tx_, entry.id);
        if (!open) return std::unexpected{open.error()};
        of_charge = *open;
      }
      if (!of_charge) continue;
      if (auto done = add_entry(entry.id); !done) return done;
    }
    return {};
  }

  base::Status add_entry(std::int64_t id) {
    const auto has = [&](const EntryStory& one) { return one.entry.id == id; };
    if (std::ranges::any_of(story_.entries, has)) return {};
    auto entry = store::find_entry(tx_, id);
    if (!entry) return std::unexpected{entry.error()};
    if (!*entry) return base::fail(base::ErrorCode::internal, "entry " + std::to_string(id) + " vanished");
    EntryStory one;
    one.entry = std::move(**entry);
    if (auto done = fill(one.reversed_by, store::find_reversal(tx_, id)); !done) return done;
    const auto contract = one.entry.contract_id;
    if (auto done = fill(one.accounts_after, store::accounts_after(tx_, contract, id)); !done) return done;
    if (auto done = fill(one.accounts_now, store::accounts_of(tx_, contract)); !done) return done;
    if (auto done = load_person(one); !done) return done;
    story_.entries.push_back(std::move(one));
    std::ranges::sort(story_.entries, {}, [](const EntryStory& each) { return each.entry.id; });
    return {};
  }

  // The change that tells of the entry, or of the import that wrote it with its contract.
  base::Status load_person(EntryStory& one) {
    const auto kind = ledger::kind_from(one.entry.kind);
    if (!kind) return std::unexpected{kind.error()};
    if (ledger::is_derived(*kind) || one.entry.reverses_entry_id) return {};
    const auto changes = store::list_changes(tx_, {.limit = std::numeric_limits<std::int64_t>::max(),
                                                   .object = "contract",
                                                   .key = std::to_string(one.entry.contract_id)});
    if (!changes) return std::unexpected{changes.error()};
    for (const auto& row : *changes) {
      const auto after = stored_value(row.change.after);
      const auto* id = after.is_object() ? after.get_object().if_contains("entry") : nullptr;
      const bool tells = id != nullptr && id->is_int64() && id->get_int64() == one.entry.id;
      if (tells || (id == nullptr && !one.person && row.changed == one.entry.created)) one.person = row;
    }
    return {};
  }

  base::Status load_mails() {
    std::set<std::int64_t> sessions;
    for (const auto& one : story_.entries) {
      if (one.entry.session_id) sessions.insert(*one.entry.session_id);
    }
    for (const auto session : sessions) {
      const auto items = store::items_of_session(tx_, session);
      if (!items) return std::unexpected{items.error()};
      for (const auto& item : *items) {
        const auto of_entry = [&](const EntryStory& one) { return one.entry.id == item.entry_id; };
        const auto same = [&](const ToldMail& told) { return told.item.id == item.id; };
        if (std::ranges::none_of(story_.entries, of_entry) || std::ranges::any_of(story_.mails, same))
          continue;
        ToldMail told{.item = item, .mail = {}};
        if (item.mail_id) {
          if (auto done = fill(told.mail, store::find_mail(tx_, *item.mail_id)); !done) return done;
        }
        story_.mails.push_back(std::move(told));
      }
    }
    return {};
  }

  store::Transaction& tx_;
  Story& story_;
};

}  // namespace

base::Result<Story> load_story(store::Connection& database, const Subject& subject) {
  Story story;
  story.subject = subject;
  const auto read = database.read([&](store::Transaction& tx) { return Loader{tx, story}.load(); });
  if (!read) return std::unexpected{read.error()};
  return story;
}

}  // namespace collector::commands
