-- Finds the mails of an account that were in the middle of being sent.
SELECT mail_id, customer_id, message_id, recipient, subject, raw, state, attempts, next_try_ms, last_error, created_ms,
  sent_ms, kind, partner_id, account, sender, bounced_ms, bounce, cancelled_ms, transport
FROM mail WHERE state = 'sending' AND account = :account ORDER BY mail_id
