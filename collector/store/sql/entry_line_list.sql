-- Fetches the lines of an entry.
SELECT a.kind, a.lot, a.unit, l.quantity
FROM entry_line l JOIN account a ON a.account_id = l.account_id WHERE l.entry_id = :entry_id ORDER BY l.line
