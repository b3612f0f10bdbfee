#include "collector/commands/session_story.h"

#include "collector/commands/zones.h"
#include "collector/store/directory.h"

namespace collector::commands {

namespace {

// Puts a store function's rows into place, or passes its error on.
template <class T>
base::Status fill(T& place, base::Result<T> rows) {
  if (!rows) return std::unexpected{rows.error()};
  place = std::move(*rows);
  return {};
}

base::Status load_comments(store::Transaction& tx, SessionStory& story) {
  std::int64_t last = 0;
  for (const auto& attribution : story.attributions) {
    if (!attribution.comment_id || *attribution.comment_id == last) continue;
    last = *attribution.comment_id;
    auto comment = store::find_comment(tx, last);
    if (!comment) return std::unexpected{comment.error()};
    if (*comment) story.comments.push_back(std::move(**comment));
  }
  return {};
}

base::Status load_mails(store::Transaction& tx, SessionStory& story) {
  if (auto done = fill(story.mail_items, store::items_of_session(tx, story.session.id)); !done) return done;
  for (const auto& item : story.mail_items) {
    if (!item.mail_id) continue;
    auto mail = store::find_mail(tx, *item.mail_id);
    if (!mail) return std::unexpected{mail.error()};
    if (*mail) story.mails.push_back(std::move(**mail));
  }
  return {};
}

// With their lines.
base::Status load_entries(store::Transaction& tx, SessionStory& story) {
  if (auto done = fill(story.entries, store::entries_of_session(tx, story.session.id)); !done) return done;
  for (auto& entry : story.entries) {
    auto whole = store::find_entry(tx, entry.id);
    if (!whole) return std::unexpected{whole.error()};
    if (*whole) entry = std::move(**whole);
  }
  return {};
}

// The decisions by which charges were rated again.
base::Status load_rules(store::Transaction& tx, SessionStory& story) {
  for (const auto& charge : story.charges) {
    if (charge.rerating_id == 0) continue;
    auto rerating = store::find_rerating(tx, charge.rerating_id);
    if (!rerating) return std::unexpected{rerating.error()};
    if (*rerating) story.reratings[charge.id] = std::move(**rerating);
  }
  return {};
}

base::Status load(store::Transaction& tx, std::int64_t session_id, SessionStory& story) {
  auto session = store::find_session(tx, session_id);
  if (!session) return std::unexpected{session.error()};
  if (!*session) {
    return base::fail(base::ErrorCode::not_found, "there is no session " + std::to_string(session_id) +
                                                      "; see: deskledger-collector sessions");
  }
  story.session = std::move(**session);
  if (auto done = fill(story.records, store::records_of_session(tx, session_id)); !done) return done;
  if (auto done = fill(story.attributions, store::attributions_of(tx, session_id)); !done) return done;
  if (auto done = fill(story.charges, store::charges_of(tx, session_id)); !done) return done;
  if (auto done = load_entries(tx, story); !done) return done;
  if (auto done = fill(story.adjustments, store::adjustments_of(tx, session_id)); !done) return done;
  if (auto done = load_rules(tx, story); !done) return done;
  if (auto done = fill(story.directory, store::load_directory(tx, start_of_day_in_zone)); !done) return done;
  if (auto done = load_comments(tx, story); !done) return done;
  return load_mails(tx, story);
}

}  // namespace

base::Result<SessionStory> load_story(store::Connection& database, std::int64_t session_id) {
  SessionStory story;
  const auto read = database.read([&](store::Transaction& tx) { return load(tx, session_id, story); });
  if (!read) return std::unexpected{read.error()};
  return story;
}

}  // namespace collector::commands
