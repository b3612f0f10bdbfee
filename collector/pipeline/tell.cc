#include "collector/pipeline/tell.h"

#include <algorithm>

#include "collector/store/attributions.h"

namespace collector::pipeline {
namespace {

// Who reads what is posted on a contract. A customer without an address may get one.
std::vector<store::MailReader> readers_of_contract(const directory::Contract& contract) {
  std::vector<store::MailReader> readers;
  if (contract.mail_customer) readers.push_back({.customer_id = contract.customer_id});
  if (contract.partner && contract.partner->told) {
    readers.push_back(
        {.customer_id = contract.customer_id, .kind = "partner_copy", .partner_id = contract.partner->id});
  }
  return readers;
}

}  // namespace

base::Status Teller::tell(const std::vector<PostedEntry>& posted, timing::UtcMs began, bool is_new) {
  const auto readers = readers_of(posted, began);
  if (!readers) return std::unexpected{readers.error()};
  if (readers->empty()) return {};
  const auto sessions = sessions_of(tx_, posted.front().entry);
  if (!sessions) return std::unexpected{sessions.error()};
  for (const auto& [reader, entries] : *readers) {
    Statement statement{.sessions = *sessions, .figures = {}};
    bool wants_all = false;
    for (const auto* one : entries) {
      add(statement.figures, one->entry);
      wants_all = wants_all || one->contract->mail_no_charge;
    }
    const auto known = is_new ? base::Result<bool>{false} : was_told(tx_, reader, statement);
    if (!known) return std::unexpected{known.error()};
    if (*known) continue;
    if (!wants_all) {
      const auto is_news = costs_or_was_told(reader, statement);
      if (!is_news) return std::unexpected{is_news.error()};
      if (!*is_news) continue;
    }
    for (const auto* one : entries) {
      if (auto done = queue(reader, *one); !done) return done;
    }
  }
  return {};
}

base::Status Teller::take_back(const std::vector<PostedEntry>& reversals) {
  const auto sessions = sessions_of(tx_, reversals.front().entry);
  if (!sessions) return std::unexpected{sessions.error()};
  for (const auto& one : reversals) {
    for (const auto& reader : readers_of_contract(*one.contract)) {
      bool cost_something = false;
      for (const auto session : *sessions) {
        const auto told = last_statement(tx_, reader, session);
        if (!told) return std::unexpected{told.error()};
        cost_something = cost_something || (*told && !(*told)->figures.is_nothing());
      }
      if (!cost_something) continue;
      if (auto done = queue(reader, one); !done) return done;
    }
  }
  return {};
}

base::Result<Teller::Readers> Teller::readers_of(const std::vector<PostedEntry>& posted,
                                                 timing::UtcMs began) const {
  Readers readers;
  for (const auto& one : posted) {
    for (const auto& reader : readers_of_contract(*one.contract)) {
      if (reader.partner_id) {
        const auto his = is_of_partner(*one.contract, began);
        if (!his) return std::unexpected{his.error()};
        if (!*his) continue;
      }
      readers[reader].push_back(&one);
    }
  }
  return readers;
}

// Whether the moment is in the days that the partner was given.
base::Result<bool> Teller::is_of_partner(const directory::Contract& contract, timing::UtcMs at) const {
  const auto& partner = *contract.partner;
  if (partner.first_day) {
    const auto from = start_of_day_(*partner.first_day, contract.time_zone);
    if (!from) return std::unexpected{from.error()};
    if (at < *from) return false;
  }
  if (!partner.last_day) return true;
  const std::chrono::year_month_day behind{std::chrono::sys_days{*partner.last_day} + std::chrono::days{1}};
  const auto to = start_of_day_(behind, contract.time_zone);
  if (!to) return std::unexpected{to.error()};
  return at < *to;
}

// Sessions without charge are no news, unless one of them was told with one: then that it costs nothing after
// all is.
base::Result<bool> Teller::costs_or_was_told(const store::MailReader& reader, const Statement& statement) {
  if (!statement.figures.is_nothing()) return true;
  for (const auto session : statement.sessions) {
    const auto attribution = store::latest_attribution(tx_, session);
    if (!attribution) return std::unexpected{attribution.error()};
    if (!*attribution || !(*attribution)->no_charge) return true;
    const auto told = store::entries_told(tx_, reader, session);
    if (!told) return std::unexpected{told.error()};
    if (!told->empty()) return true;
  }
  return false;
}

base::Status Teller::queue(const store::MailReader& reader, const PostedEntry& posted) {
  const store::MailItemRow item{
      .id = 0,
      .customer_id = reader.customer_id,
      .session_id = posted.entry.session_id.value_or(0),
      .entry_id = posted.entry.id,
      .window_closes = now_ + std::chrono::minutes{posted.contract->mail_window_min},
      .mail_id = std::nullopt,
      .created = now_,
      .kind = reader.kind,
      .partner_id = reader.partner_id,
      .notice_id = std::nullopt};
  const auto closes = store::queue_item(tx_, item, queued_);
  return closes ? base::Status{} : std::unexpected{closes.error()};
}

}  // namespace collector::pipeline
