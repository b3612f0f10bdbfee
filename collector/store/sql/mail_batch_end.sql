-- Everything was told to a reader, or is not to be told: nothing waits for him.
DELETE FROM mail_batch
WHERE customer_id = :customer_id AND kind = :kind AND partner_id = :partner_id AND NOT EXISTS (
  SELECT 1 FROM mail_item i
  WHERE i.customer_id = :customer_id AND i.kind = :kind AND COALESCE(i.partner_id, 0) = :partner_id
    AND i.mail_id IS NULL AND i.dropped_ms IS NULL)
