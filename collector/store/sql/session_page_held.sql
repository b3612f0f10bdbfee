-- Finds the sessions that stand behind a place in the list of those whose contract had not enough left.
SELECT s.session_id, COALESCE(a.stated_start_ms, COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0))
FROM session s
LEFT JOIN attribution a
  ON a.attribution_id = (SELECT MAX(l.attribution_id) FROM attribution l WHERE l.session_id = s.session_id)
WHERE s.session_id IN (
    SELECT p.session_id FROM entry e JOIN charge_part p ON p.charge_id = e.charge_id WHERE e.kind = 'hold')
  AND COALESCE(a.stated_start_ms, COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0)) >= :from_ms
  AND COALESCE(a.stated_start_ms, COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0)) <= :place_ms
  AND (COALESCE(a.stated_start_ms, COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0)) < :place_ms OR s.session_id < :place_id)
ORDER BY COALESCE(a.stated_start_ms, COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms, 0)) DESC, s.session_id DESC
LIMIT :limit
