-- Counts mails by account, kind and state.
SELECT account, kind,
  CASE WHEN cancelled_ms IS NOT NULL THEN 'cancelled' WHEN bounced_ms IS NOT NULL THEN 'bounced' ELSE state END, COUNT(*),
  MIN(created_ms), MAX(created_ms)
FROM mail GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
