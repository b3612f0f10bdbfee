-- Fetches what the accounts of a contract held when an entry had been written.
SELECT a.kind, a.lot, a.unit, CAST(SUM(l.quantity) AS BIGINT)
FROM entry e
JOIN entry_line l ON l.entry_id = e.entry_id
JOIN account a ON a.account_id = l.account_id
WHERE e.contract_id = :contract_id AND e.entry_id <= :entry_id
GROUP BY a.kind, a.lot, a.unit ORDER BY a.kind, a.lot, a.unit
