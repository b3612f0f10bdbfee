-- Watches the attributed sessions beside one that changed.
INSERT INTO session_watch (session_id, changed, pending, neighbour)
SELECT s.session_id, 1, 0, 1 FROM session s
WHERE s.remote_id = :remote_id
  AND COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms) BETWEEN :from_ms AND :to_ms
  AND s.session_id <> :session_id AND s.outcome IN ('completed', 'abandoned', 'partial')
  AND EXISTS (SELECT 1 FROM attribution a WHERE a.session_id = s.session_id)
ON CONFLICT (session_id) DO UPDATE SET changed = 1, neighbour = 1
