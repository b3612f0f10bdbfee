-- Ends the watch over sessions whose newest attribution is ready and knows all there is to know.
DELETE FROM session_watch WHERE session_id IN (
  SELECT w.session_id
  FROM session_watch w
  CROSS JOIN session s
  JOIN attribution a
    ON a.attribution_id = (SELECT MAX(l.attribution_id) FROM attribution l WHERE l.session_id = s.session_id)
  WHERE s.session_id = w.session_id AND w.changed = 1 AND w.asked = 0 AND w.neighbour = 0
    AND a.disposition = 'ready' AND a.session_revision = s.revision
    AND NOT EXISTS (
      SELECT 1 FROM session_comment c
      WHERE c.remote_id = s.remote_id
        AND c.started_ms BETWEEN COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms) - :tolerance_ms
                             AND COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms) + :tolerance_ms
        AND c.comment_id > a.comments_seen_id))
