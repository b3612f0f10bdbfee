#include "collector/pipeline/statement.h"

#include "collector/ledger/entry.h"
#include "collector/pipeline/rating_unit.h"
#include "collector/store/charges.h"

namespace collector::pipeline {

using base::ErrorCode;
using base::fail;

void add(Figures& figures, const store::EntryRow& entry) {
  if (entry.kind == ledger::to_string(ledger::Kind::reversal)) return;
  for (const auto& line : entry.lines) {
    if (line.kind != ledger::to_string(ledger::AccountKind::work)) continue;
    if (line.unit == ledger::kMinutes) {
      figures.minutes += line.quantity;
    } else if ((figures.money[line.unit] += line.quantity) == 0) {
      figures.money.erase(line.unit);
    }
  }
}

base::Result<std::set<std::int64_t>> sessions_of(store::Transaction& tx,
                                                 std::optional<std::int64_t> charge_id) {
  const auto charge = store::find_charge(tx, charge_id.value_or(0));
  if (!charge) return std::unexpected{charge.error()};
  if (!*charge)
    return fail(ErrorCode::internal, "there is no charge " + std::to_string(charge_id.value_or(0)));
  std::set<std::int64_t> sessions;
  for (const auto& part : (*charge)->parts) sessions.insert(part.session_id);
  return sessions;
}

base::Result<std::set<std::int64_t>> sessions_of(store::Transaction& tx, const store::EntryRow& entry) {
  if (!is_of_one_session(entry.subject)) return sessions_of(tx, entry.charge_id);
  return std::set{entry.session_id.value_or(0)};
}

base::Result<std::optional<Statement>> last_statement(store::Transaction& tx, const store::MailReader& reader,
                                                      std::int64_t session_id) {
  const auto entries = store::entries_told(tx, reader, session_id);
  if (!entries) return std::unexpected{entries.error()};
  if (entries->empty()) return std::nullopt;
  Statement statement;
  for (const auto id : *entries) {
    const auto entry = store::find_entry(tx, id);
    if (!entry) return std::unexpected{entry.error()};
    if (!*entry)
      return fail(ErrorCode::internal,
                  "a mail tells of entry " + std::to_string(id) + ", which is not there");
    auto sessions = sessions_of(tx, **entry);
    if (!sessions) return std::unexpected{sessions.error()};
    statement.sessions.merge(*sessions);
    add(statement.figures, **entry);
  }
  return statement;
}

base::Result<bool> was_told(store::Transaction& tx, const store::MailReader& reader,
                            const Statement& statement) {
  for (const auto session : statement.sessions) {
    const auto told = last_statement(tx, reader, session);
    if (!told) return std::unexpected{told.error()};
    if (*told != statement) return false;
  }
  return true;
}

}  // namespace collector::pipeline
