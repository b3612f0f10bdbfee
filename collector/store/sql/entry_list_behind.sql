-- Fetches what was added to a contract's ledger behind an entry.
SELECT e.entry_id, e.contract_id, e.customer_id, e.kind, e.at_ms, e.subject, e.minutes, e.amount, e.session_id, e.charge_id,
  e.reverses_entry_id, e.reason, e.created_ms
FROM entry e WHERE e.contract_id = :contract_id AND e.entry_id > :entry_id ORDER BY e.entry_id
