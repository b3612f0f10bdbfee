-- Watches a session that has ended and whose present state was not attributed yet.
INSERT INTO session_watch (session_id, changed, pending)
SELECT s.session_id, 1, 0 FROM session s
WHERE s.session_id = :session_id AND s.outcome IN ('completed', 'abandoned', 'partial')
  AND NOT EXISTS (
    SELECT 1 FROM attribution a WHERE a.session_id = s.session_id AND a.session_revision = s.revision)
ON CONFLICT (session_id) DO UPDATE SET changed = 1
