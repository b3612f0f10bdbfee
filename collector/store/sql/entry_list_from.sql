-- Fetches the ledgers of a customer from a moment on, which entries the ledger wrote itself and has not reversed, and
-- which of those are about a charge that is billed.
SELECT e.entry_id, e.contract_id, e.customer_id, e.kind, e.at_ms, e.subject, e.minutes, e.amount, e.session_id, e.charge_id,
  e.reverses_entry_id, e.reason, e.created_ms, CASE WHEN o.entry_id IS NULL THEN 0 ELSE 1 END,
  CASE WHEN o.entry_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM charge_part p JOIN billed_session b ON b.session_id = p.session_id WHERE p.charge_id = e.charge_id)
    THEN 1 ELSE 0 END
FROM entry e LEFT JOIN open_entry o ON o.entry_id = e.entry_id
WHERE e.customer_id = :customer_id AND e.at_ms >= :from_ms ORDER BY e.entry_id
