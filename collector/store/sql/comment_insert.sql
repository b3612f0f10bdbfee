-- Imports a comment; one that is there already stays as it is.
INSERT INTO session_comment (remote_id, anydesk_id, started_ms, text, text_sha256, source, imported_ms)
VALUES (:remote_id, :anydesk_id, :started_ms, :text, :text_sha256, :source, :imported_ms)
ON CONFLICT (source, remote_id, anydesk_id, started_ms, text_sha256) DO NOTHING
RETURNING comment_id
