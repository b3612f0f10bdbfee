-- Finds how far the customer was told of a contract's ledger, and when.
SELECT MAX(i.entry_id), MAX(m.created_ms)
FROM entry e
JOIN mail_item i ON i.entry_id = e.entry_id
JOIN mail m ON m.mail_id = i.mail_id
WHERE e.contract_id = :contract_id
