-- Fetches what a contract had left, by the dates of its entries, before a charge of a moment.
SELECT a.kind, a.lot, a.unit, CAST(SUM(l.quantity) AS BIGINT)
FROM entry e
JOIN entry_line l ON l.entry_id = e.entry_id
JOIN account a ON a.account_id = l.account_id
LEFT JOIN charge h ON h.charge_id = e.charge_id
WHERE e.contract_id = :contract_id AND a.kind = 'left'
  AND (e.at_ms < :at_ms OR (e.at_ms = :at_ms AND (h.charge_id IS NULL OR h.tie < :tie)))
GROUP BY a.kind, a.lot, a.unit ORDER BY a.kind, a.lot, a.unit
