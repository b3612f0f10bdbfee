-- Finds the mails that were in the middle of being sent.
SELECT mail_id, customer_id, message_id, recipient, subject, raw, state, attempts, next_try_ms, last_error, created_ms,
  sent_ms
FROM mail WHERE state = 'sending' ORDER BY mail_id
