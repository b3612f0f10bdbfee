-- Finds the mails of an account, or of one of its senders, whose next try is due.
SELECT mail_id, customer_id, message_id, recipient, subject, raw, state, attempts, next_try_ms, last_error, created_ms,
  sent_ms, kind, partner_id, account, sender, bounced_ms, bounce, cancelled_ms, transport
FROM mail WHERE state = 'composed' AND account = :account AND next_try_ms <= :now_ms
  AND (CAST(:sender AS TEXT) IS NULL OR sender = :sender)
ORDER BY next_try_ms, mail_id LIMIT :limit
