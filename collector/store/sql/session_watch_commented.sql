-- Watches the sessions that a new comment may belong to.
INSERT INTO session_watch (session_id, changed, pending)
SELECT s.session_id, 1, 0 FROM session s
WHERE s.remote_id = :remote_id
  AND COALESCE(s.started_ms, s.requested_ms, s.ended_ms, s.last_seen_ms) BETWEEN :from_ms AND :to_ms
  AND s.outcome IN ('completed', 'abandoned', 'partial')
ON CONFLICT (session_id) DO UPDATE SET changed = 1
