-- Finds the sessions that stand behind a place in the list of all, of those whose start a person stated.
SELECT a.session_id, a.stated_start_ms
FROM attribution a
WHERE a.stated_start_ms >= :from_ms AND a.stated_start_ms <= :place_ms
  AND COALESCE(a.stated_start_ms, a.stated_end_ms) IS NOT NULL
  AND (a.stated_start_ms < :place_ms OR a.session_id < :place_id)
  AND a.attribution_id = (SELECT MAX(l.attribution_id) FROM attribution l WHERE l.session_id = a.session_id)
ORDER BY a.stated_start_ms DESC, a.session_id DESC
LIMIT :limit
