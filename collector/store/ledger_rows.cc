#include "collector/store/ledger_rows.h"

namespace collector::store {

using ledger::Kind;

std::string about(Kind kind) {
  if (!ledger::is_derived(kind)) return "";
  switch (kind) {
    case Kind::consumption:
    case Kind::accrual:
    case Kind::cover:
    case Kind::overage:
    case Kind::hold: return "charge";
    default: return std::string{ledger::to_string(kind)};
  }
}

EntryRow row_of(const ledger::Entry& entry, const directory::Contract& contract, timing::UtcMs now) {
  EntryRow row{.id = 0,
               .contract_id = entry.contract_id,
               .customer_id = contract.customer_id,
               .kind = std::string{ledger::to_string(entry.kind)},
               .at = entry.at,
               .subject = entry.subject,
               .minutes = ledger::figure(contract.model, entry, ledger::kMinutes),
               .amount = ledger::figure(contract.model, entry, contract.terms.currency),
               .session_id = entry.session_id,
               .charge_id = entry.charge_id,
               .reverses_entry_id = entry.reverses_entry_id,
               .reason = entry.reason,
               .created = now};
  for (const auto& line : entry.lines) {
    row.lines.push_back({.kind = std::string{ledger::to_string(line.account.kind)},
                         .lot = line.account.lot,
                         .unit = line.account.unit,
                         .quantity = line.quantity});
  }
  return row;
}

base::Result<ledger::Line> line_of(const LineRow& row) {
  const auto kind = ledger::account_kind_from(row.kind);
  if (!kind) return std::unexpected{kind.error()};
  return ledger::Line{.account = {.kind = *kind, .lot = row.lot, .unit = row.unit}, .quantity = row.quantity};
}

base::Result<ledger::Entry> entry_of(const EntryRow& row) {
  const auto kind = ledger::kind_from(row.kind);
  if (!kind) return std::unexpected{kind.error()};
  ledger::Entry entry{.id = row.id,
                      .contract_id = row.contract_id,
                      .kind = *kind,
                      .at = row.at,
                      .subject = row.subject,
                      .lines = {},
                      .charge_id = row.charge_id,
                      .session_id = row.session_id,
                      .reverses_entry_id = row.reverses_entry_id,
                      .reason = row.reason};
  for (const auto& line : row.lines) {
    auto read = line_of(line);
    if (!read) return std::unexpected{read.error()};
    entry.lines.push_back(std::move(*read));
  }
  return entry;
}

}  // namespace collector::store
