-- Lists the remote addresses for which sessions wait in review for one reason, the newest session first.
SELECT LOWER(s.remote_id), COUNT(*),
  CAST(SUM(CASE WHEN s.ended_ms > s.started_ms THEN (s.ended_ms - s.started_ms) / 1000 * 1000 ELSE 0 END) AS BIGINT),
  MIN(COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms)),
  MAX(COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms)) AS newest_ms
FROM session_watch w
CROSS JOIN session s
JOIN attribution a
  ON a.attribution_id = (SELECT MAX(l.attribution_id) FROM attribution l WHERE l.session_id = s.session_id)
WHERE s.session_id = w.session_id AND s.remote_id <> ''
  AND a.disposition = 'review' AND a.reasons LIKE '%"' || :reason || '"%'
GROUP BY LOWER(s.remote_id) ORDER BY newest_ms DESC, LOWER(s.remote_id) LIMIT :limit
