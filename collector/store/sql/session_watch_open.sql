-- Watches a session whose attribution is not the last word.
INSERT INTO session_watch (session_id) VALUES (:session_id) ON CONFLICT (session_id) DO NOTHING
