-- Of the sessions attribution has to look at, finds those that waited long enough for their comment.
SELECT s.session_id
FROM session_watch w
CROSS JOIN session s
JOIN attribution a
  ON a.attribution_id = (SELECT MAX(l.attribution_id) FROM attribution l WHERE l.session_id = s.session_id)
WHERE s.session_id = w.session_id AND w.pending = 1
  AND s.outcome IN ('completed', 'abandoned', 'partial')
  AND a.disposition = 'pending_comment' AND COALESCE(a.stated_end_ms, s.ended_ms) + :wait_ms < :now_ms
ORDER BY w.session_id LIMIT :limit
