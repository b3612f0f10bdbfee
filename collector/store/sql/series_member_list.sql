-- Lists the sessions of a series, in order of start.
SELECT m.session_id
FROM series_member m JOIN session s ON s.session_id = m.session_id
WHERE m.series_id = :series_id
  AND m.series_member_id = (SELECT MAX(l.series_member_id) FROM series_member l WHERE l.session_id = m.session_id)
ORDER BY COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms), s.session_id
