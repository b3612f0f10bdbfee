-- Fetches the entries of a contract that count, with what they say about what is left.
SELECT e.entry_id, e.kind, e.at_ms, e.subject, e.session_id, e.charge_id, n.lot, n.unit, n.quantity
FROM entry e
LEFT JOIN open_entry o ON o.entry_id = e.entry_id
LEFT JOIN (SELECT l.entry_id, l.line, a.lot, a.unit, l.quantity
  FROM entry_line l JOIN account a ON a.account_id = l.account_id WHERE a.contract_id = :contract_id AND a.kind = 'left') n
  ON n.entry_id = e.entry_id
WHERE e.contract_id = :contract_id AND (o.entry_id IS NOT NULL OR e.kind IN ('grant', 'adjustment', 'completion'))
ORDER BY e.entry_id, n.line
