-- Fetches the entries of a contract from a moment on that count, with what they say about what is left. By the moment, not by
-- the contract (hence the plus): of a long ledger only the end is asked for.
SELECT e.entry_id, e.kind, e.at_ms, e.subject, e.session_id, e.charge_id, a.lot, a.unit,
  CASE WHEN a.account_id IS NOT NULL THEN l.quantity END
FROM entry e
LEFT JOIN open_entry o ON o.entry_id = e.entry_id
LEFT JOIN entry_line l ON l.entry_id = e.entry_id
LEFT JOIN account a ON a.account_id = l.account_id AND a.kind = 'left'
WHERE e.customer_id = :customer_id AND e.at_ms >= :from_ms AND +e.contract_id = :contract_id
  AND (o.entry_id IS NOT NULL OR e.kind IN ('grant', 'adjustment', 'completion'))
ORDER BY e.entry_id, l.line
