#include "collector/commands/explain.h"

#include <algorithm>
#include <boost/json.hpp>
#include <ostream>

#include "collector/attribution/capture.h"
#include "collector/commands/adjustment_text.h"
#include "collector/commands/capture_text.h"
#include "collector/commands/session_story.h"
#include "collector/commands/stored_json.h"
#include "collector/commands/workspace.h"
#include "collector/directory/money.h"
#include "collector/ledger/entry.h"
#include "collector/pipeline/fact.h"
#include "common/base/hex.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

std::string time_text(const std::optional<timing::UtcMs>& time) {
  return time ? timing::to_rfc3339(*time) : "unknown";
}

template <class Row>
std::string name_in(const std::vector<Row>& rows, std::optional<std::int64_t> id, std::string Row::* name) {
  const auto found = std::ranges::find_if(rows, [&](const Row& row) { return id && row.id == *id; });
  return found == rows.end() ? "none" : (*found).*name;
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

void heading(std::ostream& out, std::string_view text) {
  out << '\n' << text << '\n';
}

// Foreign text is printed through cell_text, so that it cannot steer the terminal.
std::string safe(std::string_view text) {
  return base::cell_text(text, 400);
}

void print_steps(std::ostream& out, const std::string& steps) {
  for (const auto& one : stored_objects(steps)) {
    const auto told = string_in(one, "mark");
    const char* mark = told == "pass" ? "+" : told == "fail" ? "-" : " ";
    out << "    " << mark << ' ' << safe(string_in(one, "what")) << ": " << safe(string_in(one, "detail"));
    if (const auto* minutes = one.if_contains("minutes"); minutes != nullptr && minutes->is_int64()) {
      out << "  [" << minutes->as_int64() << " min]";
    }
    out << '\n';
  }
}

void print_capture(std::ostream& out, const store::SessionRow& session) {
  out << "  durations  " << durations_text(session) << '\n';
  out << "  witness    " << attribution::in_words(attribution::witness_from(session.witness)) << '\n';
  for (const auto& note : capture_notes(session)) out << "  note       " << note << '\n';
}

void print_session(std::ostream& out, const SessionStory& story) {
  const auto& session = story.session;
  const bool entered = session.agent_id.empty();
  out << "Session " << session.id << ": " << session.kind;
  if (entered) {
    out << ", entered by a person\n";
  } else {
    out << " to "
        << (session.remote_id.empty() && !session.remote_id_withheld ? "an unknown ID"
                                                                     : safe(remote_text(session)))
        << " from workstation " << safe(session.workstation) << ", " << session.outcome << '\n';
  }
  out << "  requested  " << time_text(session.requested) << '\n'
      << "  started    " << time_text(session.started) << '\n'
      << "  ended      " << time_text(session.ended) << '\n';
  if (session.last_seen) out << "  last seen  " << time_text(session.last_seen) << '\n';
  if (!session.end_reason.empty()) out << "  reason     " << safe(session.end_reason) << '\n';
  if (!entered) print_capture(out, session);
}

void print_records(std::ostream& out, const SessionStory& story) {
  heading(out, "1. Records (what the agent sealed, and the signature that covers it)");
  for (const auto& [record, batch] : story.records) {
    out << "  record " << record.seq << " of agent " << base::to_hex(record.agent_id) << " epoch "
        << record.epoch << ", received " << timing::to_rfc3339(record.received) << '\n'
        << "    says      " << safe(outcome_told(record.body)) << '\n'
        << "    hash      " << base::to_hex(record.hash) << '\n'
        << "    batch     " << batch.first_seq << ".." << batch.first_seq + batch.record_count - 1 << ", key "
        << base::to_hex(batch.key_id).substr(0, 16) << ", signature " << base::to_hex(batch.sig).substr(0, 16)
        << "...\n";
  }
}

void print_attributions(std::ostream& out, const SessionStory& story) {
  heading(out, "2. Comment");
  if (story.comments.empty()) out << "  none has arrived\n";
  for (const auto& comment : story.comments) {
    out << "  \"" << safe(comment.text) << "\"\n    from " << safe(comment.source)
        << ", for a session started " << timing::to_rfc3339(comment.started) << ", arrived "
        << timing::to_rfc3339(comment.imported) << '\n';
  }
  heading(out, "3. Attribution (+ holds, - does not)");
  for (const auto& one : story.attributions) {
    const bool in_force = one.id == story.attributions.back().id;
    out << "  " << timing::to_rfc3339(one.created) << (in_force ? "  in force" : "  replaced") << '\n';
    print_steps(out, one.steps);
    out << "    = " << one.disposition << ": technician "
        << safe(name_in(story.directory.technicians, one.technician_id, &directory::Technician::name))
        << " by " << one.technician_rule << ", customer "
        << safe(name_in(story.directory.customers, one.customer_id, &directory::Customer::name))
        << ", contract "
        << safe(name_in(story.directory.contracts, one.contract_id, &directory::Contract::name)) << '\n';
  }
  if (story.attributions.empty()) out << "  not yet\n";
}

// "entry 9, 2026-11-16T09:05:07.000Z: consumption on Prepaid 20 h: left -10 min, work 10 min".
void print_entry(std::ostream& out, const SessionStory& story, const store::EntryRow& entry) {
  out << "  entry " << entry.id << ", " << timing::to_rfc3339(entry.created) << ": " << entry.kind << " on "
      << safe(name_in(story.directory.contracts, entry.contract_id, &directory::Contract::name));
  if (entry.reverses_entry_id) out << ", reverses entry " << *entry.reverses_entry_id;
  const char* before = ": ";
  for (const auto& line : entry.lines) {
    const bool minutes = line.unit == ledger::kMinutes;
    out << before << line.kind << (line.lot.empty() ? "" : " [" + line.lot + "]") << ' '
        << (minutes ? std::to_string(line.quantity) : directory::money_text(line.quantity, line.unit)) << ' '
        << line.unit;
    before = ", ";
  }
  if (entry.lines.empty()) out << ": nothing";
  if (!entry.reason.empty()) out << " (" << safe(entry.reason) << ')';
  out << '\n';
}

void print_charges(std::ostream& out, const SessionStory& story) {
  heading(out, "4. Charge");
  for (const auto& charge : story.charges) {
    out << "  charge " << charge.id << ", " << timing::to_rfc3339(charge.created) << ", rating version "
        << charge.rating_version << ", " << charge.seconds << " s\n";
    if (const auto by = story.reratings.find(charge.id); by != story.reratings.end()) {
      out << "    rated again by the word of " << safe(by->second.who) << ", "
          << timing::to_rfc3339(by->second.decided) << " (" << safe(by->second.why) << ")\n";
    }
    print_steps(out, charge.steps);
    out << "    = " << charge.minutes << " min\n";
  }
  if (story.charges.empty()) out << "  none\n";
  for (const auto& one : story.adjustments)
    out << "  adjustment " << one.adjustment.id << ", " << adjustment_text(one) << '\n';
  heading(out, "5. Ledger");
  for (const auto& entry : story.entries) print_entry(out, story, entry);
  if (story.entries.empty()) out << "  no entry\n";
}

void print_mails(std::ostream& out, const SessionStory& story) {
  heading(out, "6. Mail");
  for (const auto& item : story.mail_items) {
    if (!item.mail_id)
      out << "  waits for its window, which closes " << timing::to_rfc3339(item.window_closes) << '\n';
  }
  for (const auto& mail : story.mails) {
    out << "  mail " << mail.id << " to " << safe(mail.recipient) << ": " << mail.state;
    if (mail.sent) out << ' ' << timing::to_rfc3339(*mail.sent);
    if (!mail.last_error.empty()) out << " (" << safe(mail.last_error) << ")";
    out << "\n    Message-ID <" << mail.message_id << ">\n";
  }
  if (story.mail_items.empty()) out << "  nothing to tell\n";
}

json::object to_json(const SessionStory& story) {
  json::array records, attributions, charges, entries, mails;
  for (const auto& [record, batch] : story.records) {
    records.push_back(json::object{{"agent", base::to_hex(record.agent_id)},
                                   {"epoch", record.epoch},
                                   {"seq", record.seq},
                                   {"hash", base::to_hex(record.hash)},
                                   {"body", base::to_hex(record.body)},
                                   {"received_utc", timing::to_rfc3339(record.received)},
                                   {"batch_first_seq", batch.first_seq},
                                   {"batch_count", batch.record_count},
                                   {"batch_prev_head", base::to_hex(batch.prev_head)},
                                   {"batch_head", base::to_hex(batch.head)},
                                   {"key_id", base::to_hex(batch.key_id)},
                                   {"signature", base::to_hex(batch.sig)}});
  }
  for (const auto& one : story.attributions) {
    attributions.push_back(json::object{{"disposition", one.disposition},
                                        {"technician_rule", one.technician_rule},
                                        {"reasons", stored_value(one.reasons)},
                                        {"steps", stored_value(one.steps)},
                                        {"created_utc", timing::to_rfc3339(one.created)}});
  }
  for (const auto& charge : story.charges) {
    charges.push_back(json::object{{"charge", charge.id},
                                   {"seconds", charge.seconds},
                                   {"minutes", charge.minutes},
                                   {"rating_version", charge.rating_version},
                                   {"rerating", charge.rerating_id},
                                   {"steps", stored_value(charge.steps)}});
  }
  for (const auto& entry : story.entries) {
    json::array lines;
    for (const auto& line : entry.lines) {
      lines.push_back(json::object{
          {"account", line.kind}, {"lot", line.lot}, {"unit", line.unit}, {"quantity", line.quantity}});
    }
    entries.push_back(json::object{{"entry", entry.id},
                                   {"contract", entry.contract_id},
                                   {"kind", entry.kind},
                                   {"at_utc", timing::to_rfc3339(entry.at)},
                                   {"minutes", entry.minutes},
                                   {"amount", entry.amount},
                                   {"lines", std::move(lines)},
                                   {"reason", entry.reason}});
  }
  for (const auto& mail : story.mails) {
    mails.push_back(json::object{{"mail", mail.id}, {"state", mail.state}, {"message_id", mail.message_id}});
  }
  return {
      {"session", story.session.id},
      {"outcome", story.session.outcome},
      {"capture", capture_json(story.session)},
      {"records", std::move(records)},
      {"comment", story.comments.empty() ? json::value(nullptr) : json::value(story.comments.back().text)},
      {"attributions", std::move(attributions)},
      {"charges", std::move(charges)},
      {"adjustments", adjustments_json(story.adjustments)},
      {"entries", std::move(entries)},
      {"mails", std::move(mails)}};
}

}  // namespace

int run_explain(const ExplainOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto story = load_story(workspace->database, options.session);
  if (!story) return report(err, story.error());
  if (options.json) {
    out << json::serialize(to_json(*story)) << '\n';
    return 0;
  }
  print_session(out, *story);
  print_records(out, *story);
  print_attributions(out, *story);
  print_charges(out, *story);
  print_mails(out, *story);
  return 0;
}

}  // namespace collector::commands
