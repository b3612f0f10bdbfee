#include "collector/commands/explain_text.h"

#include <algorithm>
#include <ostream>

#include "collector/attribution/capture.h"
#include "collector/commands/adjustment_text.h"
#include "collector/commands/capture_text.h"
#include "collector/commands/named_contract.h"
#include "collector/commands/session_rows.h"
#include "collector/commands/session_state.h"
#include "collector/commands/stored_json.h"
#include "collector/ledger/entry.h"
#include "collector/pipeline/fact.h"
#include "collector/rating/money.h"
#include "common/base/hex.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace {

std::string time_text(const std::optional<timing::UtcMs>& time) {
  return time ? timing::to_rfc3339(*time) : "unknown";
}

// Foreign text is printed through cell_text, so that it cannot steer the terminal.
std::string safe(std::string_view text) {
  return base::cell_text(text, 400);
}

template <class Row>
std::string name_in(const std::vector<Row>& rows, std::optional<std::int64_t> id) {
  const auto found = std::ranges::find_if(rows, [&](const Row& row) { return id && row.id == *id; });
  return found == rows.end() ? "none" : safe(found->name);
}

std::string outcome_told(const std::string& body) {
  const auto fact = pipeline::read_fact(body);
  if (!fact) return fact.error().message;
  if (const auto* session = std::get_if<store::SessionRow>(&*fact)) {
    return session->outcome + (session->started ? ", started " + timing::to_rfc3339(*session->started) : "") +
           (session->ended ? ", ended " + timing::to_rfc3339(*session->ended) : "");
  }
  return "a gap";
}

std::string quantity_text(std::int64_t quantity, const std::string& unit) {
  return (unit == ledger::kMinutes ? std::to_string(quantity) : rating::money_text(quantity, unit)) + " " +
         unit;
}

// "left -10 min, work 10 min".
std::string lines_text(const std::vector<store::LineRow>& lines) {
  std::string text;
  for (const auto& line : lines) {
    text += (text.empty() ? "" : ", ") + line.kind + (line.lot.empty() ? "" : " [" + line.lot + "]") + " " +
            quantity_text(line.quantity, line.unit);
  }
  return text.empty() ? "nothing" : text;
}

// "series 3", "one day of contract 7 (2026-11-16)", "session 12".
std::string unit_text(const std::string& subject) {
  const auto rest = subject.substr(std::min<std::size_t>(1, subject.size()));
  if (subject.starts_with('r')) return "series " + rest;
  if (subject.starts_with('d')) {
    const auto slash = std::min(rest.find('/'), rest.size());
    return "one day of contract " + rest.substr(0, slash) +
           (slash < rest.size() ? " (" + rest.substr(slash + 1) + ")" : "");
  }
  return "session " + rest;
}

class Printer {
 public:
  Printer(std::ostream& out, const Story& story, bool utf8) : out_{out}, story_{story}, utf8_{utf8} {}

  void print() {
    head();
    facts();
    tags();
    attribution();
    coverage();
    rules();
    steps();
    entries();
    mails();
    documents();
  }

 private:
  const char* mark(bool holds) const {
    if (utf8_) return holds ? "\u2714" : "\u2718";
    return holds ? "yes" : "no ";
  }

  void heading(std::string_view text) { out_ << '\n' << text << '\n'; }

  // Between the sessions of one charge.
  void part(const SessionStory& session) {
    if (story_.sessions.size() > 1) out_ << "  Session " << session.overview.session.id << '\n';
  }

  const directory::Contract* contract(std::int64_t id) const {
    const auto at = std::ranges::find(story_.directory.contracts, id, &directory::Contract::id);
    return at == story_.directory.contracts.end() ? nullptr : &*at;
  }

  std::string money(const store::ChargeRow& charge) const {
    const auto* of = contract(charge.contract_id);
    const std::string currency = of == nullptr ? "" : of->terms.currency;
    return charge.amount == 0 ? "" : ", " + rating::money_text(charge.amount, currency) + " " + currency;
  }

  void head() {
    if (story_.subject.kind == SubjectKind::session) session_head(story_.sessions.front());
    if (story_.subject.kind == SubjectKind::charge) charge_head(story_.charges.front());
    if (story_.subject.kind != SubjectKind::entry) return;
    for (const auto& one : story_.entries) {
      if (one.entry.id == story_.subject.id) entry_head(one);
    }
  }

  void session_head(const SessionStory& story) {
    const auto& row = story.overview;
    const auto& session = row.session;
    const bool entered = session.agent_id.empty();
    out_ << "Session " << session.id << ": " << session.kind;
    if (entered) {
      out_ << ", entered by a person\n";
    } else {
      out_ << " to "
           << (session.remote_id.empty() && !session.remote_id_withheld ? "an unknown ID"
                                                                        : safe(remote_text(session)))
           << " from workstation " << safe(session.workstation) << ", " << session.outcome << '\n';
    }
    times(row);
    out_ << "  state      " << state_of(row) << ", " << charge_text(row) << '\n';
    if (row.series_id) out_ << "  series     " << *row.series_id << '\n';
    if (!entered) capture(session);
  }

  void times(const store::OverviewRow& row) {
    const auto& session = row.session;
    out_ << "  requested  " << time_text(session.requested) << '\n'
         << "  started    " << time_text(started_of(row)) << '\n'
         << "  ended      " << time_text(ended_of(row)) << '\n';
    if (session.last_seen) out_ << "  last seen  " << time_text(session.last_seen) << '\n';
    if (!session.end_reason.empty()) out_ << "  reason     " << safe(session.end_reason) << '\n';
  }

  void capture(const store::SessionRow& session) {
    out_ << "  durations  " << durations_text(session) << '\n';
    out_ << "  witness    " << attribution::in_words(attribution::witness_from(session.witness)) << '\n';
    for (const auto& note : capture_notes(session)) out_ << "  note       " << note << '\n';
  }

  void charge_head(const ChargeStory& one) {
    const auto& charge = one.charge;
    out_ << "Charge " << charge.id << ": " << charge.minutes << " min" << money(charge) << " for "
         << unit_text(charge.subject) << '\n'
         << "  status     " << status_text(one) << '\n'
         << "  customer   " << name_in(story_.directory.customers, charge.customer_id) << '\n'
         << "  contract   " << name_in(story_.directory.contracts, charge.contract_id) << '\n'
         << "  actual     " << clock_text(charge.seconds) << '\n';
    for (const auto& part : charge.parts)
      out_ << "    session " << part.session_id << ", " << clock_text(part.seconds) << '\n';
  }

  void entry_head(const EntryStory& one) {
    const auto& entry = one.entry;
    out_ << "Entry " << entry.id << ": " << entry.kind << " on "
         << name_in(story_.directory.contracts, entry.contract_id) << '\n'
         << "  customer   " << name_in(story_.directory.customers, entry.customer_id) << '\n'
         << "  belongs to " << timing::to_rfc3339(entry.at) << '\n'
         << "  written    " << timing::to_rfc3339(entry.created) << '\n'
         << "  made by    " << safe(origin_text(one)) << '\n';
    if (!entry.reason.empty()) out_ << "  reason     " << safe(entry.reason) << '\n';
    if (entry.reverses_entry_id) out_ << "  reverses   entry " << *entry.reverses_entry_id << '\n';
    if (one.reversed_by) out_ << "  reversed   by entry " << *one.reversed_by << '\n';
    out_ << "  lines      " << lines_text(entry.lines) << '\n';
    const auto* of = contract(entry.contract_id);
    if (of == nullptr) return;
    out_ << "  balance    " << balance_text(*of, one.accounts_after) << ", once it was written\n"
         << "  now        " << balance_text(*of, one.accounts_now) << '\n';
  }

  void facts() {
    heading("1. Facts (what the agent sealed, and the signature that covers it)");
    for (const auto& session : story_.sessions) {
      part(session);
      if (session.records.empty()) out_ << "  none: a person entered it\n";
      for (const auto& [record, batch] : session.records) {
        out_ << "  record " << record.seq << " of agent " << base::to_hex(record.agent_id) << " epoch "
             << record.epoch << ", received " << timing::to_rfc3339(record.received) << '\n'
             << "    says      " << safe(outcome_told(record.body)) << '\n'
             << "    hash      " << base::to_hex(record.hash) << '\n'
             << "    batch     " << batch.first_seq << ".." << batch.first_seq + batch.record_count - 1
             << ", key " << base::to_hex(batch.key_id).substr(0, 16) << ", signature "
             << base::to_hex(batch.sig).substr(0, 16) << "...\n";
      }
    }
    if (story_.sessions.empty()) out_ << "  none: no session is behind it\n";
  }

  void tags() {
    heading("2. Comment and tags");
    for (const auto& session : story_.sessions) {
      part(session);
      const auto instead = session.decision ? session.decision->comment : std::nullopt;
      if (session.comments.empty() && !instead) out_ << "  none has arrived\n";
      for (const auto& comment : session.comments) {
        out_ << "  \"" << safe(comment.text) << "\"\n    from " << safe(comment.source)
             << ", for a session started " << timing::to_rfc3339(comment.started) << ", arrived "
             << timing::to_rfc3339(comment.imported) << '\n';
      }
      if (instead) {
        out_ << "  \"" << safe(*instead) << "\"\n    from a person, in the technician's place\n";
      }
      if (const auto& text = session.overview.text; text && !text->empty())
        out_ << "  told the customer as \"" << safe(*text) << "\"\n";
    }
  }

  void attribution() {
    heading("3. Attribution");
    for (const auto& session : story_.sessions) {
      part(session);
      if (session.attributions.empty()) out_ << "  not yet\n";
      for (const auto& [row, in_force, coverage] : session.attributions) {
        out_ << "  " << timing::to_rfc3339(row.created) << (in_force ? "  in force" : "  replaced") << '\n';
        for (const auto& step : stored_objects(row.steps)) {
          if (string_in(step, "what") == "coverage") continue;
          const auto told = string_in(step, "mark");
          const char* const sign =
              told == "info" || told.empty() ? (utf8_ ? " " : "   ") : mark(told == "pass");
          out_ << "    " << sign << ' ' << safe(string_in(step, "what")) << ": "
               << safe(string_in(step, "detail")) << '\n';
        }
        out_ << "    = " << row.disposition << ": technician "
             << name_in(story_.directory.technicians, row.technician_id) << " by " << row.technician_rule
             << ", customer " << name_in(story_.directory.customers, row.customer_id) << ", contract "
             << name_in(story_.directory.contracts, row.contract_id) << '\n';
      }
    }
  }

  void condition(const ToldCondition& one) {
    auto name = one.condition;
    std::ranges::replace(name, '_', ' ');
    name.resize(std::max<std::size_t>(name.size(), 15), ' ');
    out_ << "      " << mark(one.holds) << ' ' << safe(name) << ' ' << safe(one.why) << '\n';
  }

  // By which it was charged, if a charge is explained; else the one in force.
  const AttributionStory& decisive(const SessionStory& session) const {
    if (story_.subject.kind == SubjectKind::session || story_.charges.empty())
      return session.attributions.back();
    for (const auto& part : story_.charges.front().charge.parts) {
      const auto at = std::ranges::find_if(session.attributions, [&](const AttributionStory& one) {
        return one.attribution.id == part.attribution_id;
      });
      if (at != session.attributions.end()) return *at;
    }
    return session.attributions.back();
  }

  void coverage() {
    heading("4. Coverage (why a contract covers it, or does not)");
    for (const auto& session : story_.sessions) {
      part(session);
      if (session.attributions.empty()) {
        out_ << "  not yet\n";
        continue;
      }
      const auto& told = decisive(session).coverage;
      if (!told.customer.empty()) out_ << "    whose it is\n";
      for (const auto& one : told.customer) condition(one);
      for (const auto& one : told.contracts) {
        out_ << "    '" << safe(one.name) << "' " << (one.covers ? "covers it" : "does not cover it") << '\n';
        for (const auto& each : one.conditions) condition(each);
      }
      if (told.contracts.empty()) out_ << "    no contract was weighed\n";
      if (session.overview.charged_with) {
        out_ << "    it is charged with session " << *session.overview.charged_with
             << ", the first of those that are charged as one, by the contract of that one\n";
      }
    }
  }

  void rules() {
    heading("5. Rule version");
    for (const auto& one : story_.charges) {
      out_ << "  charge " << one.charge.id << ": '" << safe(one.template_name.name) << "' version "
           << one.template_name.version << " of contract "
           << name_in(story_.directory.contracts, one.charge.contract_id) << ", rating version "
           << one.charge.rating_version << '\n';
      if (one.rerating) {
        out_ << "    rated again by the word of " << safe(one.rerating->who) << ", "
             << timing::to_rfc3339(one.rerating->decided) << " (" << safe(one.rerating->why) << ")\n";
      }
    }
    if (story_.charges.empty()) out_ << "  nothing was charged\n";
  }

  void steps() {
    heading("6. Steps of the charge");
    for (const auto& one : story_.charges) {
      const auto& charge = one.charge;
      out_ << "  charge " << charge.id << ", " << timing::to_rfc3339(charge.created) << ", "
           << status_text(one) << ": " << clock_text(charge.seconds) << " of " << unit_text(charge.subject)
           << '\n';
      for (const auto& step : stored_objects(charge.steps)) {
        out_ << "      " << safe(string_in(step, "detail"));
        if (const auto* minutes = step.if_contains("minutes"); minutes != nullptr && minutes->is_int64())
          out_ << "  [" << minutes->as_int64() << " min]";
        out_ << '\n';
      }
      out_ << "    = " << charge.minutes << " min" << money(charge) << '\n';
      worked_again(one.worked_again);
    }
    if (story_.charges.empty()) out_ << "  none\n";
    for (const auto& session : story_.sessions) {
      for (const auto& one : session.adjustments)
        out_ << "  adjustment " << one.adjustment.id << ", " << adjustment_text(one) << '\n';
    }
  }

  void worked_again(const WorkedAgain& one) {
    if (one.again == Again::not_kept) {
      out_ << "    not worked out again: " << safe(one.detail) << '\n';
      return;
    }
    out_ << "    " << mark(one.again == Again::same)
         << " worked out again from what was kept with it: " << safe(one.detail) << '\n';
  }

  void entries() {
    heading("7. Entries of the ledger");
    for (const auto& one : story_.entries) {
      const auto& entry = one.entry;
      out_ << "  entry " << entry.id << ", " << timing::to_rfc3339(entry.created) << ": " << entry.kind
           << " on " << name_in(story_.directory.contracts, entry.contract_id) << ": "
           << lines_text(entry.lines);
      if (entry.reverses_entry_id) out_ << ", reverses entry " << *entry.reverses_entry_id;
      if (one.reversed_by) out_ << ", reversed by entry " << *one.reversed_by;
      if (!entry.reason.empty()) out_ << " (" << safe(entry.reason) << ')';
      out_ << '\n';
      if (const auto* of = contract(entry.contract_id); of != nullptr)
        out_ << "    balance   " << balance_text(*of, one.accounts_after) << '\n';
    }
    if (story_.entries.empty()) out_ << "  none\n";
  }

  void mails() {
    heading("8. Mail");
    for (const auto& [item, mail] : story_.mails) {
      if (!mail) {
        out_ << "  entry " << item.entry_id << " waits for its window, which closes "
             << timing::to_rfc3339(item.window_closes) << '\n';
        continue;
      }
      out_ << "  mail " << mail->id << " to " << safe(mail->recipient) << ": " << mail->state;
      if (mail->sent) out_ << ' ' << timing::to_rfc3339(*mail->sent);
      if (!mail->last_error.empty()) out_ << " (" << safe(mail->last_error) << ")";
      out_ << "\n    Message-ID <" << mail->message_id << ">\n";
    }
    if (story_.mails.empty()) out_ << "  nothing to tell\n";
  }

  void documents() {
    heading("9. Document");
    for (const auto& session : story_.sessions) {
      out_ << "  session " << session.overview.session.id << ": " << safe(document_text(session)) << '\n';
    }
    if (story_.sessions.empty()) out_ << "  none\n";
  }

  std::ostream& out_;
  const Story& story_;
  const bool utf8_;
};

}  // namespace

std::string origin_text(const EntryStory& one) {
  const auto& entry = one.entry;
  if (one.person) {
    const auto& change = one.person->change;
    return change.who + " (" + change.action + ") on " +
           timing::to_rfc3339(one.person->changed).substr(0, 10) +
           (change.why.empty() ? "" : ": " + change.why);
  }
  if (entry.reverses_entry_id) return "the collector: " + entry.reason;
  if (entry.charge_id)
    return "charge " + std::to_string(*entry.charge_id) + " of " + unit_text(entry.subject);
  const auto kind = ledger::kind_from(entry.kind);
  if (!kind || !ledger::is_derived(*kind)) return "a person";
  return "time: " + (entry.subject.empty() ? entry.kind : entry.subject);
}

std::string status_text(const ChargeStory& one) {
  std::string text = one.replaced_by     ? "replaced by charge " + std::to_string(*one.replaced_by)
                     : one.charge.voided ? "voided: none of its sessions is charged so any more"
                                         : "in force";
  for (const auto id : one.moved_to) text += ", charge " + std::to_string(id) + " has sessions of it now";
  return text;
}

std::string document_text(const SessionStory& session) {
  return session.overview.document.value_or("not billed");
}

void print_story(std::ostream& out, const Story& story, bool utf8) {
  Printer{out, story, utf8}.print();
}

}  // namespace collector::commands
