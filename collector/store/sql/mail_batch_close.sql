-- Closes the windows of one customer, or of all.
UPDATE mail_item SET window_closes_ms = :now_ms
WHERE mail_id IS NULL AND dropped_ms IS NULL AND window_closes_ms > :now_ms
  AND (CAST(:customer_id AS BIGINT) IS NULL OR customer_id = :customer_id)
