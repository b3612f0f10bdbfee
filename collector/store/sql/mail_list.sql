-- Lists mails, newest first.
SELECT mail_id, customer_id, message_id, recipient, subject, raw, state, attempts, next_try_ms, last_error, created_ms,
  sent_ms
FROM mail WHERE CAST(:state AS TEXT) IS NULL OR state = :state ORDER BY mail_id DESC LIMIT :limit
