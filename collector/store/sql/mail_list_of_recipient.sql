-- Lists what an address was sent, newest first.
SELECT mail_id, customer_id, message_id, recipient, subject, raw, state, attempts, next_try_ms, last_error, created_ms,
  sent_ms, kind, partner_id, account, sender, bounced_ms, bounce, cancelled_ms, transport
FROM mail WHERE LOWER(recipient) = LOWER(:recipient) AND state IN ('sent', 'uncertain') AND created_ms >= :from_ms
ORDER BY mail_id DESC LIMIT :limit
