-- Lists what waits to be told, by customer and window.
SELECT i.customer_id, CASE WHEN i.kind = 'notice' THEN 'notice' ELSE 'sessions' END, COUNT(*),
  MIN(i.created_ms), MIN(i.window_closes_ms)
FROM mail_item i
WHERE i.mail_id IS NULL AND i.dropped_ms IS NULL
GROUP BY 1, 2 ORDER BY 5, 1, 2
