#include "collector/commands/explain_json.h"

#include <algorithm>
#include <boost/json.hpp>

#include "collector/commands/adjustment_text.h"
#include "collector/commands/capture_text.h"
#include "collector/commands/explain_text.h"
#include "collector/commands/named_contract.h"
#include "collector/commands/session_rows.h"
#include "collector/commands/session_state.h"
#include "collector/commands/stored_json.h"
#include "common/base/hex.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

template <class T>
json::value or_null(const std::optional<T>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::value time_or_null(const std::optional<timing::UtcMs>& time) {
  return time ? json::value(timing::to_rfc3339(*time)) : json::value(nullptr);
}

const directory::Contract* contract_in(const Story& story, std::int64_t id) {
  const auto at = std::ranges::find(story.directory.contracts, id, &directory::Contract::id);
  return at == story.directory.contracts.end() ? nullptr : &*at;
}

json::value contract_name(const Story& story, std::int64_t id) {
  const auto* contract = contract_in(story, id);
  return contract == nullptr ? json::value(nullptr) : json::value(contract->name);
}

json::array records_json(const SessionStory& session) {
  json::array list;
  for (const auto& [record, batch] : session.records) {
    list.push_back(json::object{{"agent", base::to_hex(record.agent_id)},
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
  return list;
}

json::array conditions_json(const std::vector<ToldCondition>& conditions) {
  json::array list;
  for (const auto& one : conditions)
    list.push_back(json::object{{"condition", one.condition}, {"holds", one.holds}, {"why", one.why}});
  return list;
}

json::object coverage_json(const CoverageStory& coverage) {
  json::array contracts;
  for (const auto& one : coverage.contracts) {
    contracts.push_back(json::object{{"contract", one.contract_id},
                                     {"name", one.name},
                                     {"covers", one.covers},
                                     {"conditions", conditions_json(one.conditions)}});
  }
  return {{"customer", conditions_json(coverage.customer)}, {"contracts", std::move(contracts)}};
}

json::object session_json(const SessionStory& session) {
  const auto& row = session.overview;
  json::array attributions, comments;
  for (const auto& [one, in_force, coverage] : session.attributions) {
    attributions.push_back(json::object{{"attribution", one.id},
                                        {"in_force", in_force},
                                        {"disposition", one.disposition},
                                        {"technician", or_null(one.technician_id)},
                                        {"technician_rule", one.technician_rule},
                                        {"customer", or_null(one.customer_id)},
                                        {"contract", or_null(one.contract_id)},
                                        {"reasons", stored_value(one.reasons)},
                                        {"steps", stored_value(one.steps)},
                                        {"coverage", coverage_json(coverage)},
                                        {"created_utc", timing::to_rfc3339(one.created)}});
  }
  for (const auto& comment : session.comments) {
    comments.push_back(json::object{{"text", comment.text},
                                    {"source", comment.source},
                                    {"started_utc", timing::to_rfc3339(comment.started)},
                                    {"arrived_utc", timing::to_rfc3339(comment.imported)}});
  }
  return {{"session", row.session.id},
          {"outcome", row.session.outcome},
          {"state", state_of(row)},
          {"started_utc", time_or_null(started_of(row))},
          {"ended_utc", time_or_null(ended_of(row))},
          {"seconds", or_null(seconds_of(row))},
          {"charged_min", or_null(row.minutes)},
          {"charged_with", or_null(row.charged_with)},
          {"series", or_null(row.series_id)},
          {"document", or_null(row.document)},
          {"capture", capture_json(row.session)},
          {"records", records_json(session)},
          {"comments", std::move(comments)},
          {"comment_instead", session.decision ? or_null(session.decision->comment) : json::value(nullptr)},
          {"attributions", std::move(attributions)},
          {"adjustments", adjustments_json(session.adjustments)}};
}

json::object charge_json(const Story& story, const ChargeStory& one) {
  const auto& charge = one.charge;
  json::array parts;
  for (const auto& part : charge.parts) {
    parts.push_back(json::object{
        {"session", part.session_id}, {"attribution", part.attribution_id}, {"seconds", part.seconds}});
  }
  const auto* contract = contract_in(story, charge.contract_id);
  return {{"charge", charge.id},
          {"subject", charge.subject},
          {"status", one.replaced_by ? "replaced"
                     : charge.voided ? "voided"
                                     : "in_force"},
          {"replaced_by", or_null(one.replaced_by)},
          {"moved_to", json::value_from(one.moved_to)},
          {"contract", charge.contract_id},
          {"contract_name", contract_name(story, charge.contract_id)},
          {"template", one.template_name.name},
          {"template_version", one.template_name.version},
          {"rating_version", charge.rating_version},
          {"rerating", charge.rerating_id},
          {"seconds", charge.seconds},
          {"minutes", charge.minutes},
          {"amount", charge.amount},
          {"currency", contract == nullptr ? json::value(nullptr) : json::value(contract->terms.currency)},
          {"parts", std::move(parts)},
          {"steps", stored_value(charge.steps)},
          {"inputs", charge.inputs.empty() ? json::value(nullptr) : stored_value(charge.inputs)},
          {"worked_again", to_string(one.worked_again.again)},
          {"worked_again_detail", one.worked_again.detail},
          {"created_utc", timing::to_rfc3339(charge.created)}};
}

json::object entry_json(const Story& story, const EntryStory& one) {
  const auto& entry = one.entry;
  json::array lines;
  for (const auto& line : entry.lines) {
    lines.push_back(json::object{
        {"account", line.kind}, {"lot", line.lot}, {"unit", line.unit}, {"quantity", line.quantity}});
  }
  const auto* contract = contract_in(story, entry.contract_id);
  const auto balance = [&](const std::vector<store::LineRow>& accounts) {
    return contract == nullptr ? json::value(nullptr) : json::value(balance_text(*contract, accounts));
  };
  return {{"entry", entry.id},
          {"contract", entry.contract_id},
          {"contract_name", contract_name(story, entry.contract_id)},
          {"kind", entry.kind},
          {"at_utc", timing::to_rfc3339(entry.at)},
          {"created_utc", timing::to_rfc3339(entry.created)},
          {"subject", entry.subject},
          {"made_by", origin_text(one)},
          {"charge", or_null(entry.charge_id)},
          {"session", or_null(entry.session_id)},
          {"reverses", or_null(entry.reverses_entry_id)},
          {"reversed_by", or_null(one.reversed_by)},
          {"minutes", entry.minutes},
          {"amount", entry.amount},
          {"lines", std::move(lines)},
          {"reason", entry.reason},
          {"balance_after", balance(one.accounts_after)},
          {"balance_now", balance(one.accounts_now)}};
}

json::object mail_json(const ToldMail& told) {
  const auto& mail = told.mail;
  return {{"entry", told.item.entry_id},
          {"mail", mail ? json::value(mail->id) : json::value(nullptr)},
          {"state", mail ? mail->state : "queued"},
          {"message_id", mail ? json::value(mail->message_id) : json::value(nullptr)},
          {"window_closes_utc", timing::to_rfc3339(told.item.window_closes)}};
}

}  // namespace

json::object story_json(const Story& story) {
  json::array sessions, charges, entries, mails;
  for (const auto& one : story.sessions) sessions.push_back(session_json(one));
  for (const auto& one : story.charges) charges.push_back(charge_json(story, one));
  for (const auto& one : story.entries) entries.push_back(entry_json(story, one));
  for (const auto& one : story.mails) mails.push_back(mail_json(one));
  return {{"about", json::object{{"kind", to_string(story.subject.kind)}, {"id", story.subject.id}}},
          {"sessions", std::move(sessions)},
          {"charges", std::move(charges)},
          {"entries", std::move(entries)},
          {"mails", std::move(mails)}};
}

}  // namespace collector::commands
