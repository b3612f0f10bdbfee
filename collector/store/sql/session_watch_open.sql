-- Watches a session whose attribution is not the last word.
INSERT INTO session_watch (session_id, changed, pending) VALUES (:session_id, 0, :pending)
ON CONFLICT (session_id) DO UPDATE SET changed = excluded.changed, asked = 0, neighbour = 0, pending = excluded.pending
