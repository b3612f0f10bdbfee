-- Finds the sessions that stand behind a place in the list of those of which an adjustment waits for a person.
SELECT s.session_id, COALESCE(a.stated_start_ms, COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0))
FROM session s
LEFT JOIN attribution a
  ON a.attribution_id = (SELECT MAX(l.attribution_id) FROM attribution l WHERE l.session_id = s.session_id)
WHERE s.session_id IN (
    SELECT x.session_id FROM adjustment x
    WHERE x.waits = 1 AND NOT EXISTS (SELECT 1 FROM adjustment_decision z WHERE z.adjustment_id = x.adjustment_id))
  AND COALESCE(a.stated_start_ms, COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0)) >= :from_ms
  AND COALESCE(a.stated_start_ms, COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0)) <= :place_ms
  AND (COALESCE(a.stated_start_ms, COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0)) < :place_ms OR s.session_id < :place_id)
ORDER BY COALESCE(a.stated_start_ms, COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0)) DESC, s.session_id DESC
LIMIT :limit
