-- Fetches the lines of a customer's ledgers from a moment on.
SELECT l.entry_id, a.kind, a.lot, a.unit, l.quantity
FROM entry e CROSS JOIN entry_line l JOIN account a ON a.account_id = l.account_id
WHERE e.customer_id = :customer_id AND e.at_ms >= :from_ms AND l.entry_id = e.entry_id ORDER BY l.entry_id, l.line
