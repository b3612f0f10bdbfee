-- Lists when the sessions that began in a span of time were served, and by whom, to see which overlap.
SELECT s.session_id, a.technician_id, COALESCE(a.stated_start_ms, s.started_ms), COALESCE(a.stated_end_ms, s.ended_ms)
FROM session s
JOIN attribution a
  ON a.attribution_id = (SELECT MAX(l.attribution_id) FROM attribution l WHERE l.session_id = s.session_id)
WHERE COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0) >= :from_ms AND COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0) < :to_ms
  AND a.technician_id IS NOT NULL AND s.outcome <> 'failed'
  AND COALESCE(a.stated_end_ms, s.ended_ms) >= COALESCE(a.stated_start_ms, s.started_ms)
  AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.session_id = s.session_id AND d.withdrawn = 1)
