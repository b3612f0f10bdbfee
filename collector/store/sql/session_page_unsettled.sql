-- Finds the sessions that stand behind a place in the list of those that are not attributed for good.
SELECT s.session_id, COALESCE(a.stated_start_ms, COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0))
FROM session_watch w
CROSS JOIN session s
LEFT JOIN attribution a
  ON a.attribution_id = (SELECT MAX(l.attribution_id) FROM attribution l WHERE l.session_id = s.session_id)
WHERE s.session_id = w.session_id AND COALESCE(a.disposition, '') <> 'ready'
  AND COALESCE(a.stated_start_ms, COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0)) >= :from_ms
  AND COALESCE(a.stated_start_ms, COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0)) <= :place_ms
  AND (COALESCE(a.stated_start_ms, COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0)) < :place_ms OR s.session_id < :place_id)
ORDER BY COALESCE(a.stated_start_ms, COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0)) DESC, s.session_id DESC
LIMIT :limit
