-- Finds the customers of whom something has to be told now: a window has closed, and what it waits for is to be looked at.
SELECT DISTINCT i.customer_id, CASE WHEN i.kind = 'notice' THEN 'notice' ELSE 'sessions' END
FROM mail_item i
LEFT JOIN mail_hold h ON h.customer_id = i.customer_id
  AND h.kind = CASE WHEN i.kind = 'notice' THEN 'notice' ELSE 'sessions' END
WHERE i.mail_id IS NULL AND i.dropped_ms IS NULL AND i.window_closes_ms <= :now_ms
  AND (h.customer_id IS NULL OR h.look_ms <= :now_ms OR h.directory_version <> (SELECT version FROM directory_state))
ORDER BY 1, 2 LIMIT :limit
