-- Finds the comment an attribution used.
SELECT comment_id, remote_id, anydesk_id, started_ms, text, source, imported_ms
FROM session_comment WHERE comment_id = :comment_id
