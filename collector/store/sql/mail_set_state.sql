-- Notes what became of sending a mail.
UPDATE mail SET state = :state, attempts = :attempts, next_try_ms = :next_try_ms, last_error = :last_error,
  sent_ms = :sent_ms
WHERE mail_id = :mail_id
