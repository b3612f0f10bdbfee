-- Keeps why what waits for a reader is not composed yet.
UPDATE mail_batch SET held_by = :reason, detail = :detail, session_id = :session_id, since_ms = :since_ms,
  until_ms = :until_ms, look_ms = :look_ms, directory_version = :directory_version
WHERE customer_id = :customer_id AND kind = :kind AND partner_id = :partner_id
