-- Fetches what was not told yet of a customer, or to one of his readers.
SELECT mail_item_id, customer_id, session_id, entry_id, window_closes_ms, mail_id, created_ms, kind, partner_id, notice_id
FROM mail_item
WHERE customer_id = :customer_id AND mail_id IS NULL AND dropped_ms IS NULL
  AND (CAST(:kind AS TEXT) IS NULL OR (kind = :kind AND COALESCE(partner_id, 0) = :partner_id))
ORDER BY mail_item_id
