-- Finds the comments that may belong to a session.
SELECT comment_id, remote_id, anydesk_id, started_ms, text, source, imported_ms
FROM session_comment WHERE remote_id = :remote_id AND started_ms BETWEEN :from_ms AND :to_ms
ORDER BY started_ms, comment_id
