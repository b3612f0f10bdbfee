-- Finds the closing time of the window that runs for the customer and the contract of an entry.
SELECT MIN(i.window_closes_ms)
FROM mail_item i
JOIN entry told ON told.entry_id = i.entry_id
JOIN entry queued ON queued.entry_id = :entry_id AND queued.contract_id = told.contract_id
WHERE i.customer_id = :customer_id AND i.mail_id IS NULL AND i.dropped_ms IS NULL
