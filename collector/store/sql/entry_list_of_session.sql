-- Fetches the ledger entries of a session.
SELECT e.entry_id, e.contract_id, e.customer_id, e.kind, e.at_ms, e.subject, e.minutes, e.amount, e.session_id, e.charge_id,
  e.reverses_entry_id, e.reason, e.created_ms
FROM entry e WHERE e.charge_id IN (SELECT h.charge_id FROM charge h WHERE h.session_id = :session_id) ORDER BY e.entry_id
