-- Finds how far the customer was told of a contract's ledger, and when: what is told is told in order.
SELECT i.entry_id, m.created_ms
FROM entry e
CROSS JOIN mail_item i
JOIN mail m ON m.mail_id = i.mail_id
WHERE e.contract_id = :contract_id AND i.entry_id = e.entry_id AND i.kind = :kind AND m.cancelled_ms IS NULL
ORDER BY e.entry_id DESC LIMIT 1
