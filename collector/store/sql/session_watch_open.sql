-- Watches a session whose attribution is not the last word, and whether it has an entry that is not reversed.
INSERT INTO session_watch (session_id, changed, pending, posted)
VALUES (:session_id, 0, :pending, CASE WHEN EXISTS (
  SELECT 1 FROM entry e LEFT JOIN entry r ON r.reverses_entry_id = e.entry_id
  WHERE e.session_id = :session_id AND e.kind <> 'reversal' AND r.entry_id IS NULL) THEN 1 ELSE 0 END)
ON CONFLICT (session_id) DO UPDATE
  SET changed = excluded.changed, asked = 0, pending = excluded.pending, posted = excluded.posted
