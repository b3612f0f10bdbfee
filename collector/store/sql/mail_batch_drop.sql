-- Takes out all that waits for a reader: a person gave it up.
UPDATE mail_item SET dropped_ms = :now_ms
WHERE customer_id = :customer_id AND kind = :kind AND COALESCE(partner_id, 0) = :partner_id
  AND mail_id IS NULL AND dropped_ms IS NULL
