-- Finds a mail by what its Message-ID says.
SELECT mail_id, customer_id, message_id, recipient, subject, raw, state, attempts, next_try_ms, last_error, created_ms,
  sent_ms, kind, partner_id, account, sender, bounced_ms, bounce, cancelled_ms, transport
FROM mail WHERE message_id = :message_id
