-- Lists what waits to be told, by reader.
SELECT b.customer_id, b.kind, b.partner_id, COUNT(*), MIN(i.created_ms), b.closes_ms
FROM mail_batch b
JOIN mail_item i ON i.customer_id = b.customer_id AND i.kind = b.kind AND COALESCE(i.partner_id, 0) = b.partner_id
WHERE i.mail_id IS NULL AND i.dropped_ms IS NULL AND (CAST(:customer_id AS BIGINT) IS NULL OR b.customer_id = :customer_id)
GROUP BY b.customer_id, b.kind, b.partner_id, b.closes_ms ORDER BY b.closes_ms, b.customer_id, b.kind DESC, b.partner_id
