-- Finds a session of a customer in review that ended at or after a moment.
SELECT MIN(s.session_id)
FROM session_watch w
CROSS JOIN session s
JOIN attribution a ON a.attribution_id = (SELECT MAX(l.attribution_id) FROM attribution l WHERE l.session_id = s.session_id)
WHERE s.session_id = w.session_id AND a.customer_id = :customer_id AND a.disposition = 'review'
  AND COALESCE(a.stated_end_ms, s.ended_ms, s.last_seen_ms, a.stated_start_ms, s.started_ms, s.requested_ms, 0) >= :from_ms
