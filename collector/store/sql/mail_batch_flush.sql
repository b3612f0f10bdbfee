-- Closes the windows of one customer, or of all, and waits for nothing any more but for an address.
UPDATE mail_batch SET closes_ms = CASE WHEN closes_ms > :now_ms THEN :now_ms ELSE closes_ms END, held_by = 'flushed',
  detail = '', session_id = NULL, since_ms = :now_ms, until_ms = :now_ms, look_ms = :now_ms,
  directory_version = 9223372036854775807
WHERE held_by <> 'no_address' AND (CAST(:customer_id AS BIGINT) IS NULL OR customer_id = :customer_id)
