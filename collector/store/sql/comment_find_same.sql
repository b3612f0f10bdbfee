-- Finds the comment that was imported before.
SELECT comment_id FROM session_comment
WHERE source = :source AND remote_id = :remote_id AND anydesk_id = :anydesk_id AND started_ms = :started_ms
  AND text_sha256 = :text_sha256
