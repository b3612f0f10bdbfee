-- Lists the numbers of mails, newest first.
SELECT m.mail_id
FROM mail m
LEFT JOIN customer c ON c.customer_id = m.customer_id
WHERE (CAST(:state AS TEXT) IS NULL OR CASE WHEN m.cancelled_ms IS NOT NULL THEN 'cancelled'
    WHEN m.bounced_ms IS NOT NULL THEN 'bounced' ELSE m.state END = :state)
  AND (CAST(:kind AS TEXT) IS NULL OR m.kind = :kind)
  AND (CAST(:customer AS TEXT) IS NULL OR c.code = :customer)
  AND (CAST(:recipient AS TEXT) IS NULL OR LOWER(m.recipient) LIKE :recipient ESCAPE '!')
  AND m.created_ms >= :from_ms AND m.created_ms < :to_ms AND m.mail_id < :before_id
ORDER BY m.mail_id DESC LIMIT :limit
