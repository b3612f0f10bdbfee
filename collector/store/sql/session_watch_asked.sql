-- Notes that a person changed something about a session, so that it is attributed again.
INSERT INTO session_watch (session_id, changed, pending, asked)
SELECT s.session_id, 1, 0, 1 FROM session s
WHERE s.session_id = :session_id AND s.outcome IN ('completed', 'abandoned', 'partial')
ON CONFLICT (session_id) DO UPDATE SET changed = 1, asked = 1
