-- Sums every contract's ledger.
SELECT c.contract_id, CAST(COALESCE(SUM(e.minutes), 0) AS BIGINT), COUNT(e.entry_id)
FROM contract c LEFT JOIN entry e ON e.contract_id = c.contract_id
GROUP BY c.contract_id ORDER BY c.contract_id
